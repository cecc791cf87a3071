//! A program over a database of its own, with two organisations.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU32, Ordering},
};

use model::{Lang, perm::Role};
use services::{
    Caller, Client,
    access::Trace,
    app::Shared,
    auth,
    tenants::{self, Tenant},
};
use sqlx::{Connection, PgConnection};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::{
    PASSWORD, apart,
    cluster::{cluster_url, create, drop_database, keys, open, template},
    must,
};

/// Databases in use at a time; each has a handful of connections.
const AT_ONCE: usize = 16;
static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE);
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// An organisation with an administrator and a viewer. Their logins are `admin@SLUG` and `viewer@SLUG`, `SLUG` being the
/// first argument of [`Organisation::create`]; their password is [`PASSWORD`].
#[derive(Debug, Clone)]
pub struct Organisation {
    /// The tenant.
    pub tenant: Tenant,
    /// May do everything in it.
    pub admin: Caller,
    /// May look and ask.
    pub viewer: Caller,
}

impl Organisation {
    pub(crate) async fn create(app: &Shared, slug: &str, name: &str) -> Self {
        let admin_login = format!("admin@{slug}");
        let me = auth::create_admin(app, &admin_login, "Kim", PASSWORD, name).await;
        let me = must("the administrator", me);
        let viewer_login = format!("viewer@{slug}");
        let viewer =
            auth::create_member(app, me.tenant, (&viewer_login, "Lee"), PASSWORD, Role::Viewer).await;
        let viewer = must("the viewer", viewer);
        let all = must("the tenants", tenants::all(app).await);
        let Some(tenant) = all.into_iter().find(|t| t.id == me.tenant) else {
            panic!("the tenant {name} is gone")
        };
        let caller = |user, login: &str, role| Caller {
            user,
            login: login.to_owned(),
            tenant: tenant.id,
            role,
            session: None,
            lang: Lang::Ko,
            trace: Trace { id: Uuid::now_v7().simple().to_string(), parent: None },
        };
        Self {
            admin: caller(me.user, &admin_login, Role::Admin),
            viewer: caller(viewer, &viewer_login, Role::Viewer),
            tenant,
        }
    }
}

/// A program over a database of its own.
pub struct TestApp {
    /// The program.
    pub app: Shared,
    /// An organisation.
    pub one: Organisation,
    /// Another one, which must never see the first one's data.
    pub two: Organisation,
    database: String,
    _slot: SemaphorePermit<'static>,
}

impl TestApp {
    /// A program over a fresh copy of the template: two organisations, no data.
    pub async fn start() -> Self {
        let slot = must("a slot", SLOTS.acquire().await);
        // Starting the cluster and making the template blocks, once.
        let template = must("the template", tokio::task::spawn_blocking(template).await);
        let database = name();
        create(&database, Some(&template.name)).await;
        let [one, two] = template.organisations.clone();
        Self { app: open(&database).await, one, two, database, _slot: slot }
    }

    /// A program over a migrated database in which nobody has an account yet.
    pub async fn start_empty() -> (Shared, EmptyDatabase) {
        let slot = must("a slot", SLOTS.acquire().await);
        let database = name();
        must("the cluster", tokio::task::spawn_blocking(|| cluster_url("postgres")).await);
        create(&database, None).await;
        (open(&database).await, EmptyDatabase { database, _slot: slot })
    }

    /// A second program over the same database, as a replica is.
    pub async fn replica(&self) -> Shared {
        open(&self.database).await
    }

    /// A connection as the superuser of the cluster: sees everything, for looking behind the curtain.
    pub async fn superuser(&self) -> PgConnection {
        must("the superuser", PgConnection::connect(&cluster_url(&self.database)).await)
    }

    /// A connection as one of the roles of the pools, outside the program.
    pub async fn role(&self, role: &str) -> PgConnection {
        let url = cluster_url(&self.database);
        let login = must("the address", url.parse::<sqlx::postgres::PgConnectOptions>());
        let login = login.username(role).password(keys().role_password(role).expose());
        must("the role", PgConnection::connect_with(&login).await)
    }

    /// Name of the database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// A browser on some machine.
    pub fn client(address: [u8; 4]) -> Client {
        Client {
            address: IpAddr::V4(Ipv4Addr::from(address)),
            user_agent: "test".to_owned(),
            lang: Lang::Ko,
            trace: Trace::default(),
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        end(&self.database);
    }
}

/// The database of [`TestApp::start_empty`]; dropped with it.
pub struct EmptyDatabase {
    database: String,
    _slot: SemaphorePermit<'static>,
}

impl Drop for EmptyDatabase {
    fn drop(&mut self) {
        end(&self.database);
    }
}

fn name() -> String {
    format!("t_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

fn end(database: &str) {
    if std::thread::panicking() {
        println!("the database of this test is kept: {database}");
    } else {
        apart(|| drop_database(database));
    }
}
