//! Configuration: flags, environment, defaults, and where each value came from.
//!
//! Invariant: this is the only place that reads the environment. A flag beats a variable, a variable beats the default; an
//! empty variable is an unset one.

mod catalogue;
mod zone;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use model::{
    ApiError, ErrorCode, Localized,
    settings::{SettingSource, SettingValue},
};

pub use catalogue::{SETTINGS, Setting};

use crate::{error::Result, secret::Secret};

/// What was given on the command line: key of the setting → value.
pub type Flags = BTreeMap<&'static str, String>;

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port requests arrive at.
    pub addr: SocketAddr,
    /// The address browsers open, where it was given.
    pub public_url: Option<String>,
    /// Other origins that may send requests.
    pub allowed_origins: Vec<String>,
    /// Whether the headers of a proxy in front are believed.
    pub trust_proxy: bool,
    /// Folder of the built user interface.
    pub dist: PathBuf,
    /// Largest uploaded file in bytes.
    pub upload_max_bytes: u64,
    /// Data directory.
    pub data_dir: PathBuf,
    /// Secret behind token keys and database roles, where it was given.
    pub secret: Option<Secret>,
    /// The PostgreSQL to use, where it is not the embedded one.
    pub database_url: Option<Secret>,
    /// Password of the role of requests, where an administrator made the roles.
    pub app_password: Option<Secret>,
    /// Password of the role of the system, where an administrator made the roles.
    pub sys_password: Option<Secret>,
    /// Database connections for requests.
    pub db_pool: u32,
    /// Folder of PostgreSQL programs, where given.
    pub pg_bin_dir: Option<PathBuf>,
    /// PostgreSQL package file, where given.
    pub pg_wheel: Option<PathBuf>,
    /// User id for the embedded PostgreSQL when started as root, where given.
    pub pg_run_uid: Option<u32>,
    /// Log filter.
    pub log_filter: String,
    /// Log file; none where switched off.
    pub log_file: Option<PathBuf>,
    /// Time zone in which questions are understood.
    pub time_zone: chrono_tz::Tz,
    /// Life of an access token.
    pub access_ttl: Duration,
    /// Time without use after which a session ends.
    pub idle_ttl: Duration,
    /// Longest life of a session.
    pub absolute_ttl: Duration,
    /// Memory of the password hash in KiB.
    pub password_memory_kib: u32,
    /// Passes of the password hash.
    pub password_passes: u32,
    /// Time one question may take.
    pub ask_timeout: Duration,
    values: Vec<SettingValue>,
}

impl Config {
    /// Reads the configuration of this process.
    pub fn from_process(flags: &Flags) -> Result<Self> {
        Self::read(flags, &|name| std::env::var(name).ok())
    }

    /// Reads the configuration; `env` gives the value of an environment variable.
    pub fn read(flags: &Flags, env: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let values: Vec<SettingValue> = SETTINGS.iter().map(|s| resolve(s, flags, env)).collect();
        let raw = Raw { values: &values };
        let data_dir = PathBuf::from(raw.text("data.dir"));
        let config = Self {
            addr: raw.parse("server.addr", "127.0.0.1:3940")?,
            public_url: raw.url("server.public_url")?,
            allowed_origins: raw.list("server.allowed_origins"),
            trust_proxy: raw.parse("server.trust_proxy", "true, false")?,
            dist: PathBuf::from(raw.text("server.dist")),
            upload_max_bytes: raw.whole("server.upload_max_mib", 1, 1 << 20)? << 20,
            secret: raw.secret("data.secret", 16)?,
            database_url: raw.secret("database.url", 1)?,
            app_password: raw.secret("database.app_password", 1)?,
            sys_password: raw.secret("database.sys_password", 1)?,
            db_pool: raw.small("database.pool", 2, 200)?,
            pg_bin_dir: raw.option("postgres.bin_dir").map(PathBuf::from),
            pg_wheel: raw.option("postgres.wheel").map(PathBuf::from),
            pg_run_uid: match raw.option("postgres.run_uid") {
                Some(_) => Some(raw.parse("postgres.run_uid", "70")?),
                None => None,
            },
            log_filter: raw.text("log.level").to_owned(),
            log_file: match raw.text("log.file") {
                "" => Some(data_dir.join("logs").join("tobit.log")),
                "off" => None,
                path => Some(PathBuf::from(path)),
            },
            time_zone: match raw.option("time.zone") {
                Some(_) => raw.parse("time.zone", "Asia/Seoul, UTC")?,
                None => zone::of_machine(env),
            },
            access_ttl: Duration::from_secs(60 * raw.whole("session.access_minutes", 1, 60)?),
            idle_ttl: Duration::from_secs(60 * raw.whole("session.idle_minutes", 2, 60 * 24 * 30)?),
            absolute_ttl: Duration::from_secs(3600 * raw.whole("session.absolute_hours", 1, 24 * 90)?),
            password_memory_kib: raw.small("password.memory_kib", 19 * 1024, 1 << 20)?,
            password_passes: raw.small("password.passes", 2, 20)?,
            ask_timeout: Duration::from_secs(raw.whole("ask.timeout_seconds", 1, 600)?),
            data_dir,
            values: Vec::new(),
        };
        let values = values.into_iter().zip(SETTINGS).map(|(v, s)| mask(v, s)).collect();
        Ok(Self { values, ..config })
    }

    /// Every setting with its value and source; secrets are masked.
    pub fn values(&self) -> &[SettingValue] {
        &self.values
    }
}

fn resolve(setting: &Setting, flags: &Flags, env: &dyn Fn(&str) -> Option<String>) -> SettingValue {
    let from_env = || env(setting.env).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    let (value, source) = match flags.get(setting.key) {
        Some(value) => (value.trim().to_owned(), SettingSource::Flag),
        None => match from_env() {
            Some(value) => (value, SettingSource::Environment),
            None => (setting.default.to_owned(), SettingSource::Default),
        },
    };
    SettingValue {
        key: setting.key.to_owned(),
        env: setting.env.to_owned(),
        about: Localized::new(setting.ko, setting.en),
        value,
        default: setting.default.to_owned(),
        source,
    }
}

fn mask(mut value: SettingValue, setting: &Setting) -> SettingValue {
    if setting.secret && !value.value.is_empty() {
        value.value = "••••••••".to_owned();
    }
    value
}

/// The values as text, and the errors that name the setting.
struct Raw<'a> {
    values: &'a [SettingValue],
}

impl Raw<'_> {
    fn value(&self, key: &str) -> Option<&SettingValue> {
        self.values.iter().find(|v| v.key == key)
    }

    fn text(&self, key: &str) -> &str {
        self.value(key).map_or("", |v| v.value.as_str())
    }

    fn option(&self, key: &str) -> Option<&str> {
        Some(self.text(key)).filter(|t| !t.is_empty())
    }

    fn list(&self, key: &str) -> Vec<String> {
        self.text(key)
            .split(',')
            .map(|part| part.trim().trim_end_matches('/').to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    }

    fn parse<T: std::str::FromStr>(&self, key: &str, example: &str) -> Result<T> {
        self.text(key).parse().map_err(|_| self.wrong(key, example))
    }

    fn whole(&self, key: &str, least: u64, most: u64) -> Result<u64> {
        let range = format!("{least} … {most}");
        let number: u64 = self.parse(key, &range)?;
        if (least..=most).contains(&number) { Ok(number) } else { Err(self.wrong(key, &range)) }
    }

    fn small(&self, key: &str, least: u32, most: u32) -> Result<u32> {
        let number = self.whole(key, u64::from(least), u64::from(most))?;
        u32::try_from(number).map_err(|_| self.wrong(key, &format!("{least} … {most}")))
    }

    fn url(&self, key: &str) -> Result<Option<String>> {
        let Some(text) = self.option(key) else { return Ok(None) };
        if text.starts_with("https://") || text.starts_with("http://") {
            Ok(Some(text.trim_end_matches('/').to_owned()))
        } else {
            Err(self.wrong(key, "https://tobit.example.com"))
        }
    }

    fn secret(&self, key: &str, least: usize) -> Result<Option<Secret>> {
        match self.option(key) {
            None => Ok(None),
            Some(text) if text.len() >= least => Ok(Some(Secret::new(text))),
            Some(_) => Err(self.wrong(key, &format!("{least}+ characters"))),
        }
    }

    fn wrong(&self, key: &str, example: &str) -> crate::Error {
        let (env, shown) = self.value(key).map_or(("", ""), |v| {
            let secret = SETTINGS.iter().any(|s| s.key == key && s.secret);
            (v.env.as_str(), if secret { "…" } else { v.value.as_str() })
        });
        ApiError::new(
            ErrorCode::Invalid,
            format!("설정 {key} ({env})의 값이 잘못되었습니다: {shown}"),
            format!("the setting {key} ({env}) has a wrong value: {shown}"),
        )
        .with_hint(format!("예: {example}"), format!("for example: {example}"))
        .into()
    }
}

#[cfg(test)]
mod tests;
