//! The topology: business services on applications on containers or virtual machines on hosts, with what they need beside.

use crate::{Relation, company::Company, rng::Rng};

/// Layers of the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Layer {
    Service,
    App,
    Container,
    Cache,
    Queue,
    Database,
    Vm,
    Host,
    Switch,
    Storage,
}

impl Layer {
    /// The kind in the catalogue.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Service => "business_service",
            Self::App => "application",
            Self::Container => "container",
            Self::Cache => "cache",
            Self::Queue => "message_queue",
            Self::Database => "database",
            Self::Vm => "virtual_machine",
            Self::Host => "host",
            Self::Switch => "switch",
            Self::Storage => "storage",
        }
    }
}

/// An item before it has its fields.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub layer: Layer,
    pub code: String,
    pub name: String,
    /// The part of the business, where it belongs to one.
    pub domain: Option<usize>,
}

/// A part of the business with its names.
#[derive(Debug, Clone)]
pub(crate) struct DomainName {
    pub code: String,
    pub ko: String,
    pub en: String,
}

/// Items and relations.
#[derive(Debug, Clone)]
pub(crate) struct Estate {
    pub nodes: Vec<Node>,
    pub relations: Vec<Relation>,
    pub domains: Vec<DomainName>,
}

const APPS: &[(&str, &str, &str)] = &[
    ("api", "API", "API"),
    ("web", "웹", "Web"),
    ("batch", "배치", "Batch"),
    ("worker", "처리기", "Worker"),
    ("admin", "관리자", "Admin"),
    ("search", "검색", "Search"),
    ("notify", "알림", "Notification"),
    ("sync", "연동", "Sync"),
];
const REGIONS: &[(&str, &str, &str)] = &[
    ("east", "동부", "East"),
    ("west", "서부", "West"),
    ("south", "남부", "South"),
    ("north", "북부", "North"),
    ("b2b", "기업", "Corporate"),
    ("global", "해외", "Global"),
];

/// How many items each layer has.
struct Sizes {
    domains: usize,
    apps: usize,
    databases: usize,
    caches: usize,
    queues: usize,
    vms: usize,
    hosts: usize,
    switches: usize,
    storages: usize,
    containers: usize,
}

impl Sizes {
    fn of(company: &Company, n: usize, rng: &mut Rng) -> Self {
        let mut part = |share: f64, least: usize| {
            let wanted = n as f64 * share * rng.between(0.8, 1.2);
            (wanted.round() as usize).max(least)
        };
        let domains = part(0.026, 3);
        let apps = part(0.14, 2 * domains);
        let databases = part(0.05, 3);
        let (caches, queues) = (part(0.025, 2), part(0.02, 2));
        let (hosts, switches, storages) = (part(0.08, 4), part(0.025, 2), part(0.015, 2));
        let fixed = domains + apps + databases + caches + queues + hosts + switches + storages;
        let rest = n.saturating_sub(fixed).max(8);
        let vms = if company.containers { (rest * 2 / 5).max(4) } else { rest };
        let containers = if company.containers { rest.saturating_sub(vms) } else { 0 };
        Self { domains, apps, databases, caches, queues, vms, hosts, switches, storages, containers }
    }
}

impl Estate {
    /// Builds an estate of `n` items (a few more where `n` is too small for all layers).
    pub fn build(company: &Company, n: usize, rng: &mut Rng) -> Self {
        let sizes = Sizes::of(company, n, rng);
        let domains: Vec<DomainName> = (0..sizes.domains).map(|i| domain(company, i)).collect();
        let mut estate = Self { nodes: Vec::new(), relations: Vec::new(), domains };
        let prefix = company.prefix();
        let services: Vec<usize> = (0..sizes.domains).map(|d| estate.service(company, &prefix, d)).collect();
        let apps: Vec<usize> =
            (0..sizes.apps).map(|k| estate.app(company, &prefix, k, sizes.domains)).collect();
        let containers: Vec<usize> =
            (0..sizes.containers).map(|k| estate.container(company, &apps, k, rng)).collect();
        let caches =
            estate.of_domains(company, &prefix, Layer::Cache, sizes.caches, ("cache", "캐시", "cache"));
        let queues =
            estate.plain(company, &prefix, Layer::Queue, sizes.queues, ("mq", "메시지 큐", "Message queue"));
        let dbs =
            estate.of_domains(company, &prefix, Layer::Database, sizes.databases, ("db", "DB", "database"));
        let vms =
            estate.plain(company, &prefix, Layer::Vm, sizes.vms, ("vm", "가상 머신", "Virtual machine"));
        let hosts = estate.plain(company, &prefix, Layer::Host, sizes.hosts, ("host", "호스트", "Host"));
        let switches =
            estate.plain(company, &prefix, Layer::Switch, sizes.switches, ("sw", "스위치", "Switch"));
        let stores =
            estate.plain(company, &prefix, Layer::Storage, sizes.storages, ("san", "스토리지", "Storage"));

        estate.join_apps(&services, &apps, &dbs, &caches, &queues, rng);
        // applications on containers on machines, or straight on machines
        let mut carried = vec![false; apps.len()];
        for (k, container) in containers.iter().enumerate() {
            if let Some(app) = apps.get(k % apps.len().max(1)) {
                estate.relate(*app, *container, "runs_on");
                if let Some(done) = carried.get_mut(k % apps.len().max(1)) {
                    *done = true;
                }
            }
            let vm = rng.pick(&vms).copied();
            estate.relate_to(*container, vm, "runs_on");
        }
        for (app, done) in apps.iter().zip(carried) {
            if !done {
                let vm = rng.pick(&vms).copied();
                estate.relate_to(*app, vm, "runs_on");
            }
        }
        for (k, data) in dbs.iter().chain(&caches).chain(&queues).enumerate() {
            estate.relate_to(*data, vms.get(k % vms.len().max(1)).copied(), "runs_on");
        }
        for db in &dbs {
            let store = rng.pick(&stores).copied();
            estate.relate_to(*db, store, "uses");
        }
        for (k, vm) in vms.iter().enumerate() {
            // spread by and large evenly, with some unevenness
            let at = if rng.chance(0.7) { k } else { rng.below(hosts.len()) };
            estate.relate_to(*vm, hosts.get(at % hosts.len().max(1)).copied(), "runs_on");
        }
        // the first switch is the core; hosts hang on the others
        let edge = switches.get(1..).unwrap_or_default();
        for (k, host) in hosts.iter().enumerate() {
            estate.relate_to(*host, edge.get(k % edge.len().max(1)).copied(), "connected_to");
            if rng.chance(0.25) {
                let store = rng.pick(&stores).copied();
                estate.relate_to(*host, store, "uses");
            }
        }
        for switch in edge {
            estate.relate_to(*switch, switches.first().copied(), "connected_to");
        }
        for store in &stores {
            estate.relate_to(*store, switches.first().copied(), "connected_to");
        }
        estate
    }

    /// Nodes of a layer.
    pub fn of(&self, layer: Layer) -> Vec<usize> {
        (0..self.nodes.len()).filter(|i| self.layer(*i) == Some(layer)).collect()
    }

    pub fn layer(&self, node: usize) -> Option<Layer> {
        self.nodes.get(node).map(|node| node.layer)
    }

    /// What a node relates to by a type.
    pub fn targets<'a>(&'a self, node: usize, r#type: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.relations.iter().filter(move |r| r.source == node && r.r#type == r#type).map(|r| r.target)
    }

    fn push(&mut self, layer: Layer, code: String, name: String, domain: Option<usize>) -> usize {
        self.nodes.push(Node { layer, code, name, domain });
        self.nodes.len() - 1
    }

    fn domain_names(&self, d: usize) -> (String, String, String) {
        self.domains.get(d).map(|d| (d.code.clone(), d.ko.clone(), d.en.clone())).unwrap_or_default()
    }

    fn service(&mut self, company: &Company, prefix: &str, d: usize) -> usize {
        let (code, ko, en) = self.domain_names(d);
        let name = if company.korean { format!("{ko} 서비스") } else { format!("{en} service") };
        self.push(Layer::Service, format!("{prefix}-{code}"), name, Some(d))
    }

    fn app(&mut self, company: &Company, prefix: &str, k: usize, domains: usize) -> usize {
        let (d, turn) = (k % domains.max(1), k / domains.max(1));
        let (code, ko, en) = self.domain_names(d);
        let (role, role_ko, role_en) = APPS.get(turn % APPS.len()).copied().unwrap_or_default();
        let again = turn / APPS.len();
        let number = if again == 0 { String::new() } else { format!("-{}", again + 1) };
        let name = if company.korean {
            format!("{ko} {role_ko}{number}")
        } else {
            format!("{en} {role_en}{number}")
        };
        self.push(Layer::App, format!("{prefix}-{code}-{role}{number}"), name, Some(d))
    }

    fn container(&mut self, company: &Company, apps: &[usize], k: usize, rng: &mut Rng) -> usize {
        let app = apps.get(k % apps.len().max(1)).and_then(|app| self.nodes.get(*app)).cloned();
        let (code, name, domain) = app.map(|app| (app.code, app.name, app.domain)).unwrap_or_default();
        let replica = k / apps.len().max(1) + 1;
        let hash = format!("{:05x}", rng.next() & 0xf_ffff);
        let word = company.say("컨테이너", "container");
        self.push(
            Layer::Container,
            format!("{code}-{hash}-{replica}"),
            format!("{name} {word} {replica}"),
            domain,
        )
    }

    fn of_domains(
        &mut self,
        company: &Company,
        prefix: &str,
        layer: Layer,
        n: usize,
        (word, ko_word, en_word): (&str, &str, &str),
    ) -> Vec<usize> {
        let domains = self.domains.len().max(1);
        (0..n)
            .map(|k| {
                let (d, turn) = (k % domains, k / domains + 1);
                let (code, ko, en) = self.domain_names(d);
                let name = company.say(&ko, &en);
                let name = format!("{name} {} {turn}", company.say(ko_word, en_word));
                self.push(layer, format!("{prefix}-{code}-{word}-{turn:02}"), name, Some(d))
            })
            .collect()
    }

    fn plain(
        &mut self,
        company: &Company,
        prefix: &str,
        layer: Layer,
        n: usize,
        (word, ko, en): (&str, &str, &str),
    ) -> Vec<usize> {
        let digits = if n > 99 { 4 } else { 2 };
        (1..=n)
            .map(|k| {
                let name = format!("{} {k}", company.say(ko, en));
                self.push(layer, format!("{prefix}-{word}-{k:0digits$}"), name, None)
            })
            .collect()
    }

    fn join_apps(
        &mut self,
        services: &[usize],
        apps: &[usize],
        dbs: &[usize],
        caches: &[usize],
        queues: &[usize],
        rng: &mut Rng,
    ) {
        let domains = services.len().max(1);
        let in_domain = |d: usize, of: &[usize]| -> Vec<usize> {
            of.iter().enumerate().filter(|(k, _)| k % domains == d).map(|(_, node)| *node).collect()
        };
        // calls only go forward in this order, so that they never form a ring
        let mut order: Vec<usize> = (0..domains).collect();
        rng.shuffle(&mut order);
        for (place, &d) in order.iter().enumerate() {
            let own = in_domain(d, apps);
            let (own_dbs, own_caches) = (in_domain(d, dbs), in_domain(d, caches));
            let front = own.first().copied();
            for (k, &app) in own.iter().enumerate() {
                self.relate_to_first(services.get(d).copied(), app, "depends_on");
                let db = rng.pick(&own_dbs).or(dbs.get(d % dbs.len().max(1))).copied();
                self.relate_to(app, db, "depends_on");
                if rng.chance(0.5) {
                    let cache = rng.pick(&own_caches).copied();
                    self.relate_to(app, cache, "depends_on");
                }
                if rng.chance(0.3) {
                    let queue = rng.pick(queues).copied();
                    self.relate_to(app, queue, "depends_on");
                }
                if k > 0 {
                    self.relate_to(app, front, "calls");
                }
            }
            for _ in 0..1 + rng.below(2) {
                let later = order.get(place + 1..).unwrap_or_default();
                let other = rng.pick(later).and_then(|other| in_domain(*other, apps).first().copied());
                if let Some(front) = front {
                    self.relate_to(front, other, "calls");
                }
            }
        }
    }

    fn relate_to_first(&mut self, source: Option<usize>, target: usize, r#type: &'static str) {
        if let Some(source) = source {
            self.relate(source, target, r#type);
        }
    }

    fn relate_to(&mut self, source: usize, target: Option<usize>, r#type: &'static str) {
        if let Some(target) = target {
            self.relate(source, target, r#type);
        }
    }

    fn relate(&mut self, source: usize, target: usize, r#type: &'static str) {
        let relation = Relation { source, target, r#type };
        // the list of one source is short and at the end
        let known = self.relations.iter().rev().take(64).any(|other| *other == relation);
        if source != target && !known {
            self.relations.push(relation);
        }
    }
}

fn domain(company: &Company, i: usize) -> DomainName {
    let base = company.domains.len().max(1);
    let (code, ko, en) = company.domains.get(i % base).copied().unwrap_or(("core", "핵심", "Core"));
    let round = i / base;
    if round == 0 {
        return DomainName { code: code.to_owned(), ko: ko.to_owned(), en: en.to_owned() };
    }
    let (region, region_ko, region_en) =
        REGIONS.get((round - 1) % REGIONS.len()).copied().unwrap_or_default();
    let again = (round - 1) / REGIONS.len();
    let number = if again == 0 { String::new() } else { format!("{}", again + 1) };
    DomainName {
        code: format!("{code}-{region}{number}"),
        ko: format!("{region_ko}{number} {ko}"),
        en: format!("{en} {region_en}{number}"),
    }
}
