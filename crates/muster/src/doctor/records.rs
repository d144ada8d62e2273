//! What the node keeps: its keys, and the journal that they sign and seal.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use domain::types::Time;
use journal::{Report, VerifyOptions};
use server::config::Config;
use server::hash::hex;
use server::limits;

use super::disk::open_to_others;
use super::finding::{Finding, words};
use crate::place;

/// The keys of personal data, of a journal in a file.
const VAULT: &str = "vault.db";
/// What wraps them, of a journal in a database.
const WRAPPING: &str = "vault.key";

/// Keys that must be there once a journal is, and that nobody else may read.
pub(super) fn keys(config: &Config) -> Vec<Finding> {
    let sealing = match config.journal {
        None => (VAULT, "个人信息的密钥", "the keys of personal data"),
        Some(_) => (WRAPPING, "个人信息的密钥", "the key of personal data"),
    };
    let lost = match config.journal {
        None => words(
            "放回原处；在别处时用 --keys 或设置文件指明；确已丢失，从备份恢复到新目录（muster restore）",
            "put it back; name its directory with --keys or in the settings; if it is lost, restore a backup into a new directory (muster restore)",
        ),
        Some(_) => words(
            "从另一个节点的 keys 目录复制过来；在别处时用 --keys 或设置文件指明",
            "copy it from another node's keys; name its directory with --keys or in the settings",
        ),
    };
    let mut findings = Vec::new();
    for (file, zh, en) in [("signing.key", "日志的签名密钥", "the journal's signing key"), sealing] {
        let path = config.keys.join(file);
        let shown = path.display();
        match fs::metadata(&path) {
            Err(error) => findings.push(Finding::bad(
                "keys",
                words(
                    format!("{zh} {shown} 打不开：{error}"),
                    format!("{en} {shown} cannot be opened: {error}"),
                ),
                lost.clone(),
            )),
            Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
                findings.push(open_to_others("keys", &path, "0600"));
            }
            Ok(_) => {}
        }
    }
    if findings.is_empty() {
        let shown = config.keys.display();
        findings.push(Finding::good(
            "keys",
            words(format!("密钥齐全：{shown}"), format!("the keys are in {shown}")),
        ));
    }
    findings
}

/// The whole chain, its signatures, whether the keys fit to it, and the clock against its newest entry.
pub(super) fn journal(config: &Config, now: Time) -> Vec<Finding> {
    match read(config) {
        Ok((report, fits)) => {
            let mut findings = vec![chain(&report)];
            findings.extend(fits);
            findings.push(clock(now, report.head.time_ms));
            findings
        }
        Err(error) => vec![Finding::bad(
            "journal",
            words(format!("日志读不了：{error:#}"), format!("the journal cannot be read: {error:#}")),
            words(
                "不要改动文件；换回原来的磁盘或程序版本，或从最近的备份恢复到新目录（muster restore）",
                "change no file; use the disk or the release it was written with, or restore the newest backup into a new directory (muster restore)",
            ),
        )],
    }
}

/// No node has started yet.
pub(super) fn none_yet() -> Finding {
    Finding::good(
        "journal",
        words("还没有日志：节点尚未启动过", "there is no journal yet: no node has started here"),
    )
}

/// The report, and what does not fit between the journal and its keys.
fn read(config: &Config) -> anyhow::Result<(Report, Vec<Finding>)> {
    let log = place::journal_of(config)?.read(false)?;
    let report = journal::verify(&*log, &VerifyOptions::default())?;
    let mut findings = Vec::new();
    let public = fs::read_to_string(config.keys.join("signing.pub")).unwrap_or_default();
    let epoch = report.epochs.last().map(|epoch| hex(&epoch.public_key)).unwrap_or_default();
    if !public.trim().is_empty() && !public.trim().ends_with(&epoch) {
        findings.push(Finding::bad(
            "keys",
            words(
                "签名密钥不是这份日志当前纪元的密钥",
                "the signing key is not the one of the journal's present epoch",
            ),
            words("换回原来的 signing.key 和 signing.pub", "put the right signing.key and signing.pub back"),
        ));
    }
    let sealing = if config.journal.is_some() { WRAPPING } else { VAULT };
    if config.keys.join(sealing).exists()
        && let Err(error) = sealed(config)
    {
        findings.push(Finding::bad(
            "keys",
            words(
                format!("个人信息的密钥与日志不符：{error:#}"),
                format!("the keys of personal data do not fit the journal: {error:#}"),
            ),
            words(
                format!("换回最新的密钥备份（{sealing}）"),
                format!("put the newest copy of the keys ({sealing}) back"),
            ),
        ));
    }
    Ok((report, findings))
}

fn sealed(config: &Config) -> anyhow::Result<()> {
    let log = place::journal_of(config)?.read(true)?;
    Ok(journal::backup::check_vault(&*log)?)
}

fn chain(report: &Report) -> Finding {
    let Some(first) = report.broken.first() else {
        return Finding::good(
            "journal",
            words(
                format!("日志完整：{} 条，{} 个签名", report.entries, report.signatures),
                format!("the journal is whole: {} entries, {} signatures", report.entries, report.signatures),
            ),
        );
    };
    Finding::bad(
        "journal",
        words(
            format!("日志第 {} 条起不可信：{}", first.seq, first.why),
            format!("the journal is broken from entry {} on: {}", first.seq, first.why),
        ),
        words(
            "保留现场，不要改动文件；从最近的备份恢复到新目录（muster restore），并查明谁动过文件",
            "keep everything as it is; restore the newest backup into a new directory (muster restore), and find out who changed the file",
        ),
    )
}

fn clock(now: Time, newest_ms: i64) -> Finding {
    let behind_ms = newest_ms.saturating_sub(now.0);
    if u64::try_from(behind_ms).unwrap_or(0) <= limits::CLOCK_BEHIND_MS {
        return Finding::good(
            "clock",
            words(format!("时钟正常：{now}"), format!("the clock is right: {now}")),
        );
    }
    let s = behind_ms / 1000;
    Finding::bad(
        "clock",
        words(
            format!("本机时钟比最新一条记录慢 {s} 秒"),
            format!("the clock is {s} s behind the newest entry"),
        ),
        words(
            "校时（timedatectl set-ntp true），并查明时钟为何倒退；在此之前新记录沿用最新一条的时间",
            "set the clock (timedatectl set-ntp true), and find out why it went back; until then new entries bear the newest one's time",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_clock_that_went_back_is_told() {
        assert_eq!(clock(Time(5_000), 6_000).level, Level::Good);
        let behind = clock(Time(5_000), 65_000);
        assert_eq!(behind.level, Level::Bad);
        assert!(behind.what.zh.contains("慢 60 秒") && behind.what.en.contains("60 s behind"), "{behind:?}");
        assert_eq!(clock(Time(5_000), i64::MIN).level, Level::Good, "an empty journal");
    }
}
