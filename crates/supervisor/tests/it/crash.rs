//! Crashes: what was acknowledged is there, and the next start succeeds.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
    time::Duration,
};

use sqlx::{Connection as _, PgConnection};
use supervisor::{Cluster, Health};

use super::{alive, block, directory, durable, execute, hold, kill, number, runtime, until};

#[test]
fn killing_postgres_during_commits_loses_nothing_that_was_acknowledged() {
    let dir = directory();
    let cluster = Cluster::start(&runtime(), dir.path(), durable()).expect("the cluster starts");
    let url = cluster.superuser_url();
    execute(&url, "create table t (n bigint primary key)");
    let acknowledged = Arc::new(AtomicI64::new(0));
    let writer = thread::spawn({
        let (url, acknowledged) = (url.clone(), Arc::clone(&acknowledged));
        move || {
            block(async {
                let mut connection = PgConnection::connect(&url).await.expect("a connection");
                for n in 1.. {
                    let done =
                        sqlx::query("insert into t values ($1)").bind(n).execute(&mut connection).await;
                    if done.is_err() {
                        break;
                    }
                    acknowledged.store(n, Ordering::SeqCst);
                }
            });
        }
    });
    until("some commits", || acknowledged.load(Ordering::SeqCst) > 100);
    let pid = cluster.pid();
    kill(pid, "-KILL");
    writer.join().expect("the writer ends");
    until("another process", || cluster.pid() != pid);
    let present = number(&cluster.superuser_url(), "select count(*) from t");
    assert!(present >= acknowledged.load(Ordering::SeqCst), "{present} of {acknowledged:?} rows are there");
}

#[test]
fn postgres_comes_back_on_its_port_though_a_process_of_the_killed_one_lingers() {
    let dir = directory();
    let cluster = Cluster::start(&runtime(), dir.path(), durable()).expect("the cluster starts");
    let (pid, url) = (cluster.pid(), cluster.superuser_url());
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).expect("its children");
    let lingering: Vec<u32> = children.split_whitespace().filter_map(|child| child.parse().ok()).collect();
    assert!(!lingering.is_empty());
    // stopped, they keep the shared memory, for which the next one has to wait
    for child in &lingering {
        kill(*child, "-STOP");
    }
    kill(pid, "-KILL");
    thread::sleep(Duration::from_secs(1));
    assert_eq!(cluster.pid(), pid, "nothing starts beside them");
    for child in &lingering {
        kill(*child, "-CONT");
    }
    until("another process", || cluster.pid() != pid);
    assert_eq!(cluster.superuser_url(), url, "whoever is connected finds it again");
    assert_eq!(number(&url, "select 1::bigint"), 1);
}

#[test]
fn a_cluster_that_could_not_start_again_is_tried_until_what_kept_it_is_mended() {
    let dir = directory();
    let cluster = Cluster::start(&runtime(), dir.path(), durable()).expect("the cluster starts");
    let (pid, url) = (cluster.pid(), cluster.superuser_url());
    let control = cluster.home().join("cluster/global/pg_control");
    let away = control.with_extension("away");
    std::fs::rename(&control, &away).expect("the file is put away");
    kill(pid, "-KILL");
    until("it is called down", || matches!(cluster.health(), Health::Down(_)));
    std::fs::rename(&away, &control).expect("the file is put back");
    // One of the later tries finds it mended.
    for _ in 0..3 {
        if cluster.health() != Health::Ready {
            thread::sleep(Duration::from_secs(10));
        }
    }
    until("another process", || cluster.pid() != pid && cluster.health() == Health::Ready);
    assert_eq!(number(&url, "select 1::bigint"), 1);
}

#[test]
fn killing_the_program_ends_its_postgres_and_frees_the_directory() {
    let dir = directory();
    let mut holder = hold::holder(dir.path());
    execute(&holder.url, "create table t as select 9::bigint as n");
    holder.child.kill().expect("kill -9");
    holder.child.wait().expect("it ends");
    until("postgres ends by itself", || !alive(holder.postgres));
    let cluster = Cluster::start(&runtime(), dir.path(), durable()).expect("the next start");
    assert_eq!(number(&cluster.superuser_url(), "select n from t"), 9);
}

#[test]
fn killing_program_and_postgres_together_is_recovered_at_once() {
    let dir = directory();
    let mut holder = hold::holder(dir.path());
    execute(&holder.url, "create table t as select * from generate_series(1, 1000) as n");
    kill(holder.postgres, "-KILL");
    holder.child.kill().expect("kill -9");
    holder.child.wait().expect("it ends");
    let cluster = Cluster::start(&runtime(), dir.path(), durable()).expect("the next start");
    assert_eq!(number(&cluster.superuser_url(), "select count(*) from t"), 1000);
}

#[test]
fn a_program_told_to_end_stops_its_postgres_cleanly() {
    let dir = directory();
    let mut holder = hold::holder(dir.path());
    kill(holder.child.id(), "-TERM");
    assert!(holder.child.wait().expect("it ends").success());
    assert!(!alive(holder.postgres));
    let log = std::fs::read_to_string(dir.path().join("postgres.log")).unwrap_or_default();
    assert!(log.contains("database system is shut down"), "{log}");
}

#[test]
fn a_run_killed_while_it_makes_the_cluster_leaves_nothing_that_hinders() {
    let dir = directory();
    let mut child = hold::spawn(dir.path());
    until("initdb is at work", || {
        let entries = std::fs::read_dir(dir.path()).expect("the directory").flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("cluster.init."))
    });
    thread::sleep(Duration::from_millis(300));
    child.kill().expect("kill -9");
    child.wait().expect("it ends");
    let cluster = Cluster::start(&runtime(), dir.path(), durable()).expect("the next start");
    assert_eq!(number(&cluster.superuser_url(), "select 1::bigint"), 1);
}
