//! Starting, stopping, settings, refusals.

use std::{fs, os::unix::fs::PermissionsExt};

use supervisor::{Cluster, Connection, ErrorKind, Health, Options, Progress, Runtime, Settings};

use super::{directory, execute, number, runtime, start, until};

#[test]
fn a_new_cluster_answers_knows_vectors_and_folds_the_case_of_every_letter() {
    let dir = directory();
    let cluster = start(dir.path());
    let url = cluster.superuser_url();
    execute(&url, "create extension vector");
    assert_eq!(number(&url, "select ('[1,2]'::vector <-> '[1,3]'::vector)::bigint"), 1);
    assert_eq!(number(&url, "select ('ÄB' ilike 'äb')::int::bigint"), 1);
    assert_eq!(number(&url, r"select ('한글' ~ '^\w+$')::int::bigint"), 1);
    assert_eq!(cluster.health(), Health::Ready);
}

#[test]
fn the_password_and_the_connection_are_readable_by_their_owner_only() {
    let dir = directory();
    let cluster = start(dir.path());
    let mode = |path: &std::path::Path| fs::metadata(path).expect("the file").permissions().mode() & 0o777;
    assert_eq!(mode(&cluster.home().join("password")), 0o600);
    assert_eq!(mode(&dir.path().join("connection")), 0o600);
    assert_eq!(mode(&cluster.home().join("cluster")), 0o700);
    let wrong = cluster.superuser_url().replace("app:", "app:x");
    let refused =
        super::block(async { <sqlx::PgConnection as sqlx::Connection>::connect(&wrong).await.is_err() });
    assert!(refused, "a wrong password was taken");
}

#[test]
fn a_cluster_comes_with_its_database_and_a_warm_start_keeps_the_data() {
    let dir = directory();
    let settings = Settings { database: Some("house".into()), ..Settings::for_tests() };
    let cluster = Cluster::start(&runtime(), dir.path(), settings.clone()).expect("the first start");
    execute(&cluster.url("house"), "create table t as select 42::bigint as n");
    cluster.stop();
    let begun = std::time::Instant::now();
    let cluster = Cluster::start(&runtime(), dir.path(), settings).expect("the second start");
    assert!(begun.elapsed().as_secs() < 10, "a warm start took {:?}", begun.elapsed());
    assert_eq!(number(&cluster.url("house"), "select n from t"), 42);
}

#[test]
fn another_process_finds_the_running_cluster_by_its_connection_file() {
    let dir = directory();
    let cluster = start(dir.path());
    let connection = Connection::read(dir.path()).expect("the connection");
    assert_eq!(number(&connection.url("postgres"), "select 7::bigint"), 7);
    cluster.stop();
    assert_eq!(Connection::read(dir.path()), None);
}

#[test]
fn settings_on_the_command_line_survive_a_reset() {
    let dir = directory();
    let cluster = start(dir.path());
    let url = cluster.superuser_url();
    execute(&url, "alter system reset all");
    execute(&url, "select pg_reload_conf()");
    assert_eq!(number(&url, "select (current_setting('listen_addresses') = '127.0.0.1')::int::bigint"), 1);
}

#[test]
fn a_second_instance_on_the_same_directory_is_refused_and_told_who_has_it() {
    let dir = directory();
    let _first = start(dir.path());
    let error =
        Cluster::start(&runtime(), dir.path(), Settings::for_tests()).expect_err("the second is refused");
    assert_eq!(error.kind, ErrorKind::Locked(Some(std::process::id())));
    assert!(error.message.ko.contains("사용하고 있습니다"), "{error}");
}

#[test]
fn postgres_that_dies_is_started_again_on_the_same_port() {
    let dir = directory();
    let cluster = start(dir.path());
    let (pid, port) = (cluster.pid(), cluster.port());
    super::kill(pid, "-KILL");
    until("another process", || cluster.pid() != pid && cluster.health() == Health::Ready);
    assert_eq!(cluster.port(), port);
    assert_eq!(number(&cluster.superuser_url(), "select 1::bigint"), 1);
}

#[test]
fn a_directory_without_programs_and_without_permission_to_fetch_names_every_way_out() {
    let dir = directory();
    let cache = directory();
    let options = Options {
        data_dir: dir.path().to_path_buf(),
        pg_bin_dir: Some(dir.path().join("nothing")),
        cache_dir: Some(cache.path().to_path_buf()),
        progress: Progress::silent(),
        ..Options::default()
    };
    let error = Runtime::locate(&options).expect_err("nothing there");
    assert_eq!(error.kind, ErrorKind::NoRuntime);
    assert!(error.hint.en.contains("PG_BIN_DIR"), "{error}");
}

#[test]
fn a_file_that_is_not_the_pinned_package_is_refused_before_it_is_unpacked() {
    let dir = directory();
    let file = dir.path().join("package.whl");
    fs::write(&file, b"something else").expect("a file");
    let options = Options {
        data_dir: dir.path().join("pg"),
        wheel: Some(file),
        progress: Progress::silent(),
        ..Options::default()
    };
    match Runtime::locate(&options) {
        Err(error) => assert_eq!(error.kind, ErrorKind::Checksum),
        // A machine with its own pgvector, or a runtime unpacked for this account, is used before the file is looked at.
        Ok(found) => assert_ne!(found.source, supervisor::Source::Wheel),
    }
    assert!(!dir.path().join("pg/runtime-18.4").exists());
}
