//! Every setting: its key, the variable that sets it, its built-in value and what it is for.

/// One setting the program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Key, also the name of the flag's value: `server.addr`.
    pub key: &'static str,
    /// The environment variable.
    pub env: &'static str,
    /// The built-in value.
    pub default: &'static str,
    /// What it is for, in Korean.
    pub ko: &'static str,
    /// What it is for, in English.
    pub en: &'static str,
    /// Never shown.
    pub secret: bool,
}

const fn setting(
    key: &'static str,
    env: &'static str,
    default: &'static str,
    ko: &'static str,
    en: &'static str,
) -> Setting {
    Setting { key, env, default, ko, en, secret: false }
}

const fn secret(key: &'static str, env: &'static str, ko: &'static str, en: &'static str) -> Setting {
    Setting { key, env, default: "", ko, en, secret: true }
}

/// Every setting, in the order it is shown.
pub const SETTINGS: &[Setting] = &[
    setting(
        "server.addr",
        "TOBIT_ADDR",
        "127.0.0.1:3940",
        "요청을 받는 주소와 포트",
        "address and port requests arrive at",
    ),
    setting(
        "server.public_url",
        "TOBIT_PUBLIC_URL",
        "",
        "브라우저가 여는 주소. https이면 쿠키에 Secure를 붙입니다",
        "the address browsers open; https makes cookies Secure",
    ),
    setting(
        "server.allowed_origins",
        "TOBIT_ALLOWED_ORIGINS",
        "",
        "다른 출처의 요청을 허용할 목록(쉼표로 구분, 정확히 일치)",
        "other origins that may send requests, separated by commas, compared exactly",
    ),
    setting(
        "server.trust_proxy",
        "TOBIT_TRUST_PROXY",
        "false",
        "앞단 프록시의 X-Forwarded-* 헤더를 믿습니다",
        "believe the X-Forwarded-* headers of a proxy in front",
    ),
    setting(
        "server.dist",
        "TOBIT_DIST",
        "./dist",
        "빌드한 화면 파일의 폴더",
        "folder of the built user interface",
    ),
    setting(
        "server.upload_max_mib",
        "TOBIT_UPLOAD_MAX_MIB",
        "1024",
        "올릴 수 있는 파일 하나의 최대 크기(MiB)",
        "largest uploaded file in MiB",
    ),
    setting("data.dir", "TOBIT_DATA_DIR", "./data", "데이터 폴더", "data directory"),
    secret(
        "data.secret",
        "TOBIT_SECRET",
        "토큰 서명과 데이터베이스 역할의 비밀값. 여러 서버를 돌릴 때 모두 같아야 합니다. 비우면 데이터 폴더에 만듭니다",
        "secret behind token keys and database roles; the same on every replica; empty: made in the data directory",
    ),
    secret(
        "database.url",
        "DATABASE_URL",
        "사용할 PostgreSQL. 비우면 내장 PostgreSQL을 씁니다",
        "the PostgreSQL to use; empty: the embedded one",
    ),
    secret(
        "database.app_password",
        "TOBIT_DB_APP_PASSWORD",
        "역할 tobit_app의 비밀번호(역할을 관리자가 만든 경우)",
        "password of the role tobit_app, where an administrator made the roles",
    ),
    secret(
        "database.sys_password",
        "TOBIT_DB_SYS_PASSWORD",
        "역할 tobit_sys의 비밀번호(역할을 관리자가 만든 경우)",
        "password of the role tobit_sys, where an administrator made the roles",
    ),
    setting(
        "database.pool",
        "TOBIT_DB_POOL",
        "10",
        "요청이 쓰는 데이터베이스 연결 수",
        "database connections for requests",
    ),
    setting(
        "postgres.bin_dir",
        "PG_BIN_DIR",
        "",
        "내장 대신 쓸 PostgreSQL 실행 파일 폴더",
        "folder of PostgreSQL programs to use instead of the fetched ones",
    ),
    setting(
        "postgres.wheel",
        "PG_WHEEL",
        "",
        "미리 받아 둔 PostgreSQL 꾸러미 파일",
        "PostgreSQL package file fetched before",
    ),
    setting(
        "postgres.run_uid",
        "PG_RUN_UID",
        "",
        "root로 실행할 때 PostgreSQL이 쓸 사용자 번호",
        "user id PostgreSQL runs under when started as root",
    ),
    setting(
        "log.level",
        "TOBIT_LOG",
        "info",
        "로그 수준(예: info,services=debug)",
        "log filter, as info,services=debug",
    ),
    setting(
        "log.file",
        "TOBIT_LOG_FILE",
        "",
        "로그 파일. 비우면 데이터 폴더의 logs/tobit.log, off이면 쓰지 않습니다",
        "log file; empty: logs/tobit.log in the data directory; off: none",
    ),
    setting(
        "time.zone",
        "TOBIT_TZ",
        "",
        "질문의 '오늘', '어제'를 이해하는 시간대. 비우면 이 컴퓨터의 시간대",
        "time zone for 'today' and 'yesterday' in questions; empty: that of this machine",
    ),
    setting(
        "session.access_minutes",
        "TOBIT_SESSION_ACCESS_MINUTES",
        "10",
        "접근 토큰의 수명(분)",
        "life of an access token in minutes",
    ),
    setting(
        "session.idle_minutes",
        "TOBIT_SESSION_IDLE_MINUTES",
        "30",
        "사용하지 않으면 로그아웃되는 시간(분)",
        "minutes without use after which a session ends",
    ),
    setting(
        "session.absolute_hours",
        "TOBIT_SESSION_ABSOLUTE_HOURS",
        "12",
        "세션의 최대 수명(시간)",
        "longest life of a session in hours",
    ),
    setting(
        "password.memory_kib",
        "TOBIT_PASSWORD_MEMORY_KIB",
        "65536",
        "비밀번호 해시(argon2id)가 쓰는 메모리(KiB)",
        "memory of the password hash argon2id in KiB",
    ),
    setting(
        "password.passes",
        "TOBIT_PASSWORD_PASSES",
        "3",
        "비밀번호 해시(argon2id)의 반복 횟수",
        "passes of the password hash argon2id",
    ),
    setting(
        "ask.timeout_seconds",
        "TOBIT_ASK_TIMEOUT_SECONDS",
        "30",
        "질문 하나에 쓸 수 있는 시간(초)",
        "time one question may take in seconds",
    ),
];
