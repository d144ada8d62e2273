//! The data directory: is it there, whose is it, is there room, who writes in it.

use std::fs::{self, File, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::Access;
use server::config::Config;
use server::limits;

use super::finding::{Finding, words};

/// Bytes below which somebody should make room in the next days.
const SOON_FULL: u64 = 5 << 30;
/// Bytes of a write-ahead log that is not being emptied; it has 25 MB from the start.
const LONG_LOG: u64 = 256 << 20;

/// The directory itself.
pub(super) fn directory(config: &Config) -> Vec<Finding> {
    let (dir, shown) = (&config.data, config.data.display());
    let name = "data";
    let meta = match fs::metadata(dir) {
        Ok(meta) if meta.is_dir() => meta,
        Ok(_) => {
            return vec![Finding::bad(
                name,
                words(format!("{shown} 不是目录"), format!("{shown} is no directory")),
                words("用 --data 指明数据目录", "name the data directory with --data"),
            )];
        }
        Err(error) => {
            return vec![Finding::bad(
                name,
                words(
                    format!("数据目录 {shown} 打不开：{error}"),
                    format!("{shown} cannot be opened: {error}"),
                ),
                words(
                    "检查 --data 是否写对、磁盘是否已挂载；新节点第一次启动时会自己建立",
                    "check --data, and that its disk is mounted; a new node makes it at its first start",
                ),
            )];
        }
    };
    let mut findings = Vec::new();
    if rustix::fs::access(dir, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        findings.push(Finding::bad(
            name,
            words(
                format!("当前用户不能读写 {shown}（属主 uid {}）", meta.uid()),
                format!("this user may not read and write {shown} (it belongs to uid {})", meta.uid()),
            ),
            words(
                format!("以节点的用户运行，或 chown -R muster {shown}"),
                format!("run this as the node's user, or: chown -R muster {shown}"),
            ),
        ));
    }
    if meta.permissions().mode() & 0o077 != 0 {
        findings.push(open_to_others(name, dir, "0700"));
    }
    if findings.is_empty() {
        findings
            .push(Finding::good(name, words(format!("数据目录 {shown}"), format!("data directory {shown}"))));
    }
    findings
}

/// Something that only the node's user should be able to read.
pub(super) fn open_to_others(name: &'static str, path: &Path, mode: &str) -> Finding {
    let shown = path.display();
    Finding::bad(
        name,
        words(format!("本机其他用户能读 {shown}"), format!("other users of this machine can read {shown}")),
        words(format!("chmod {mode} {shown}"), format!("chmod {mode} {shown}")),
    )
}

/// The process that writes the journal; `None` where none does.
pub(super) fn holder(config: &Config) -> Option<String> {
    let mut file = File::open(config.data.join("journal.lock")).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            let _ = file.read_to_string(&mut process);
            Some(process.trim().to_owned())
        }
        _ => None,
    }
}

/// Room on the disk.
pub(super) fn space(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dir in [&config.data, &config.keys] {
        if let Ok(disk) = rustix::fs::statvfs(dir.as_path()) {
            findings.push(space_of(dir, disk.f_bavail.saturating_mul(disk.f_frsize)));
        }
    }
    findings.dedup_by(|a, b| a.level == b.level && a.name == b.name);
    findings
}

fn space_of(dir: &Path, free: u64) -> Finding {
    let shown = dir.display();
    let mb = free >> 20;
    let what =
        words(format!("{shown} 所在磁盘剩余 {mb} MB"), format!("{mb} MB are free on the disk of {shown}"));
    if free < limits::DISK_LEAST_BYTES {
        let cure = words(
            "立刻腾出空间：移走旧备份；不要删数据目录里的任何文件。磁盘写满时节点不再接收操作，腾出空间后自行恢复",
            "make room now: move old backups away, delete nothing in the data directory. A node whose disk is full takes no acts; it recovers by itself",
        );
        Finding::bad("disk", what, cure)
    } else if free < SOON_FULL {
        let cure = words("几天内安排扩容，或移走旧备份", "make room within days: move old backups away");
        Finding::warning("disk", what, cure)
    } else {
        Finding::good("disk", what)
    }
}

/// The write-ahead log: one that grows is not being copied into the database.
pub(super) fn log(config: &Config) -> Vec<Finding> {
    let Ok(meta) = fs::metadata(config.data.join("journal.db-wal")) else { return Vec::new() };
    vec![log_of(meta.len())]
}

fn log_of(bytes: u64) -> Finding {
    let mb = bytes >> 20;
    let what = words(format!("预写日志 {mb} MB"), format!("the write-ahead log has {mb} MB"));
    if bytes <= LONG_LOG {
        return Finding::good("log", what);
    }
    let cure = words(
        "有进程长时间读着日志（备份或校验没结束），或磁盘写入失败：结束那个进程；看 /metrics 的 muster_wal_fault",
        "something reads the journal for long (a backup or a verification that hangs), or its disk fails: end that process; see muster_wal_fault in /metrics",
    );
    Finding::warning("log", what, cure)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_disk_that_is_full_and_one_that_will_be_are_told_apart() {
        let level = |free| space_of(Path::new("/data"), free).level;
        assert_eq!(level(limits::DISK_LEAST_BYTES - 1), Level::Bad);
        assert_eq!(level(limits::DISK_LEAST_BYTES), Level::Warning);
        assert_eq!(level(SOON_FULL - 1), Level::Warning);
        assert_eq!(level(SOON_FULL), Level::Good);
    }

    #[test]
    fn a_log_that_nobody_empties_is_told() {
        assert_eq!(log_of(25_000_000).level, Level::Good);
        assert_eq!(log_of(LONG_LOG + 1).level, Level::Warning);
    }
}
