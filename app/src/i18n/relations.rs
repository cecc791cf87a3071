//! Texts: relation types.

use model::schema::Travel;

use super::{common::plural, number, t, texts};

texts! {
    /// Relation types.
    Relations {
        title => "관계 종류", "Relation types";
        lead => "장애가 어느 쪽으로 퍼지는지 정합니다. 영향과 원인을 찾을 때 이대로 따라갑니다.", "Say which way failures travel. Impact and root causes follow it.";
        search => "관계 종류 찾기", "Search relation types";
        c_type => "종류", "Type";
        c_count => "관계", "Relations";
        c_rows => "행", "Rows";
        c_links => "잇는 항목", "Joins";
        c_way => "장애가 퍼지는 방향", "Failures travel";
        c_why => "근거", "Why";
        c_who => "정한 사람", "Decided by";
        way_of(what: &str) => format!("{what} 관계에서 장애가 퍼지는 방향"), format!("Which way failures travel along {what}");
        to_source => "도착 → 출발", "target → source";
        to_target => "출발 → 도착", "source → target";
        both => "양쪽으로", "both ways";
        none => "퍼지지 않음", "not at all";
        to_source_means => "도착이 멈추면 출발도 영향을 받습니다", "when the target fails, the source is affected";
        to_target_means => "출발이 멈추면 도착도 영향을 받습니다", "when the source fails, the target is affected";
        both_means => "한쪽이 멈추면 다른 쪽도 영향을 받습니다", "when either fails, the other is affected";
        none_means => "영향을 따라갈 때 지나가지 않습니다", "impact does not follow it";
        undecided => "정하지 않음", "undecided";
        undecided_means => "정할 때까지 장애가 퍼지지 않는 것으로 봅니다", "until decided, failures do not travel";
        undecided_n(n: u64) => format!("{}가지를 아직 정하지 않았습니다. 정할 때까지 영향에서 빠집니다.", number(n)), format!("{} undecided and left out of impact until somebody decides.", plural(n, "type is", "types are"));
        suggest(way: &str) => format!("제안: {way}"), format!("suggested: {way}");
        take(way: &str) => format!("제안대로 {way}"), format!("Take the suggestion {way}");
        take_all => "제안대로 모두 정하기", "Take every suggestion";
        by_mapping => "매핑", "mapping";
        saved(what: &str) => format!("{what}: 저장했습니다"), format!("{what}: saved");
        saved_all(n: u64) => format!("{}가지를 정했습니다", number(n)), format!("{} decided", plural(n, "type", "types"));
        empty => "관계가 아직 없습니다", "There are no relations yet";
        empty_text => "관계를 가져오면 종류마다 장애가 퍼지는 방향을 여기에서 정합니다.", "Import relations, then say here which way failures travel along each type.";
        read_only => "바꾸려면 개발자 이상의 권한이 필요합니다.", "Changing this needs the role of a developer or more.";
        in_file(n: u64) => format!("이 파일의 관계 종류 {}", number(n)), format!("{} in this file", plural(n, "relation type", "relation types"));
        in_file_note(rows: u64) => format!("{}행을 모두 세었습니다", number(rows)), format!("all {} counted", plural(rows, "row", "rows"));
        counting => "관계 종류를 모든 행에서 세는 중입니다", "Counting relation types in every row";
        more(n: u64) => format!("{}가지가 더 있습니다. 가져온 뒤 ‘관계 종류’에서 정하세요.", number(n)), format!("{} more; decide them under Relation types after the import.", number(n));
        unsure => "확인 필요", "to check";
        later => "나중에 ‘관계 종류’에서 바꿀 수 있습니다", "It can be changed later under Relation types";
    }
}

impl Relations {
    /// A way, in a word or two.
    pub fn way(self, travel: Travel) -> &'static str {
        match travel {
            Travel::ToSource => self.to_source(),
            Travel::ToTarget => self.to_target(),
            Travel::Both => self.both(),
            Travel::None => self.none(),
        }
    }

    /// What a way means.
    pub fn means(self, travel: Travel) -> &'static str {
        match travel {
            Travel::ToSource => self.to_source_means(),
            Travel::ToTarget => self.to_target_means(),
            Travel::Both => self.both_means(),
            Travel::None => self.none_means(),
        }
    }
}

/// The ways as a person chooses from them.
pub fn ways() -> Vec<(String, &'static str)> {
    let text = t().relations;
    Travel::ALL.into_iter().map(|travel| (travel.word().to_owned(), text.way(travel))).collect()
}
