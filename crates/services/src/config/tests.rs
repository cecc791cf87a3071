use super::*;

fn read(flags: &[(&'static str, &str)], env: &[(&str, &str)]) -> Result<Config> {
    let flags = flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
    let env: BTreeMap<String, String> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Config::read(&flags, &|name| env.get(name).cloned())
}

fn source(config: &Config, key: &str) -> SettingSource {
    config.values().iter().find(|v| v.key == key).unwrap().source
}

#[test]
fn without_anything_every_value_is_the_default() {
    let config = read(&[], &[]).unwrap();
    assert_eq!(config.addr.to_string(), "127.0.0.1:3940");
    assert_eq!(config.access_ttl.as_secs(), 600);
    assert!(config.database_url.is_none());
    assert!(config.values().iter().all(|v| v.source == SettingSource::Default));
}

#[test]
fn a_flag_beats_a_variable_and_a_variable_beats_the_default() {
    let config = read(
        &[("server.addr", "127.0.0.1:1")],
        &[("TOBIT_ADDR", "127.0.0.1:2"), ("TOBIT_TZ", "Asia/Seoul"), ("TOBIT_LOG", " ")],
    )
    .unwrap();
    assert_eq!(config.addr.port(), 1);
    assert_eq!(config.time_zone, chrono_tz::Tz::Asia__Seoul);
    assert_eq!(source(&config, "server.addr"), SettingSource::Flag);
    assert_eq!(source(&config, "time.zone"), SettingSource::Environment);
    assert_eq!(source(&config, "log.level"), SettingSource::Default);
}

#[test]
fn secrets_are_never_shown() {
    let config =
        read(&[], &[("DATABASE_URL", "postgres://a:geheim@h/d"), ("TOBIT_SECRET", "0123456789abcdef")])
            .unwrap();
    let shown = format!("{config:?} {}", serde_json::to_string(config.values()).unwrap());
    assert!(!shown.contains("geheim") && !shown.contains("0123456789abcdef"), "{shown}");
    assert_eq!(config.database_url.unwrap().expose(), "postgres://a:geheim@h/d");
}

#[test]
fn a_wrong_value_names_the_variable_and_an_example() {
    for (env, value) in [
        ("TOBIT_ADDR", "nowhere"),
        ("TOBIT_TZ", "Mars/Base"),
        ("TOBIT_DB_POOL", "0"),
        ("TOBIT_PUBLIC_URL", "tobit"),
        ("TOBIT_SECRET", "short"),
    ] {
        let error = read(&[], &[(env, value)]).unwrap_err().to_api();
        assert!(error.message.en.contains(env) && error.message.ko.contains(env), "{error:?}");
        assert!(error.hint.is_some());
    }
}

#[test]
fn keys_and_variables_are_unique() {
    let keys: std::collections::BTreeSet<_> = SETTINGS.iter().map(|s| s.key).collect();
    let envs: std::collections::BTreeSet<_> = SETTINGS.iter().map(|s| s.env).collect();
    assert_eq!((keys.len(), envs.len()), (SETTINGS.len(), SETTINGS.len()));
}
