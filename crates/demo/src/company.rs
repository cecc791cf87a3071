//! Whose estate it is: line of business, name, language, teams, places.

use model::Localized;

use crate::rng::Rng;

/// A part of the business: word in codes, Korean, English.
pub(crate) type Domain = (&'static str, &'static str, &'static str);

/// A line of business.
struct Profile {
    suffix: (&'static str, &'static str),
    domains: &'static [Domain],
    /// Load of Saturday and Sunday, 1 being a working day.
    weekend: f64,
    /// Hours of the two peaks.
    peaks: (f64, f64),
}

const PROFILES: &[Profile] = &[
    Profile {
        suffix: ("리테일", "Retail"),
        domains: &[
            ("order", "주문", "Order"),
            ("pay", "결제", "Payment"),
            ("catalog", "상품", "Catalog"),
            ("member", "회원", "Member"),
            ("delivery", "배송", "Delivery"),
            ("promo", "프로모션", "Promotion"),
            ("review", "리뷰", "Review"),
            ("settle", "정산", "Settlement"),
        ],
        weekend: 1.25,
        peaks: (12.5, 21.0),
    },
    Profile {
        suffix: ("로지스", "Logistics"),
        domains: &[
            ("dispatch", "배차", "Dispatch"),
            ("track", "화물추적", "Tracking"),
            ("warehouse", "창고", "Warehouse"),
            ("route", "경로", "Routing"),
            ("customs", "통관", "Customs"),
            ("billing", "운임정산", "Billing"),
            ("fleet", "차량관제", "Fleet"),
            ("partner", "협력사", "Partner"),
        ],
        weekend: 0.6,
        peaks: (8.5, 17.5),
    },
    Profile {
        suffix: ("은행", "Bank"),
        domains: &[
            ("deposit", "수신", "Deposit"),
            ("loan", "여신", "Loan"),
            ("transfer", "이체", "Transfer"),
            ("card", "카드", "Card"),
            ("fx", "외환", "Foreign exchange"),
            ("auth", "인증", "Authentication"),
            ("fraud", "이상거래", "Fraud"),
            ("report", "보고", "Reporting"),
        ],
        weekend: 0.45,
        peaks: (10.5, 15.0),
    },
    Profile {
        suffix: ("제조", "Industries"),
        domains: &[
            ("mes", "생산관리", "Manufacturing"),
            ("quality", "품질", "Quality"),
            ("plan", "생산계획", "Planning"),
            ("parts", "자재", "Parts"),
            ("equip", "설비", "Equipment"),
            ("energy", "에너지", "Energy"),
            ("safety", "안전", "Safety"),
            ("ship", "출하", "Shipping"),
        ],
        weekend: 0.7,
        peaks: (9.5, 20.0),
    },
    Profile {
        suffix: ("병원", "Hospital"),
        domains: &[
            ("emr", "전자의무기록", "Medical records"),
            ("book", "예약", "Booking"),
            ("lab", "검사", "Laboratory"),
            ("image", "영상", "Imaging"),
            ("pharm", "약제", "Pharmacy"),
            ("ward", "병동", "Ward"),
            ("claim", "보험청구", "Claims"),
            ("portal", "환자포털", "Patient portal"),
        ],
        weekend: 0.5,
        peaks: (9.5, 14.0),
    },
];

const NAMES: &[(&str, &str)] = &[
    ("한빛", "Hanbit"),
    ("새롬", "Saerom"),
    ("가온", "Gaon"),
    ("누리", "Nuri"),
    ("다온", "Daon"),
    ("미르", "Mir"),
    ("아라", "Ara"),
    ("도담", "Dodam"),
    ("해솔", "Haesol"),
    ("늘봄", "Neulbom"),
    ("온새", "Onsae"),
    ("바른", "Bareun"),
    ("이든", "Eden"),
    ("라온", "Raon"),
];

const PLACES: &[(&str, &str)] = &[
    ("서울 1센터", "Seoul-1"),
    ("판교센터", "Pangyo"),
    ("부산센터", "Busan"),
    ("대전센터", "Daejeon"),
    ("안양센터", "Anyang"),
    ("춘천센터", "Chuncheon"),
];

const PEOPLE: &[(&str, &str)] = &[
    ("김서준", "Seojun Kim"),
    ("이하은", "Haeun Lee"),
    ("박도윤", "Doyun Park"),
    ("최지우", "Jiwoo Choi"),
    ("정예린", "Yerin Jung"),
    ("강민재", "Minjae Kang"),
    ("조수아", "Sua Cho"),
    ("윤태오", "Taeo Yoon"),
    ("장은우", "Eunwoo Jang"),
    ("임나연", "Nayeon Lim"),
];

/// The company.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    ko: &'static str,
    en: &'static str,
    suffix: (&'static str, &'static str),
    pub domains: &'static [Domain],
    pub weekend: f64,
    pub peaks: (f64, f64),
    /// Names of items and people are Korean.
    pub korean: bool,
    /// Applications run in containers, not straight on machines.
    pub containers: bool,
    pub places: Vec<(&'static str, &'static str)>,
}

impl Company {
    pub fn choose(rng: &mut Rng) -> Self {
        let fallback = ("한빛", "Hanbit");
        let (ko, en) = rng.pick(NAMES).copied().unwrap_or(fallback);
        let mut places = PLACES.to_vec();
        rng.shuffle(&mut places);
        places.truncate(2 + rng.below(2));
        let chosen = rng.below(PROFILES.len());
        let korean = rng.chance(0.7);
        let containers = rng.chance(0.7);
        let (suffix, domains, weekend, peaks) = match PROFILES.get(chosen) {
            Some(profile) => (profile.suffix, profile.domains, profile.weekend, profile.peaks),
            None => (("리테일", "Retail"), [].as_slice(), 1.0, (12.0, 20.0)),
        };
        Self { ko, en, suffix, domains, weekend, peaks, korean, containers, places }
    }

    /// Name in both languages.
    pub fn name(&self) -> Localized {
        Localized::new(format!("{}{}", self.ko, self.suffix.0), format!("{} {}", self.en, self.suffix.1))
    }

    /// What stands before codes.
    pub fn prefix(&self) -> String {
        self.en.to_lowercase()
    }

    /// The Korean or the English text, as the company speaks.
    pub fn say<'t>(&self, ko: &'t str, en: &'t str) -> &'t str {
        if self.korean { ko } else { en }
    }

    /// One of the people.
    pub fn person(&self, rng: &mut Rng) -> &'static str {
        let (ko, en) = rng.pick(PEOPLE).copied().unwrap_or_default();
        if self.korean { ko } else { en }
    }

    /// A team by what it looks after.
    pub fn team(&self, of: &str) -> String {
        match (of, self.korean) {
            ("db", true) => "DBA팀".to_owned(),
            ("db", false) => "dba".to_owned(),
            ("network", true) => "네트워크팀".to_owned(),
            ("network", false) => "network".to_owned(),
            ("infra", true) => "인프라운영팀".to_owned(),
            ("infra", false) => "infrastructure".to_owned(),
            ("platform", true) => "플랫폼팀".to_owned(),
            ("platform", false) => "platform".to_owned(),
            (domain, true) => format!("{domain}개발팀"),
            (domain, false) => format!("{}-dev", domain.to_lowercase().replace(' ', "-")),
        }
    }
}
