//! Families of relations: what people say when something runs on, uses or is part of something else.

/// How a word of a family turns its relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The subject is the source of the relation.
    Plain,
    /// The subject is the target.
    Flip,
    /// A noun that names the targets of its owner (`components of X`).
    Targets,
    /// A noun that names the sources (`dependents of X`).
    Sources,
    /// Without direction of its own.
    Either,
}

/// A family: its name, the words in keys of relation types that belong to it, and what people say.
pub struct Family {
    /// Name.
    pub name: &'static str,
    /// First words of keys, squashed.
    pub keys: &'static [&'static str],
    /// Words that turn the relation so.
    pub says: &'static [(Turn, &'static [&'static str])],
}

/// The families. In every one the source of a `Plain` word is the one that needs the other.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "run",
        keys: &["run", "hosted", "실행", "구동", "가동", "scheduled"],
        says: &[
            (
                Turn::Plain,
                &["runs on", "run on", "running on", "running in", "runs", "running", "run", "ran on", "돌아가", "돌아간", "돌고 있", "돌고", "도는", "구동되", "구동", "실행되", "실행 중", "실행", "가동되", "올라가", "올라간", "올라와", "올라", "얹혀", "얹은", "떠 있", "떠있", "뜬", "뜨는", "호스팅되", "호스팅된", "hosted on", "hosted by", "hosted in", "hosted", "sits on", "sitting on", "탑재된", "설치된", "설치되", "installed on", "installed", "resides on", "lives on", "live on", "placed on", "scheduled on", "기반", "돌려"],
            ),
            (Turn::Flip, &["hosting", "호스팅하", "호스팅하는", "돌리는", "띄우는", "실행하는", "구동하는", "underlies", "underlying"]),
        ],
    },
    Family {
        name: "deploy",
        keys: &["deploy", "배포", "배치", "install"],
        says: &[(
            Turn::Plain,
            &["deployed on", "deployed to", "deployed in", "deployed", "배포된", "배포되", "배포돼", "배포되어", "배치된", "배치되", "deployed onto", "배포한"],
        )],
    },
    Family {
        name: "depend",
        keys: &["depend", "의존", "require", "needs"],
        says: &[
            (
                Turn::Plain,
                &["depends on", "depend on", "depending on", "depends directly on", "depend directly on", "depended on", "depends", "depend", "의존하는", "의존하", "의존해", "의존한", "의존", "의존관계", "의존 관계", "종속", "dependency", "relies on", "rely on", "relying on", "requires", "require", "needs"],
            ),
            (Turn::Targets, &["dependencies", "dependencies of", "의존 대상", "의존대상"]),
            (Turn::Sources, &["dependents", "dependants", "dependent systems", "의존하는 쪽"]),
            (Turn::Flip, &["depended on by", "의존받는", "의존되는", "의존 받는", "is needed by", "needed by", "required by", "의존당하는"]),
        ],
    },
    Family {
        name: "connect",
        keys: &["connect", "link", "연결", "attach", "peer"],
        says: &[(
            Turn::Either,
            &["connected to", "connected with", "connected", "connects to", "connect to", "connects", "connect", "connection", "connections", "linked to", "linked", "attached to", "attached", "연결된", "연결되", "연결돼", "연결하", "연결", "물려", "물린", "꽂힌", "꽂혀", "붙어 있", "붙은", "plugged into", "uplink", "wired to", "접속된"],
        )],
    },
    Family {
        name: "use",
        keys: &["use", "사용", "mount", "read", "write", "store"],
        says: &[
            (
                Turn::Plain,
                &["uses", "use", "using", "사용하는", "사용하", "사용해", "사용 중", "사용중", "쓰는", "쓰고 있", "쓰고", "쓴", "써", "이용하는", "이용하", "utilizes", "utilises", "mounts", "mounted", "활용하"],
            ),
            (Turn::Flip, &["used by", "사용되는", "사용되", "쓰이는", "쓰이", "이용되는", "이용되", "in use by"]),
        ],
    },
    Family {
        name: "protect",
        keys: &["protect", "보호", "secure", "guard"],
        says: &[
            (
                Turn::Plain,
                &["protected by", "protected", "secured by", "guarded by", "보호받는", "보호 받는", "보호받", "보호되는", "보호되", "보호된", "보호를 받", "guarded", "secured", "shielded by"],
            ),
            (Turn::Flip, &["protects", "protect", "protecting", "보호하는", "보호하", "보호해", "보호 중", "보호", "보호중", "guards", "secures", "지키는", "지키"]),
        ],
    },
    Family {
        name: "compose",
        keys: &["compos", "consist", "contain", "구성", "포함", "include", "hasmember", "comprise"],
        says: &[
            (
                Turn::Plain,
                &["composed of", "consists of", "consist of", "contains", "contain", "containing", "includes", "include", "including", "포함하는", "포함하", "comprises", "made up of", "made of", "구성되어", "구성되", "구성된", "이루어져"],
            ),
            (
                Turn::Flip,
                &["part of", "belongs to", "belong to", "belonging to", "member of", "속한", "속하는", "속해", "소속된", "소속", "소속되", "구성하는", "구성하고", "contained in", "contained by", "included in", "포함된", "포함되", "딸린", "component of"],
            ),
            (Turn::Targets, &["components", "component", "components of", "구성요소", "구성 요소", "구성원", "members", "parts", "하위 구성요소", "parts of", "members of", "구성품", "children"]),
        ],
    },
    Family {
        name: "call",
        keys: &["call", "호출", "invoke", "request"],
        says: &[
            (
                Turn::Plain,
                &["calls", "call", "calling", "invokes", "invoke", "호출하는", "호출하", "호출해", "호출", "부르는", "부르", "talks to", "talk to", "sends requests to", "communicates with"],
            ),
            (Turn::Flip, &["called by", "호출되는", "호출되", "호출받는", "호출 받는", "호출당하는", "불리는", "invoked by", "called"]),
            (Turn::Sources, &["callers", "caller", "호출자", "상위 서비스", "upstream services"]),
            (Turn::Targets, &["callees", "callee", "하위 서비스", "downstream services", "호출 대상", "호출대상"]),
        ],
    },
];
