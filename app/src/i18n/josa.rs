//! Korean particles: which of two forms follows a word depends on whether its last sound is a final consonant.

/// The word with the right one of two particles: `josa("서버", "은/는")` is `서버는`, `josa("db-01", "이/가")` is `db-01이`.
///
/// `(으)로` is written `으로/로`; a final ㄹ counts as a vowel for it. Latin letters and digits are taken as they are read.
pub fn josa(word: &str, pair: &str) -> String {
    let (closed, open) = pair.split_once('/').unwrap_or((pair, pair));
    let final_sound = word.chars().rev().find(|c| c.is_alphanumeric()).map_or(Final::None, sound);
    let use_closed = match final_sound {
        Final::None => false,
        Final::Rieul => closed != "으로",
        Final::Other => true,
    };
    format!("{word}{}", if use_closed { closed } else { open })
}

enum Final {
    None,
    Rieul,
    Other,
}

fn sound(c: char) -> Final {
    match c {
        '가'..='힣' => match (c as u32 - 0xAC00) % 28 {
            0 => Final::None,
            8 => Final::Rieul,
            _ => Final::Other,
        },
        // 영 일 이 삼 사 오 육 칠 팔 구
        '1' | '7' | '8' => Final::Rieul,
        '0' | '3' | '6' => Final::Other,
        '2' | '4' | '5' | '9' => Final::None,
        // 엘 알, 엠 엔; the other names of letters end in a vowel
        'l' | 'L' | 'r' | 'R' => Final::Rieul,
        'm' | 'M' | 'n' | 'N' => Final::Other,
        _ => Final::None,
    }
}

#[cfg(test)]
mod tests {
    use super::josa;

    #[test]
    fn the_particle_follows_the_last_sound() {
        assert_eq!(josa("서버", "은/는"), "서버는");
        assert_eq!(josa("이벤트들", "을/를"), "이벤트들을");
        assert_eq!(josa("db-01", "이/가"), "db-01이");
        assert_eq!(josa("web-02", "이/가"), "web-02가");
    }

    #[test]
    fn a_final_rieul_takes_ro() {
        assert_eq!(josa("서울", "으로/로"), "서울로");
        assert_eq!(josa("부산", "으로/로"), "부산으로");
        assert_eq!(josa("app-1", "으로/로"), "app-1로");
    }

    #[test]
    fn signs_after_the_word_are_passed_over() {
        assert_eq!(josa("“결제”", "과/와"), "“결제”와");
    }
}
