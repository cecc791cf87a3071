//! Korean for sentences made of data: particles after any word, and well-known translations of stored words.

/// A pair of forms of a particle: after a final consonant, after a vowel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Josa {
    /// 은/는: the topic.
    Topic,
    /// 이/가: the subject.
    Subject,
    /// 을/를: the object.
    Object,
    /// 으로/로: the way or the goal; after ㄹ it is 로.
    Toward,
    /// 과/와: and.
    With,
    /// 이/(nothing): before a form of 이다 that may be shortened.
    Copula,
}

/// How a word ends when it is read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Vowel,
    Rieul,
    Consonant,
}

/// `word` with the particle that fits its reading: `서버` → `서버는`, `43` → `43은`, `srv-erp-01` → `srv-erp-01은`.
pub fn with(word: &str, josa: Josa) -> String {
    format!("{word}{}", particle(word, josa))
}

/// The particle that fits the reading of `word`.
pub fn particle(word: &str, josa: Josa) -> &'static str {
    let closed = end(word) != End::Vowel;
    match josa {
        Josa::Topic => pick(closed, "은", "는"),
        Josa::Subject => pick(closed, "이", "가"),
        Josa::Object => pick(closed, "을", "를"),
        Josa::With => pick(closed, "과", "와"),
        Josa::Copula => pick(closed, "이", ""),
        Josa::Toward => pick(end(word) == End::Consonant, "으로", "로"),
    }
}

fn pick(closed: bool, after_consonant: &'static str, after_vowel: &'static str) -> &'static str {
    if closed { after_consonant } else { after_vowel }
}

fn end(word: &str) -> End {
    let spoken = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
    let Some(last) = spoken.chars().last() else { return End::Vowel };
    match last {
        '가'..='힣' => match (u32::from(last) - 0xAC00) % 28 {
            0 => End::Vowel,
            8 => End::Rieul,
            _ => End::Consonant,
        },
        '1' | '7' | '8' => End::Rieul,
        '3' | '6' => End::Consonant,
        '0' => End::Consonant,
        c if c.is_ascii_alphabetic() => latin_end(spoken),
        _ => End::Vowel,
    }
}

/// English words are read by rules of thumb: `l` ends in ㄹ, `m`, `n` and `ng` in a nasal, a short syllable closed by
/// `p`, `t`, `k` or `b` in a stop (`app`, `web`, `net`); everything else in a vowel.
fn latin_end(word: &str) -> End {
    let tail: Vec<char> =
        word.chars().rev().take_while(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let acronym = word.chars().rev().take(tail.len()).all(|c| c.is_ascii_uppercase());
    let vowel = |c: Option<&char>| c.is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
    match tail.first() {
        Some('l') => End::Rieul,
        Some('r') if acronym => End::Rieul,
        Some('m' | 'n') => End::Consonant,
        Some('g') if tail.get(1) == Some(&'n') => End::Consonant,
        Some('p' | 't' | 'k' | 'b') if !acronym && tail.len() <= 4 => {
            let doubled = tail.first() == tail.get(1);
            let before = if doubled { tail.get(2) } else { tail.get(1) };
            let long = vowel(before) && vowel(tail.get(if doubled { 3 } else { 2 }));
            if vowel(before) && !long { End::Consonant } else { End::Vowel }
        }
        _ => End::Vowel,
    }
}

/// A unit as it is written after a number in Korean: `min` → `분`.
pub fn unit(unit: &str) -> &str {
    match unit {
        "s" | "sec" | "second" | "seconds" => "초",
        "min" | "minute" | "minutes" => "분",
        "h" | "hr" | "hour" | "hours" => "시간",
        "d" | "day" | "days" => "일",
        "hop" | "hops" => "단계",
        other => other,
    }
}

/// The usual Korean for a word that operations systems store in English; `None` where there is no fixed one.
pub fn translation(word: &str) -> Option<&'static str> {
    let lower = word.trim().to_ascii_lowercase();
    Some(match lower.as_str() {
        "success" | "succeeded" | "successful" => "성공",
        "fail" | "failed" | "failure" => "실패",
        "degraded" => "성능 저하",
        "partial" => "일부 성공",
        "cancelled" | "canceled" => "취소",
        "rolled_back" | "rollback" => "되돌림",
        "timeout" | "timed_out" => "시간 초과",
        "reboot" | "restart" => "재부팅",
        "patch" => "패치",
        "upgrade" => "업그레이드",
        "backup" => "백업",
        "inspection" => "점검",
        "replacement" | "replace" => "교체",
        "deployment" | "deploy" => "배포",
        "migration" => "이전",
        "active" => "사용 중",
        "inactive" => "사용 안 함",
        "maintenance" => "유지보수",
        "retired" | "decommissioned" => "폐기",
        "planned" => "계획됨",
        "pending" => "대기",
        "running" => "실행 중",
        "stopped" => "중지",
        "open" => "열림",
        "closed" => "닫힘",
        "resolved" => "해결됨",
        "in_progress" => "진행 중",
        "critical" => "심각",
        "major" => "중대",
        "minor" => "경미",
        "warning" => "경고",
        "high" => "높음",
        "medium" => "보통",
        "low" => "낮음",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_follow_the_reading_of_the_word() {
        assert_eq!(with("서버", Josa::Topic), "서버는");
        assert_eq!(with("이벤트 수", Josa::Subject), "이벤트 수가");
        assert_eq!(with("항목", Josa::Object), "항목을");
        assert_eq!(with("서울", Josa::Toward), "서울로");
        assert_eq!(with("부산", Josa::Toward), "부산으로");
        assert_eq!(with("43", Josa::Topic), "43은");
        assert_eq!(with("24", Josa::Topic), "24는");
        assert_eq!(with("1", Josa::Toward), "1로");
        assert_eq!(with("76.79%", Josa::Topic), "76.79%는");
        assert_eq!(with("web", Josa::Topic), "web은");
        assert_eq!(with("host", Josa::Topic), "host는");
        assert_eq!(with("ERP", Josa::Subject), "ERP가");
        assert_eq!(with("success(성공)", Josa::Topic), "success(성공)은");
        assert_eq!(with("", Josa::Topic), "는");
    }
}
