//! Words of requests that would change something, run something, or give away a secret.

/// Korean stems of verbs that change things when a request ending follows directly.
pub const KO_CHANGE: &[&str] = &[
    "삭제", "제거", "변경", "수정", "업데이트", "추가", "등록", "생성", "입력", "초기화", "재시작", "재부팅", "리부트", "종료", "중지", "중단", "실행", "배포", "롤백",
    "복구", "이동", "할당", "배정", "승인", "거절", "취소", "해지", "비활성화", "활성화", "설치", "패치", "업그레이드", "포맷", "폐기", "드랍", "드롭", "트렁케이트",
    "교체", "부여", "회수", "차단", "해제", "가동", "셧다운", "마감", "적용", "반영", "갱신", "덮어쓰기", "이관", "전환", "설정", "세팅", "스케일", "증설", "닫기", "종결",
    "인서트", "딜리트", "커밋", "푸시", "킬", "강제종료", "강제 종료", "기동", "정지", "개통", "소거", "말소",
];

/// Request endings after such a stem.
pub const KO_REQUEST: &[&str] = &[
    "해줘", "해 줘", "해주", "해 주", "해줄", "해라", "해놔", "해 놔", "해놓", "해버려", "해봐", "하자", "하세요", "하십시오", "하시오", "해요", "하도록", "부탁", "시켜", "시키",
    "좀 해", "좀해", "바람", "바랍니다", "바래", "하고", "해서", "한 다음", "한다음", "하라", "해야", "할게", "할래", "해달라", "해 달라", "요망", "요청드", "하시고", "한 뒤 알려",
    "해!", "해.", "해~", "ㄱㄱ", "고고", "좀!", "하면 안", "할 수 있게", "해드려", "해 드려", "진행해", "처리해", "좀 부탁",
];

/// Korean verb forms that are a request to change something by themselves.
pub const KO_PLAIN: &[&str] = &[
    "지워줘", "지워 줘", "지워주", "지워라", "지워버", "지워 버", "지워놔", "지우고", "지워", "없애줘", "없애 줘", "없애주", "없애라", "없애버", "없애고", "없애", "바꿔줘", "바꿔 줘", "바꿔주", "바꿔라", "바꿔놔", "바꿔 놔",
    "바꿔놓", "바꿔버", "바꿔", "바꾸고", "바꾸세요", "바꾸십시오", "고쳐줘", "고쳐 줘", "고쳐놔", "고쳐주", "넣어줘", "넣어 줘", "넣어주", "넣어라", "넣어놔", "집어넣", "꺼줘", "꺼 줘", "꺼라", "꺼버려", "꺼주", "켜줘", "켜 줘",
    "켜라", "켜주", "내려줘", "내려 줘", "내려라", "내려버", "올려줘", "올려놔", "올려라", "날려줘", "날려 줘", "날려버", "날려라", "죽여줘", "죽여", "돌려줘", "옮겨줘", "옮겨 줘", "옮겨라", "옮겨놔", "풀어줘", "풀어 줘", "막아줘",
    "막아 줘", "비워줘", "비워 줘", "비워라", "비우고", "갈아엎", "초기화시", "밀어줘", "밀어버", "지정해줘", "지정해 줘", "맡겨줘", "만들어 넣", "새로 만들", "낮춰줘", "낮춰 줘", "높여줘", "줄여줘", "늘려줘", "추가로 넣", "채워줘", "채워 넣",
    "덮어써", "덮어 써", "끊어줘", "떼줘", "붙여줘", "연결시켜", "권한 줘", "권한줘", "권한을 줘", "권한 좀 줘", "권한 부여", "권한을 부여", "처리해버",
];

/// What a request to make something may make without changing data.
pub const HARMLESS_OBJECTS: &[&str] = &[
    "그래프", "차트", "표", "표로", "목록", "리스트", "요약", "보고서", "리포트", "정렬", "순서", "단위", "한국어", "영어", "그림", "graph", "chart",
    "table", "list", "summary", "report", "format", "필터", "조건",
];

/// English verbs that change things at the head of a request.
pub const EN_CHANGE: &[&str] = &[
    "delete", "remove", "drop", "truncate", "erase", "purge", "wipe", "destroy", "update", "set", "modify", "edit", "alter", "insert", "add", "create",
    "register", "rename", "replace", "overwrite", "reset", "disable", "enable", "deactivate", "activate", "grant", "revoke", "assign", "reassign", "execute",
    "kill", "terminate", "shutdown", "decommission", "uninstall", "install", "rollback", "revert", "approve", "reject", "cancel", "acknowledge", "resolve",
    "escalate", "provision", "scale", "migrate", "move", "transfer", "block", "unblock", "unlock", "lock", "mark", "write", "save", "store", "put", "push",
    "commit", "merge", "clear", "clean", "change", "restart", "reboot", "deploy", "stop", "start", "run", "patch", "upgrade", "close", "open", "turn", "switch",
    "shut", "bring", "take", "power", "format", "flush", "increase", "decrease", "raise", "lower", "schedule", "unregister", "promote", "elevate", "make", "fix",
    "ban", "invoke", "trigger", "apply", "stage", "launch", "mute", "silence", "suppress", "archive",
];

/// Of these the ones that are nouns as well: they count only when what follows is a thing.
pub const EN_DOUBLE: &[&str] = &[
    "update", "set", "change", "restart", "reboot", "deploy", "stop", "start", "run", "patch", "upgrade", "close", "open", "turn", "switch", "bring", "take",
    "power", "format", "increase", "decrease", "raise", "lower", "schedule", "move", "transfer", "block", "lock", "mark", "write", "store", "put", "push", "commit",
    "merge", "clear", "clean", "drop", "edit", "make", "fix", "trigger", "stage", "launch", "archive", "save", "reset", "resolve", "scale", "register", "create",
    "install", "insert", "add", "remove", "delete", "shut", "apply", "cancel", "approve", "execute", "kill",
];

/// What may stand before the verb of a request.
pub const EN_BEFORE: &[&str] = &[
    "please", "pls", "plz", "kindly", "can you", "could you", "would you", "will you", "go ahead and", "you should", "you must", "you need to", "i want you to",
    "i need you to", "i'd like you to", "i would like you to", "need to", "want to", "let's", "lets", "just", "then", "and", "and then", "now", "to", "help me", "immediately",
    "quickly", "also", "must", "should", "first", "after that", "afterwards", "simply", "able to", "possible to", "mind", "ok", "okay", "hey", "urgent", "so",
];

/// Names of secrets.
pub const SECRETS: &[&str] = &[
    "password", "passwd", "pwd", "비밀번호", "패스워드", "비번", "암호", "credential", "자격증명", "자격 증명", "크리덴셜", "secret key", "secret", "시크릿", "api key", "api키",
    "api 키", "apikey", "access key", "액세스 키", "private key", "개인키", "개인 키", "비밀키", "비밀 키", "ssh key", "ssh 키", "access token", "접근 토큰", "액세스 토큰", "bearer token", "토큰 값",
    "토큰을 알", "token of", "auth token", "인증 토큰", "인증토큰", "connection string", "접속 문자열", "접속 정보", "접속정보", "계정 정보", "계정정보", "로그인 정보", "로그인정보", "root 계정", "루트 계정", "system prompt",
    "시스템 프롬프트", "환경변수 값", "environment variables", "database_url", "passphrase", "login details", "login info", "certificate key", "인증서 키", "jwt", "주민번호", "주민등록번호",
];

/// Attempts to talk the planner out of its rules.
pub const OVERRIDES: &[&str] = &[
    "ignore previous", "ignore all", "ignore the rules", "ignore your", "ignore any", "ignore above", "ignore the above", "ignore the previous", "ignore prior", "disregard", "forget your instructions",
    "forget all", "forget previous", "override your", "bypass", "jailbreak", "developer mode", "you are now", "pretend you", "pretend to be", "act as", "without restrictions", "no restrictions",
    "이전 지시", "이전 명령", "이전 규칙", "앞의 지시", "지시를 무시", "지시 무시", "규칙을 무시", "규칙 무시", "지침을 무시", "지침 무시", "제한을 무시", "제한 없이 ", "제약을 무시", "안전장치를", "무시하고", "관리자 모드", "개발자 모드",
    "관리자 권한으로", "관리자라고 가정", "너는 이제", "넌 이제", "당신은 이제", "역할극", "탈옥", "프롬프트를 보여", "프롬프트 보여", "reveal your prompt", "your instructions", "your prompt", "as an admin with full", "sudo ",
    "제한 해제", "제한을 해제", "읽기 전용 모드를", "읽기전용 모드를", "읽기 전용을 해제", "read-only mode off", "disable read-only", "disable safety",
];

/// SQL and shell that would change something.
pub const COMMANDS: &[&str] = &[
    "drop table", "drop database", "delete from", "insert into", "update ci", "alter table", "truncate table", "grant all", "grant select", "grant insert", "revoke all", "create table", "create user", "create role", "rm -rf",
    "rm -f", "shutdown -", "systemctl", "kubectl delete", "kubectl apply", "kubectl scale", "kubectl exec", "kubectl rollout", "docker rm", "docker stop", "curl -x", "detach delete", "merge (", "copy (",
    "pg_terminate", "pg_sleep", "pg_read_file", "xp_cmdshell", "; --", "into outfile", "alter role", "alter user", "drop schema", "drop index", "truncate event", "chmod ", "chown ", "reboot now", "kill -9", "drop user",
];
