//! Files to begin with: heads only, or with rows that fit together when all of them are imported.

use crate::{
    i18n::{Lang, t},
    ui::download,
};

/// What a file can be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// Configuration items.
    Items,
    /// Relations between them.
    Relations,
    /// Tickets, as an example of records.
    Records,
    /// Metrics, one value a row.
    Metrics,
}

impl Sample {
    fn file(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Items, Lang::Ko) => "구성항목.csv",
            (Self::Items, Lang::En) => "items.csv",
            (Self::Relations, Lang::Ko) => "관계.csv",
            (Self::Relations, Lang::En) => "relations.csv",
            (Self::Records, Lang::Ko) => "티켓.csv",
            (Self::Records, Lang::En) => "tickets.csv",
            (Self::Metrics, Lang::Ko) => "지표.csv",
            (Self::Metrics, Lang::En) => "metrics.csv",
        }
    }

    /// Head and rows.
    fn lines(self, lang: Lang) -> &'static [&'static str] {
        match (self, lang) {
            (Self::Items, Lang::Ko) => &[
                "코드,이름,종류,담당,위치",
                "web-01,웹 서버 1,서버,김하나,서울",
                "app-01,주문 서비스,서비스,이두리,서울",
                "db-01,주문 DB,데이터베이스,김하나,부산",
            ],
            (Self::Items, Lang::En) => &[
                "code,name,kind,owner,location",
                "web-01,Web server 1,server,Ada,Dublin",
                "app-01,Order service,service,Grace,Dublin",
                "db-01,Order database,database,Ada,Cork",
            ],
            (Self::Relations, Lang::Ko) => &["출발,도착,관계", "app-01,web-01,실행", "app-01,db-01,사용"],
            (Self::Relations, Lang::En) => {
                &["source,target,type", "app-01,web-01,runs_on", "app-01,db-01,uses"]
            }
            (Self::Records, Lang::Ko) => &[
                "번호,항목,시각,우선순위,담당자,제목",
                "T-1,web-01,2026-03-02 09:10,긴급,박세영,응답 없음",
                "T-2,db-01,2026-03-03 14:25,보통,김하나,용량 부족",
            ],
            (Self::Records, Lang::En) => &[
                "id,item,time,priority,assignee,title",
                "T-1,web-01,2026-03-02 09:10,urgent,Lin,No answer",
                "T-2,db-01,2026-03-03 14:25,normal,Ada,Disk almost full",
            ],
            (Self::Metrics, Lang::Ko) => &[
                "시각,항목,지표,값,단위",
                "2026-03-02 09:00,web-01,CPU 사용률,41.5,%",
                "2026-03-02 09:01,web-01,CPU 사용률,43.0,%",
                "2026-03-02 09:00,db-01,연결 수,118,개",
            ],
            (Self::Metrics, Lang::En) => &[
                "time,item,metric,value,unit",
                "2026-03-02 09:00,web-01,cpu usage,41.5,%",
                "2026-03-02 09:01,web-01,cpu usage,43.0,%",
                "2026-03-02 09:00,db-01,connections,118,count",
            ],
        }
    }

    /// Offers the file: its head, and its rows too when they are wanted.
    pub fn download(self, with_rows: bool) {
        let lang = t().lang;
        let lines = self.lines(lang);
        let lines = if with_rows { lines } else { lines.get(..1).unwrap_or_default() };
        // the mark that a spreadsheet needs to read UTF-8
        let text = format!("\u{feff}{}\r\n", lines.join("\r\n"));
        download::text(self.file(lang), "text/csv;charset=utf-8", &text);
    }
}
