//! What people in operations say, in both languages, independent of any estate.

pub mod attributes;
pub mod guarded;
pub mod orders;
pub mod relations;
pub mod terms;
pub mod verbs;

/// A word of a question that asks for an operation, compares, points or joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum W {
    /// How many.
    Count,
    /// Show, list.
    List,
    /// For each (`별`, `per`, `by`).
    Each,
    /// Most of a number of things.
    Most,
    /// Fewest.
    Fewest,
    /// Largest value.
    Max,
    /// Smallest value.
    Min,
    /// First ones of a ranking: a number stands beside it.
    Top,
    /// Last ones of a ranking.
    Bottom,
    /// Average.
    Avg,
    /// Sum.
    Sum,
    /// Median.
    Median,
    /// Share, ratio, rate.
    Share,
    /// Newest.
    Latest,
    /// Oldest.
    Earliest,
    /// Longest lasting.
    Longest,
    /// Shortest lasting.
    Shortest,
    /// Compared with.
    Compare,
    /// Difference, change.
    Difference,
    /// Which of two.
    Either,
    /// Shortest path, route.
    Path,
    /// Number of hops.
    Hops,
    /// What fails with it.
    Impact,
    /// Only, completely: redundancy matters.
    Redundant,
    /// Cycle.
    Cycle,
    /// In both directions, each other.
    Mutual,
    /// Never, not once, without.
    Never,
    /// Not, except.
    Not,
    /// The same as.
    Same,
    /// Other.
    Other,
    /// Is there any.
    Exists,
    /// Who.
    Who,
    /// When.
    When,
    /// Where.
    Where,
    /// What, which.
    Which,
    /// Why, root cause.
    Why,
    /// At least.
    Ge,
    /// At most.
    Le,
    /// More than.
    Gt,
    /// Less than.
    Lt,
    /// Equal.
    Is,
    /// Over time.
    Trend,
    /// Those, of those.
    Those,
    /// It, that one.
    It,
    /// What about.
    About,
    /// And, then, only: opening of a question that goes on.
    Then,
    /// Directly.
    Direct,
    /// Directly or not, all the way.
    Indirect,
    /// Steps, hops as a unit.
    Step,
    /// All, whole.
    All,
    /// Together.
    Together,
    /// Forecast, future.
    Future,
    /// Part of time: minute.
    Minute,
    /// Part of time: hour.
    Hour,
    /// Part of time: hour of the day.
    HourOfDay,
    /// Part of time: day.
    Day,
    /// Part of time: week.
    Week,
    /// Part of time: day of the week.
    Weekday,
    /// Part of time: month.
    Month,
    /// A sample, a measurement.
    Sample,
    /// An item of any kind.
    Thing,
    /// Its code.
    Code,
    /// Its name.
    Name,
    /// Its kind.
    KindOf,
    /// A record of any kind: history, log.
    History,
    /// Details, all fields.
    Details,
    /// How a thing was: asks for the value.
    Value,
    /// Of.
    PrepOf,
    /// On, in, at, to.
    PrepOn,
    /// By.
    PrepBy,
    /// From.
    PrepFrom,
    /// With, having.
    PrepWith,
    /// That, which (relative), whose.
    That,
    /// And.
    And,
    /// Or.
    Or,
    /// Opposite of a success: fails, goes down.
    Down,
    /// Percent sign or word.
    Percent,
    /// Following the direction.
    Direction,
    /// Trouble: of what has events.
    Trouble,
    /// Out of the ordinary.
    Odd,
    /// As it should be: how an item is.
    Well,
    /// What was changed, as a verb.
    Changed,
    /// Full, used up.
    Full,
    /// Hardware and software words that name no kind.
    Filler,
}

mod harmless;

pub use harmless::harmless;

/// Phrases of [`W`], parted by `|`; white space does not matter. Hangul verbs stand as stems.
pub const WORDS: &[(W, &str)] = &[
    (
        W::Count,
        "몇 대씩|몇 개씩|몇 건씩|몇 개|몇개|몇 대|몇 건|몇 명|몇 종|몇 군데|몇 가지|몇 곳|\
         몇 건수|개수|갯수|건수|대수|숫자|횟수|몇 번|몇 회|수|총수|카운트|몇|세면|세어|세줘|\
         how many|number of|count|counts|counted|total number|how often|how many times|nr of|\
         no of|num of|총|총 몇|total|in total|얼마나 많|tally",
    ),
    (
        W::List,
        "목록|리스트|나열|보여|알려|뽑아|골라|list|show|give me|tell me|display|조회|찾아|\
         find|전부 알려|말해|정리|출력|get me|gimme|pull up|lemme see|let me see|불러봐|읊어|enumerate|name them|name all",
    ),
    (
        W::Each,
        "하나당|당|기준으로|break it down|break it down by|break down|break them down|broken down|나눠|나눠서|쪼개|split it|몇 대씩|몇 개씩|몇 건씩|별로|별|마다|각각|각|per|for each|each|grouped by|group by|\
         broken down by|breakdown by|breakdown|split by|by each|분포|distribution",
    ),
    (
        W::Most,
        "가장 많|제일 많|최다|가장 흔해|제일 흔해|제일 흔한|흔해|가장 흔한|흔한|common|commonest|most common|많이|많은|많았|\
         많이 난|most|most often|most frequent|most frequently|largest number of|\
         highest number of|busiest|잦은|자주|빈번|젤 많|제일 말썽|가장 말썽|젤 말썽|제일 시끄러운|가장 시끄러운|젤 시끄러운|\
         noisiest|most trouble|most troublesome|most problematic|most problems|flakiest|least stable|제일 바쁜|가장 바쁜",
    ),
    (
        W::Fewest,
        "가장 적|제일 적|최소 건수|적은|적게|적었|드문|fewest|least|the least|\
         smallest number of|lowest number of|least often|젤 적|quietest|calmest|제일 안|가장 안|젤 안|제일 조용한|가장 조용한|젤 조용한|제일 한가한|\
         가장 한가한|least busy|조용한",
    ),
    (
        W::Max,
        "최대|최댓값|최대값|최고치|최고값|최고|best|가장 좋|제일 좋|우수|가장 높|제일 높|높은|높았|높게|가장 큰|\
         제일 큰|가장 크|큰|컸|가장 긴|피크|peak|max|maximum|highest|largest|biggest|\
         greatest|top value|higher|worst|가장 나쁜|제일 나쁜|나빴|나쁜|나쁘|최장|가장 느린|느린|느렸|slowest|slower|젤 높|\
         튀|바쁜|busy|치솟|spike|spiked|heaviest|strongest",
    ),
    (
        W::Min,
        "최소|최솟값|최소값|최저|최저치|최저값|가장 낮|제일 낮|낮은|낮았|낮게|가장 작|\
         제일 작|작은|작았|min|minimum|lowest|smallest|bottom value|lower|가장 빠른|빠른|\
         fastest|dropped lowest|젤 낮|바닥",
    ),
    (
        W::Top,
        "top|탑|톱|상위|많은 순|높은 순|큰 순|순위|순서|랭킹|ranking|rank|ranked|많은 순으로|\
         내림차순|descending",
    ),
    (W::Bottom, "bottom|하위|적은 순|낮은 순|작은 순|오름차순|ascending"),
    (
        W::Avg,
        "usually|typically|normally take|보통|대개|평균|평균값|average|avg|mean|averaged|on average|평균적",
    ),
    (
        W::Sum,
        "합계|합치면|합치|더해서|다 합하|합|합하|합친|합산|총합|다 더하|더하면|합쳐|sum|summed|combined|total of|\
         altogether|총량|added up|add up|in sum",
    ),
    (W::Median, "중앙값|중간값|median"),
    (
        W::Share,
        "비율|비중|퍼센트야|몇 퍼센트|몇 프로|몇 퍼|몇퍼센트|백분율|점유율|share|ratio|percentage|\
         proportion|what percent|percent of|rate|fraction|성공율|성공률|성공 비율|실패 비율|\
         성공 확률|실패율|실패률|success rate|failure rate",
    ),
    (
        W::Latest,
        "가장 최근|제일 최근|최근|마지막|최신|최종|latest|last|most recent|newest|\
         most recently|recent|recently|last time|최근에",
    ),
    (
        W::Earliest,
        "가장 오래된|가장 먼저|최초|첫번째|첫 번째|첫|처음|first|맨 처음|제일 먼저|earliest|oldest|\
         first ever|very first|가장 이른",
    ),
    (
        W::Longest,
        "가장 오래 걸린|오래 걸린|오래걸린|가장 오래|제일 오래|가장 길|제일 길|긴|longest|\
         took longest|took the longest|longest running",
    ),
    (W::Shortest, "가장 짧|제일 짧|짧은|짧게|shortest"),
    (W::Compare, "비교|대비|compare|compared|compared to|compared with|versus|vs|than"),
    (
        W::Difference,
        "차이|몇 건 더|몇 개 더|몇 대 더|몇 번 더|얼마나 더|how many more|how many fewer|how much more|how much less|\
         how much higher|how much lower|증가율|감소율|증감률|증감율|변화율|growth|growth rate|얼마나 늘|얼마나 줄|늘었|줄었|증가|감소|증감|변화량|difference|increase|\
         decrease|increased|decreased|grow|grew|더 많|더 적|더 높|더 낮|늘어났|올랐|떨어졌",
    ),
    (
        W::Either,
        "중 어느|둘 중|어느 쪽|어느쪽|뭐가 더|누가 더|어디가 더|많은 쪽|더 많은|높은 쪽|\
         적은 쪽|쪽은|which of the two|more than the other",
    ),
    (
        W::Path,
        "경로|최단 경로|루트|경유|path|shortest path|route|어떻게 연결|거쳐|거치|chain from|shortest chain|chain of|shortest route",
    ),
    (
        W::Hops,
        "몇 홉|몇 단계|홉 수|몇 hop|몇 다리|몇번 거|홉|how many hops|hops|hop count|\
         number of hops|how far|거리|distance|how many steps|몇 스텝",
    ),
    (
        W::Impact,
        "문제가 생기|문제가 생겨|문제 생겨|문제가 발생|장애 영향|영향 받|영향받|영향을 받|영향을 주|영향 범위|영향범위|영향 분석|파급|영향|\
         여파|impacted|affected|impact of|blast radius|affect|affects|would break|will break|\
         breaks|impacts|be hit|suffer|at risk|같이 죽|같이 멈|함께 장애|연쇄",
    ),
    (
        W::Down,
        "장애나면|장애 나면|장애가 나면|장애가 발생하면|장애 발생하면|장애 발생 시|장애 시|\
         장애나|죽으면|다운되면|다운 되면|다운되|다운|내려가면|멈추면|멈춘다면|고장나면|\
         고장 나면|꺼지면|끊기면|빠지면|중단되면|없어지면|장애가 생기면|장애 생기면|장애면|\
         goes down|go down|went down|is down|fails|fail|dies|crashes|crash|stops working|\
         outage of|is lost|becomes unavailable|is unavailable|shuts down|breaks down|lose|\
         loses|losing|were to fail|failed over",
    ),
    (
        W::Redundant,
        "하나만|한 대만|한대만|완전히|단일 장애점|단일장애점|이중화|single point of failure|\
         spof|completely|entirely|alone|only path|redundancy|redundant|만으로|totally|\
         의존하는 유일|유일한",
    ),
    (W::Cycle, "순환|사이클|고리|cycle|cycles|circular|loop|loops"),
    (
        W::Mutual,
        "서로|상호|양방향|맞물|each other|mutual|mutually|both directions|bidirectional|\
         one another",
    ),
    (
        W::Never,
        "한번도 없|한 번도 없|한번도 안|한 번도 안|한번도|한 번도|전혀 없|전혀|하나도 없|\
         하나도|없는|없던|없었던|없이|안 된|안 받은|받지 않은|never|without any|without|no|\
         have no|with no|not once|not a single|lacks|lack|lacking|zero|none|아무 것도|\
         하지 않은|되지 않은|되지 않는|하지 않는|지 않은|지 않는|않은|않는|없음|not have|\
         have not|haven't|don't have|doesn't have|not had",
    ),
    (
        W::Not,
        "아닌|아니고|아니라|아니면서|말고|제외|제외하|제외한|빼고|빼면|외에|이외|뺀|outside|outside of|neither|nor|not|except|excluding|\
         other than|but not|isn't|aren't|non|exclude|ignoring|apart from",
    ),
    (
        W::Same,
        "같은|동일한|동일|함께 쓰|같이 쓰|겹치|중복|duplicate|duplicates|duplicated|공유|같이 있|같이 돌|same|share|shares|shared|sharing|\
         same as|co-located|colocated|along with|옆에",
    ),
    (W::Other, "다른|딴|여타|나머지|또|other|another|else|rest"),
    (
        W::Exists,
        "있어|있나|있나요|있습니까|있는지|있을까|있니|있었|있었나|존재하|is there|are there|\
         was there|were there|any|does|do we have|has any|exist|exists|있음",
    ),
    (
        W::Who,
        "누가|누구|누군|누굴|누구한테|누구에게|어느 부서|무슨 부서|어떤 부서|어느 조직|어느 파트|무슨 파트|어느 그룹|which department|\
         what department|what team|which squad|which person|어느 팀|무슨 팀|어떤 팀|who|whom|which team|whose|어느팀",
    ),
    (
        W::When,
        "when will|how soon|언제|몇 시|몇시|시각|시점|며칠|몇 일|몇월|몇 월|when|what time|which day|what day|\
         which date|what date|어느 날|무슨 요일|날짜|일시|일자",
    ),
    (W::Where, "어디|어디서|어디에|where|어딨"),
    (W::Which, "어떤|어느|무슨|뭐|뭔|무엇|뭘|which|what|what's|which one|which ones"),
    (
        W::Why,
        "왜|어째서|how come|뭐 때문|뭐때문|무엇 때문|장애를 일으킨|장애 일으킨|문제를 일으킨|일으킨|장애를 낸|원인|근본원인|근본 원인|이유|문제였|장애 낸|why|root cause|cause|caused|causing|\
         at fault|to blame|culprit|responsible for the|reason|what went wrong|went wrong|rca|\
         범인|책임이 있는|문제를 일으킨|탓|what is wrong|what's wrong|whats wrong|뭐가 문제|무엇이 문제|문제가 뭐|무슨 문제|\
         어디가 문제",
    ),
    (
        W::Ge,
        "이상|부터 위|or newer|or later|at least|or more|or higher|or above|and above|or worse|and worse|or more severe|or more critical|or greater|or over|\
         and up|no less than|and higher|+",
    ),
    (
        W::Le,
        "이하|at most|or less|or lower|or below|or fewer|up to|no more than|and below|\
",
    ),
    (
        W::Gt,
        "초과|넘는|넘은|넘긴|넘어|넘었|넘게|넘고|newer than|later than|웃도는|보다 큰|보다 많|보다 높|보다 긴|보다 오래|\
         more than|greater than|over|above|exceed|exceeds|exceeded|exceeding|higher than|\
         larger than|bigger than|longer than|웃도|beyond",
    ),
    (
        W::Lt,
        "미만|older than|earlier than|보다 작|보다 적|보다 낮|보다 짧|밑도|밑으로|아래로|아래|less than|fewer than|\
         below|under|lower than|smaller than|shorter than|beneath|못 미치|안 되는",
    ),
    (
        W::Trend,
        "추이|추세|그래프|차트|변화|흐름을|trend|over time|graph|chart|plot|timeline|\
         time series",
    ),
    (
        W::Those,
        "그중|그 중|그중에|그 중에|그중에서|그 중에서|이중|이 중|이 중에|이중에서|거기서|\
         거기에서|걔네|그것들|그것들 중|those|of those|of them|among them|among those|them|\
         these|of these|그들|이들|저것들|위 결과|방금 결과|그 둘|그 두 개|이 둘|그 셋|those two|these two|the two of them|both of them|they|their",
    ),
    (
        W::It,
        "그거|그건|그게|그것|그것은|이거|이건|얘|걔|거기|거긴|해당|그 장비|그 서버|it|its|\
         it's|that one|this one|the same one|that|this|그|이|저|그쪽|같은 거",
    ),
    (
        W::About,
        "what about|how about|and for|what of|그럼|그러면|은요|는요|은 어때|는 어때|어때|\
         어떄|and what about|same for|same thing for|ditto for|likewise for|do the same for|마찬가지로|똑같이",
    ),
    (W::Then, "그리고|and|then|also|또한|이어서|only|just|그 다음|그다음"),
    (W::Direct, "직접|directly|direct|immediate|바로"),
    (
        W::Indirect,
        "reach|reaches|reachable|직접이든 간접이든|직접 또는 간접|직접이나 간접|직접 간접|직간접|직간접적|간접|간접적|모두 따라|끝까지|전이적|transitively|transitive|\
         indirect|indirectly|all the way|recursively|재귀|전체 의존|연쇄적|줄줄이|건너건너|건너 건너|도미노|연달아|줄지어|거슬러|cascading|cascade|knock-on|domino|\
         directly or indirectly|downstream|upstream|하위 전체|타고 타고",
    ),
    (W::Step, "단계|hop|홉 이내|step|steps|레벨|level deep|levels"),
    (W::All, "모든|전체|모두|전부|다|all|every|entire|whole|everything|싹"),
    (W::Together, "합쳐서|통틀어|통합|together|overall|across all|전체적"),
    (
        W::Future,
        "내일|예측|예상|앞으로|다음 주|다음주|다음 달|다음달|내년|tomorrow|forecast|predict|\
         prediction|next week|next month|next year|will there be|in the future|when will|going to|gonna|expected to|how soon|어떻게 될|넘을까|넘을지|도달할|\
         찰까|찰지|얼마나 될까|될 것 같",
    ),
    (W::Minute, "분별|분당|minute by minute|per minute|분 단위"),
    (W::Hour, "시간별|시간당|hourly|per hour|by hour|each hour|매시간|시간 단위"),
    (
        W::HourOfDay,
        "하루 중 언제|하루중 언제|하루 중 몇 시|what time of day|which time of day|time of the day|시간대|시간대별|hour of day|hour of the day|time of day|몇 시대",
    ),
    (W::Day, "일별|일자별|날짜별|하루|날|날이|일 단위|daily|per day|by day|day|days|each day|매일"),
    (W::Week, "주별|주간별|weekly|per week|by week|each week|week|주"),
    (
        W::Weekday,
        "월요일|화요일|수요일|목요일|금요일|토요일|일요일|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\
         mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|주말|평일|주중|weekend|weekends|weekdays|\
         working days|요일|요일별|by weekday|day of week|day of the week|each weekday|per weekday",
    ),
    (W::Month, "월별|달별|매달마다|매달|monthly|per month|by month|each month|month|달|매월|월"),
    (
        W::Sample,
        "샘플|표본|측정값|측정치|sample|samples|measurements|measurement|data points|\
         data point|분 동안|one-minute|one-minute samples|1분|datapoints",
    ),
    (
        W::Thing,
        "ci|cis|구성항목|구성 항목|항목|아이템|자산|asset|assets|items|item|\
         configuration item|configuration items|장비|기기|디바이스|device|devices|component|\
         components|소프트웨어|software|하드웨어|hardware|대상|것|things|thing|elements|\
         resources|ones|one|애들|놈|노드들|machines|machine|인프라",
    ),
    (W::Code, "코드|코드만|ci 코드|code|codes|ci code|id|식별자|ci codes"),
    (W::Name, "이름|명칭|name|names|ci name|이름은"),
    (
        W::KindOf,
        "종류|유형별|종류별|타입별|kind|kinds|type|types|타입|서브타입|subtype|subtypes|\
         ci subtype|ci type|ci 유형|ci 종류|ci 타입|유형",
    ),
    (W::History, "이력|기록|내역|history|records|record|로그|logs|log|entries|entry"),
    (
        W::Details,
        "상세|정보|상세정보|스펙|사양|속성|details|detail|info|information|spec|specs|\
         specification|attributes|properties|everything about|about|describe|profile",
    ),
    (W::Value, "값|value|얼마|how much|how high|how big|how large|how long|level|수치|어느 정도"),
    (W::PrepOf, "of|의"),
    (W::PrepOn, "on|in|at|to|onto|into|within|inside|for|against|위에|위에서|위|안에|밑에"),
    (
        W::PrepBy,
        "by|via|through|using|통해|in terms of|when it comes to|with regard to|with respect to|in regards to",
    ),
    (W::PrepFrom, "from|starting from|out of"),
    (W::PrepWith, "with|having|has|have|가진|갖고|갖춘|보유|인"),
    (W::That, "that|which"),
    (W::And, "and|및|또|하고|랑|와|과|&|plus|as well as|그리고"),
    (W::Or, "or|또는|혹은|이나"),
    (W::Percent, "퍼센트|프로|percent|pct"),
    (W::Direction, "방향대로|방향으로|방향|direction|following the direction|directed"),
    (W::Is, "is|are|was|were|equals|equal to|=|==|인|이고"),
    (
        W::Trouble,
        "말썽|말썽인|말썽이|말썽을|말썽쟁이|골칫거리|골칫덩이|사고뭉치|시끄러운|시끄러|시끄럽|요란한|제일 말썽|가장 말썽|제일 시끄러운|가장 시끄러운|\
         제일 조용한|가장 조용한|조용한|trouble|troublesome|noisy|noisiest|problematic|most trouble|most troublesome|\
         most problematic|most problems|flaky|flakiest|unstable|least stable|quietest|calmest|quiet",
    ),
    (
        W::Odd,
        "이상 징후|이상 현상|이상치|이상한|이상했|이상해|이상하|이상 감지|비정상|특이한|특이사항|특이 사항|특이점|수상한|수상해|\
         평소와 다른|평소랑 다른|평소하고 다른|평소 같지 않|anomaly|anomalies|anomalous|unusual|unusually|weird|weirdness|strange|\
         strangely|odd|oddly|abnormal|abnormally|abnormality|out of the ordinary|suspicious|fishy|looks off|looking off|\
         seems off|outlier|outliers|acting up|misbehaving|misbehave|irregular|not normal|funny",
    ),
    (
        W::Well,
        "괜찮아|괜찮은가|괜찮나|괜찮니|괜찮은지|괜찮냐|문제없|이상없|살아있|살아 있|잘 돌아|잘 돌고|잘돌아|잘 되고|잘되고|멀쩡|\
         ok|okay|healthy|alive|up and running|all right|alright|doing fine|doing ok|in good shape|doing|건강",
    ),
    (
        W::Changed,
        "바뀐|바뀌었|바꼈|바뀜|바뀌었는지|바뀐게|바뀐 거|달라진|달라졌|뭐가 변했|변한 게|변경된 거|변경된 게|변경된 것|변경점|\
         건드린|건드렸|건드려|손댄|손댔|손 댄|손 댔|touched|touch|messed with|mess with|tampered with|fiddled with|\
         what changed|what has changed|what's changed|whats changed|anything changed|anything change|something change|\
         did anything change|has anything changed|changed recently|changed lately|anything new",
    ),
    (
        W::Full,
        "꽉 차|꽉차|가득 차|가득차|다 차|다차|꽉 찰|꽉찰|다 찰|다찰|바닥나|고갈|run out|runs out|running out|fill up|fills up|\
         filled up|be full|get full|gets full|is full|full up|exhausted|used up",
    ),
    (
        W::Filler,
        "live in|lives in|living in|break|please|pls|plz|thanks|thx|hi|hello|the|a|an|did|do|does|done|have|has|had|been|be|\
         being|am|i|we|us|our|you|your|me|my|can|could|would|should|will|shall|may|might|\
         there|here|so|too|very|much|many|some|such|as|if|when|while|but|because|into|during|\
         between|registered|exist|currently|now|right|also|both|more|less|than|used|happened|\
         happen|occurred|occur|recorded|performed|perform|carried|executed|took|take|place|\
         started|start|began|begin|ended|end|finished|finish|made|make|got|get|gets|see|saw|\
         seen|give|tell|know|need|want|let|like|boutique|shop|company|estate|좀|제발|부탁|\
         부탁드려요|부탁드립니다|해줘|해주세요|주세요|줘|주라|했던|했는지|했어|했나|했나요|\
         했습니까|되어|돼|되나|되나요|됐|됐어|됐나|된|되는|하는|할|한|하면|하고|발생한|발생|\
         생긴|난|났|났던|나온|나왔|있는|있던|있고|경우|때|동안|사이|사이에|중|중에|중에서|\
         가운데|관련|관련된|대한|대해|위한|현재|지금|등록된|등록|우리|회사|저희|그냥|혹시|\
         싶어|싶은데|궁금|수 있|으로만|만|기준|들어가는|들어간|들어가|들어있는|포함된|시작된|시작한|시작|끝난|끝|완료된|\
         완료|수행된|수행한|수행|진행된|진행한|진행|이루어진|기록된|걸린|걸렸|걸리|측정된|\
         였지|였어|였나|였는지|였던|이었|인지|인가|이야|야|임|요|가장|제일|젤|만든|만들|\
         개발된|개발|작성된|되었|되었나|얼마야|얼마나|얼마였|쯤|정도|약|대략|about|around|\
         approximately|roughly|부분|쪽|측|상|가지|갖|구해|계산|계산해|맞|맞아|맞나|일어난|\
         일어났|보고|보면|보여줄|알고|알 수|볼 수|확인|확인해|체크",
    ),
];
