//! The command line in Korean: what each command and argument is for, and what is wrong with arguments.

use std::error::Error as _;

use clap::{
    Arg, ArgAction, Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// What commands and arguments are for: `command`, `command.argument`; those of every command begin with a dot.
const ABOUT: &[(&str, &str)] = &[
    ("", "운영하는 것에 대한 질문에 근거와 함께 답합니다."),
    (".data_dir", "데이터 폴더 (TOBIT_DATA_DIR)"),
    (".log", "로그 필터. 예: info,services=debug (TOBIT_LOG)"),
    (".tenant", "작업할 조직. 하나뿐이면 생략할 수 있습니다"),
    (".help", "도움말을 보여 줍니다"),
    (".version", "버전을 보여 줍니다"),
    ("help", "명령의 도움말을 보여 줍니다"),
    ("serve", "웹 서버를 실행합니다 (기본 명령)"),
    ("serve.addr", "들을 주소와 포트 (TOBIT_ADDR)"),
    ("serve.dist", "빌드한 화면의 폴더 (TOBIT_DIST)"),
    ("serve.no_workers", "요청에만 답합니다. 배경 작업은 다른 서버가 맡습니다"),
    ("migrate", "데이터베이스의 역할과 테이블을 만들고 끝냅니다"),
    ("admin", "관리자를 다룹니다"),
    ("admin.create", "관리자를 만듭니다. 비밀번호는 표준 입력에서 읽습니다"),
    ("admin.create.login", "아이디 또는 이메일"),
    ("admin.create.name", "표시할 이름. 생략하면 아이디를 씁니다"),
    ("admin.create.organisation", "조직. 없으면 만듭니다"),
    ("admin.create.password_file", "표준 입력 대신 비밀번호를 읽을 파일"),
    ("import", "폴더의 파일을 매핑에 따라 가져옵니다"),
    ("import.folder", "파일이 있는 폴더"),
    ("import.mapping", "매핑: 어느 열이 무엇인지 적은 YAML"),
    ("import.rejects", "거부된 행을 모두 CSV로 저장할 파일"),
    ("demo", "데모 데이터를 다룹니다"),
    ("demo.load", "두 주치 지표와 이벤트, 원인이 알려진 장애가 있는 예시 회사를 만듭니다"),
    ("demo.load.seed", "값이 다르면 이름과 토폴로지가 다른 회사가 됩니다"),
    ("demo.load.cis", "구성 항목 수, 60에서 20000까지"),
    ("demo.load.until", "이력이 끝나는 시각. 생략하면 지금"),
    ("demo.load.truth", "장애와 그 원인을 JSON으로 저장할 파일"),
    (
        "demo.questions",
        "그 회사에 대한 질문과 정답을 tobit eval 형식으로 씁니다. 같은 시드, 크기, 시각으로 불러온 데이터에 맞습니다",
    ),
    ("demo.questions.seed", "회사의 시드"),
    ("demo.questions.cis", "회사의 구성 항목 수, 60에서 20000까지"),
    ("demo.questions.until", "회사의 이력이 끝나는 시각. 생략하면 지금"),
    ("demo.questions.count", "질문 수, 300에서 5000까지"),
    ("demo.questions.lang", "질문의 언어: 한국어, 영어, 둘 다와 섞은 문장"),
    ("demo.questions.out", "저장할 파일"),
    ("demo.remove", "데모 데이터만 지웁니다"),
    ("ask", "질문에 답합니다"),
    ("ask.question", "질문. 한국어나 영어로 씁니다"),
    ("ask.json", "답 전체를 POST /api/v1/ask와 같은 JSON으로 출력합니다"),
    ("ask.as_of", "지금으로 여길 시각. 예: 2025-12-31T23:59:59Z"),
    ("ask.thread", "이어서 물을 대화의 ID"),
    ("ask.context", "앞선 질문과 답이 있는 파일: [{\"user\": \"…\", \"assistant\": \"…\"}]"),
    ("ask.lang", "답의 언어. 생략하면 질문의 언어"),
    ("ask.tz", "질문에 나오는 시각의 시간대. 예: Asia/Seoul. 생략하면 UTC"),
    ("eval", "정답이 있는 질문 파일을 모두 묻고 얼마나 맞는지 출력합니다"),
    ("eval.file", "질문 파일"),
    ("eval.category", "한 범주의 질문만 묻습니다"),
    ("eval.id", "질문 하나만 묻습니다"),
    ("eval.json", "모두 JSON으로 출력합니다"),
    ("eval.all", "맞은 답도 보여 줍니다"),
    ("eval.tz", "질문에 나오는 시각의 시간대"),
    ("openapi", "REST API의 설명을 출력합니다"),
    ("doctor", "필요한 것이 모두 있는지 살펴보고 적용된 설정을 출력합니다"),
];

const TEMPLATE: &str = "{about-with-newline}\n사용법: {usage}\n\n{all-args}";

fn about(key: &str) -> Option<&'static str> {
    ABOUT.iter().find(|(other, _)| *other == key).map(|(_, text)| *text)
}

/// The same commands with everything about them in Korean.
pub fn translated(command: Command) -> Command {
    let help = Command::new("help").arg(Arg::new("command").num_args(0..).value_name("명령").hide(true));
    walk(command.disable_help_subcommand(true).subcommand(help), "")
}

fn walk(command: Command, path: &str) -> Command {
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .help_template(TEMPLATE)
        .subcommand_help_heading("명령")
        .subcommand_value_name("명령")
        .long_about(None::<&str>)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version))
        .mut_args(|arg| explained(arg, path));
    if let Some(text) = about(path) {
        command = command.about(text);
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        command = command.mut_subcommand(name, |sub| walk(sub, &below));
    }
    command
}

fn explained(arg: Arg, path: &str) -> Arg {
    let id = arg.get_id().to_string();
    let Some(text) = about(&format!("{path}.{id}")).or_else(|| about(&format!(".{id}"))) else { return arg };
    let (mut arg, mut text) = (arg, text.to_owned());
    // The framework would add both in English.
    let choices: Vec<String> = match arg.get_action().takes_values() {
        true => arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
        false => Vec::new(),
    };
    if !choices.is_empty() {
        arg = arg.hide_possible_values(true);
        text.push_str(&format!(" [{}]", choices.join(", ")));
    }
    let default: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !default.is_empty() {
        arg = arg.hide_default_value(true);
        text.push_str(&format!(" [기본값: {}]", default.join(", ")));
    }
    let heading = if arg.is_positional() { "인수" } else { "옵션" };
    arg.help(text).long_help(None::<&str>).help_heading(heading)
}

/// What is wrong with arguments; none where the framework has no more to say than its own text.
pub fn wrong(error: &clap::Error) -> Option<String> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join(", ")),
        Some(ContextValue::Number(number)) => Some(number.to_string()),
        Some(ContextValue::StyledStr(text)) => Some(text.to_string()),
        Some(ContextValue::StyledStrs(all)) => {
            Some(all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    };
    let arg = said(ContextKind::InvalidArg).unwrap_or_default();
    let value = said(ContextKind::InvalidValue).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("없는 인수입니다: '{arg}'"),
        ErrorKind::InvalidSubcommand => {
            format!("없는 명령입니다: '{}'", said(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingSubcommand => "명령이 빠졌습니다".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("필요한 인수가 빠졌습니다: {arg}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("값이 필요합니다: '{arg}'"),
        ErrorKind::InvalidValue => format!("'{arg}'에 쓸 수 없는 값입니다: '{value}'"),
        ErrorKind::ValueValidation => {
            let why = error.source().map(|why| format!("\n  {why}")).unwrap_or_default();
            format!("'{arg}'에 쓸 수 없는 값입니다: '{value}'{why}")
        }
        ErrorKind::TooManyValues => format!("'{arg}'에 값이 너무 많습니다: '{value}'"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("'{arg}'의 값 수가 맞지 않습니다")
        }
        ErrorKind::NoEquals => format!("'{arg}'의 값은 = 뒤에 씁니다"),
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            Some(prior) if prior != arg => format!("'{arg}'은(는) '{prior}'와(과) 함께 쓸 수 없습니다"),
            _ => format!("'{arg}'은(는) 한 번만 쓸 수 있습니다"),
        },
        ErrorKind::InvalidUtf8 => "인수가 UTF-8이 아닙니다".to_owned(),
        _ => return None,
    };
    let mut text = format!("✗ {what}\n");
    if let Some(valid) = said(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
        text.push_str(&format!("  쓸 수 있는 값: {valid}\n"));
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(near) = near.into_iter().find_map(said) {
        text.push_str(&format!("  비슷한 것: {near}\n"));
    }
    if let Some(usage) = said(ContextKind::Usage) {
        text.push_str(&format!("\n{}\n", usage.trim().replace("Usage:", "사용법:")));
    }
    text.push_str("\n  → 자세한 내용은 --help 로 볼 수 있습니다\n");
    Some(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{super::Cli, *};

    fn everything(command: &Command, path: &str, check: &mut impl FnMut(&str, Option<String>)) {
        check(path, command.get_about().map(ToString::to_string));
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            check(&format!("{path}.{}", arg.get_id()), arg.get_help().map(ToString::to_string));
        }
        for sub in command.get_subcommands() {
            everything(sub, &format!("{path}/{}", sub.get_name()), check);
        }
    }

    #[test]
    fn every_command_and_argument_is_explained_in_korean_and_nothing_else_is() {
        let command = translated(Cli::command());
        command.clone().debug_assert();
        let mut seen = 0;
        everything(&command, "", &mut |place, text| {
            let text = text.unwrap_or_default();
            assert!(text.chars().any(|c| ('가'..='힣').contains(&c)), "{place} is not explained: {text:?}");
            seen += 1;
        });
        assert!(seen > ABOUT.len(), "{seen} explanations for {} texts", ABOUT.len());
    }

    #[test]
    fn the_help_of_every_command_has_no_english_heading() {
        let mut open = vec![translated(Cli::command())];
        while let Some(mut command) = open.pop() {
            let help = command.render_long_help().to_string();
            for english in
                ["Usage:", "Options:", "Commands:", "Arguments:", "[default", "[possible", "Print "]
            {
                assert!(!help.contains(english), "{}: {english}: {help}", command.get_name());
            }
            open.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn what_is_wrong_with_arguments_is_named_with_the_way_out() {
        let told = |args: &[&str]| {
            let error = translated(Cli::command())
                .try_get_matches_from(std::iter::once("tobit").chain(args.iter().copied()))
                .expect_err("wrong arguments");
            wrong(&error).unwrap_or_else(|| error.to_string())
        };
        for (args, parts) in [
            (&["sreve"][..], &["없는 명령입니다: 'sreve'", "serve"][..]),
            (&["serve", "--port", "1"], &["없는 인수입니다: '--port'", "사용법: tobit serve"]),
            (&["import", "x"], &["필요한 인수가 빠졌습니다", "--mapping <FILE>"]),
            (&["demo", "load", "--cis", "5"], &["--cis", "'5'", "60", "20000"]),
            (&["ask", "q", "--as-of", "yesterday"], &["--as-of", "'yesterday'", "2025-12-31T23:59:59Z"]),
            (&["ask", "q", "--thread", "7"], &["--thread", "'7'"]),
            (&["ask", "q", "--lang", "fr"], &["'fr'", "쓸 수 있는 값: ko, en"]),
            (&["ask", "--tz"], &["--tz", "값이 필요합니다"]),
            (&["ask", "a", "b"], &["없는 인수입니다: 'b'"]),
        ] {
            let said = told(args);
            for part in parts {
                assert!(said.contains(part), "{args:?}: {part}: {said}");
            }
            assert!(!said.contains("For more information"), "{said}");
        }
    }
}
