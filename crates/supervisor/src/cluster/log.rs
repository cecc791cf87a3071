//! What PostgreSQL said, and what that means.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use crate::error::{At, Error, ErrorKind, Result, no_space};

/// Size at which the log is put aside, in bytes.
const LARGEST: u64 = 16 << 20;

/// The log file of a cluster.
#[derive(Debug, Clone)]
pub(super) struct Log {
    path: PathBuf,
}

/// Why a start ended.
#[derive(Debug)]
pub(super) enum Failure {
    /// Children of a crashed server are still dying, or memory is still held: try again.
    Busy,
    /// The port was taken between choosing and using it: try another.
    PortTaken,
    /// Nothing that would pass.
    Final(Error),
}

impl Log {
    pub(super) fn of(home: &Path) -> Self {
        Self { path: home.join("postgres.log") }
    }

    /// Opens it for a server, and the place where its words will begin.
    pub(super) fn open(&self) -> Result<(File, u64)> {
        let length = fs::metadata(&self.path).map_or(0, |meta| meta.len());
        if length > LARGEST {
            fs::rename(&self.path, self.path.with_extension("log.1")).at(&self.path)?;
        }
        let file = OpenOptions::new().append(true).create(true).open(&self.path).at(&self.path)?;
        let begin = file.metadata().at(&self.path)?.len();
        Ok((file, begin))
    }

    /// What was said since `begin`.
    pub(super) fn since(&self, begin: u64) -> String {
        let read = || {
            let mut file = File::open(&self.path).ok()?;
            file.seek(SeekFrom::Start(begin)).ok()?;
            let mut bytes = Vec::new();
            file.take(64 << 10).read_to_end(&mut bytes).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        read().unwrap_or_default()
    }

    /// What the words of a failed start mean.
    pub(super) fn judge(&self, said: &str, home: &Path) -> Failure {
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&["No space left on device"]) {
            return Failure::Final(no_space(home));
        }
        if has(&["Address already in use", "could not create any TCP/IP sockets"]) {
            return Failure::PortTaken;
        }
        if has(&["lock file", "pre-existing shared memory block", "is the database system shut down"])
            && has(&["already exists", "still in use"])
        {
            return Failure::Busy;
        }
        Failure::Final(self.failure(said, home))
    }

    fn failure(&self, said: &str, home: &Path) -> Error {
        let place = self.path.display();
        let word = said
            .lines()
            .rev()
            .find_map(|line| ["FATAL:", "PANIC:", "ERROR:"].iter().find_map(|mark| line.split_once(mark)))
            .map_or_else(|| said.lines().last().unwrap_or("no message"), |(_, text)| text)
            .trim()
            .to_owned();
        let cluster = home.join("cluster");
        let cluster = cluster.display();
        let damaged = [
            "could not open",
            "could not read",
            "invalid",
            "does not exist",
            "corrupt",
            "not a database cluster",
            "incompatible",
        ];
        if damaged.iter().any(|mark| word.contains(mark)) {
            return broken(&cluster.to_string(), &word);
        }
        Error::new(
            ErrorKind::StartFailed,
            format!("PostgreSQL 이 시작하지 않습니다: {word}"),
            format!("PostgreSQL does not start: {word}"),
        )
        .hint(format!("{place} 에 자세한 내용이 있습니다"), format!("more is in {place}"))
    }
}

/// The data directory is damaged.
pub(super) fn broken(cluster: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::BrokenData,
        format!("데이터 디렉터리 {cluster} 이(가) 손상되었습니다: {why}"),
        format!("the data directory {cluster} is damaged: {why}"),
    )
    .hint(
        format!(
            "백업에서 복원하거나, 비우고 새로 시작하려면 `mv {cluster} {cluster}.broken` 후 다시 시작하세요"
        ),
        format!("restore a backup, or to begin anew run `mv {cluster} {cluster}.broken` and start again"),
    )
}
