//! The few system calls the standard library does not offer. Everything unsafe of this crate is here.
#![expect(unsafe_code, reason = "kill, prctl, statvfs and geteuid have no safe form in the standard library")]

use std::{
    ffi::CString,
    io,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::Path,
    process::Command,
};

/// A signal PostgreSQL understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Fast shutdown: sessions are ended, the cluster is closed cleanly.
    Int,
    /// Immediate shutdown: recovery at the next start.
    Quit,
    /// The last resort, for an own child only.
    Kill,
}

impl Signal {
    fn number(self) -> libc::c_int {
        match self {
            Self::Int => libc::SIGINT,
            Self::Quit => libc::SIGQUIT,
            Self::Kill => libc::SIGKILL,
        }
    }
}

/// Effective user id of this process.
pub fn euid() -> u32 {
    // SAFETY: geteuid has no arguments and cannot fail.
    unsafe { libc::geteuid() }
}

/// Effective group id of this process.
pub fn egid() -> u32 {
    // SAFETY: getegid has no arguments and cannot fail.
    unsafe { libc::getegid() }
}

/// Sends a signal to one process.
pub fn signal(pid: u32, signal: Signal) -> io::Result<()> {
    let pid = libc::pid_t::try_from(pid).map_err(io::Error::other)?;
    if pid <= 1 {
        return Err(io::Error::other("not a process of ours"));
    }
    // SAFETY: kill takes two integers; `pid` is positive, so exactly one process is meant.
    if unsafe { libc::kill(pid, signal.number()) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Whether a process exists, whoever owns it.
pub fn alive(pid: u32) -> bool {
    let Ok(pid) = libc::pid_t::try_from(pid) else { return false };
    if pid <= 0 {
        return false;
    }
    // SAFETY: signal 0 sends nothing; only the existence of the process is checked.
    unsafe { libc::kill(pid, 0) == 0 || io::Error::last_os_error().raw_os_error() == Some(libc::EPERM) }
}

/// Bytes an unprivileged process may still write on the disk of `path`.
pub fn free_bytes(path: &Path) -> Option<u64> {
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    // SAFETY: statvfs only writes into `stat`, which lives here; `path` is a terminated string.
    let stat = unsafe {
        let mut stat: libc::statvfs = std::mem::zeroed();
        if libc::statvfs(path.as_ptr(), &mut stat) != 0 {
            return None;
        }
        stat
    };
    #[expect(clippy::allow_attributes, reason = "the widths of these fields differ between systems")]
    #[allow(clippy::unnecessary_cast, reason = "the widths of these fields differ between systems")]
    Some((stat.f_bavail as u64).saturating_mul(stat.f_frsize as u64))
}

/// Lets the child receive `signal` when the thread that spawns it ends. Linux only; elsewhere the leftover is found
/// by its `postmaster.pid` at the next start.
pub fn die_with_parent(command: &mut Command, signal: Signal) {
    #[cfg(target_os = "linux")]
    {
        let parent = std::process::id();
        let number = signal.number();
        let set = move || {
            // SAFETY: prctl and getppid are async-signal-safe and touch no memory of ours.
            unsafe {
                if libc::prctl(libc::PR_SET_PDEATHSIG, number) != 0 {
                    return Err(io::Error::last_os_error());
                }
                // The parent may have died before the signal was asked for.
                if u32::try_from(libc::getppid()).ok() != Some(parent) {
                    return Err(io::Error::from_raw_os_error(libc::ESRCH));
                }
            }
            Ok(())
        };
        // SAFETY: `set` only makes async-signal-safe calls between fork and exec.
        unsafe { command.pre_exec(set) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (command, signal);
}
