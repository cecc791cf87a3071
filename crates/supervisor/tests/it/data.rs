//! Directories that are damaged, old, or in the way.

use std::fs;

use supervisor::{Cluster, ErrorKind, Settings};

use super::{directory, number, runtime, start};

#[test]
fn a_damaged_cluster_is_named_and_nothing_is_deleted() {
    let dir = directory();
    let cluster = start(dir.path());
    let home = cluster.home().to_path_buf();
    cluster.stop();
    fs::remove_file(home.join("cluster/global/pg_control")).expect("the file was there");
    let error = Cluster::start(&runtime(), dir.path(), Settings::for_tests()).expect_err("it is damaged");
    assert_eq!(error.kind, ErrorKind::BrokenData);
    assert!(error.hint.en.contains("restore a backup"), "{error}");
    assert!(home.join("cluster/PG_VERSION").exists());
}

#[test]
fn a_cluster_of_another_major_version_is_refused_with_instructions() {
    let dir = directory();
    let cluster = start(dir.path());
    let home = cluster.home().to_path_buf();
    cluster.stop();
    fs::write(home.join("cluster/PG_VERSION"), "12\n").expect("the file is written");
    let error = Cluster::start(&runtime(), dir.path(), Settings::for_tests()).expect_err("it is too old");
    assert_eq!(error.kind, ErrorKind::WrongMajor);
    assert!(error.hint.ko.contains("pg_dump"), "{error}");
}

#[test]
fn a_lost_password_file_is_made_again() {
    let dir = directory();
    let cluster = start(dir.path());
    let home = cluster.home().to_path_buf();
    cluster.stop();
    fs::remove_file(home.join("password")).expect("the file was there");
    let cluster = start(dir.path());
    assert_eq!(number(&cluster.superuser_url(), "select 5::bigint"), 5);
}

#[test]
fn what_an_aborted_initdb_left_does_not_hinder_the_next_start() {
    let dir = directory();
    fs::create_dir(dir.path().join("cluster.init.4194303")).expect("a directory");
    fs::write(dir.path().join("cluster.init.4194303/PG_VERSION"), "18\n").expect("a file");
    let cluster = start(dir.path());
    assert_eq!(number(&cluster.superuser_url(), "select 1::bigint"), 1);
    assert!(!dir.path().join("cluster.init.4194303").exists());
}

#[test]
fn a_postmaster_pid_that_names_a_living_stranger_is_stale() {
    let dir = directory();
    let cluster = start(dir.path());
    let home = cluster.home().to_path_buf();
    cluster.stop();
    let file = home.join("cluster/postmaster.pid");
    fs::write(
        &file,
        format!("1\n{}\n1790000000\n5432\n\n127.0.0.1\n\nready   \n", home.join("cluster").display()),
    )
    .expect("the file is written");
    let cluster = start(dir.path());
    assert_eq!(number(&cluster.superuser_url(), "select 1::bigint"), 1);
    assert!(super::alive(1), "the stranger lives");
}

#[test]
fn a_full_disk_is_said_before_anything_is_written() {
    let dir = directory();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs"])
        .arg(dir.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("skipped: a small disk cannot be mounted here");
        return;
    }
    let result = Cluster::start(&runtime(), dir.path(), Settings::for_tests());
    let _ = std::process::Command::new("umount").arg("-l").arg(dir.path()).status();
    let error = result.expect_err("there is no space");
    assert_eq!(error.kind, ErrorKind::NoSpace);
    assert!(error.message.ko.contains("공간"), "{error}");
}
