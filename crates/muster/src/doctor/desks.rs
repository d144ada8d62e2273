//! The certificates of desks: can they be judged, who has none, which end soon?

use std::collections::BTreeSet;

use domain::types::Time;
use server::config::{ClientCerts, Config};
use server::limits;
use server::session::Bound;
use server::tls::DeskGate;

use super::finding::{Finding, words};
use crate::place;

const NAME: &str = "desk-certs";
const DAY_MS: i64 = 86_400_000;

pub(super) fn certificates(config: &Config, now: Time) -> Vec<Finding> {
    if config.client_certs == ClientCerts::Off {
        return Vec::new();
    }
    let gate = match DeskGate::open(config) {
        Ok(Some(gate)) => gate,
        Ok(None) => return Vec::new(),
        Err(error) => {
            let why = format!("{:#}", anyhow::Error::from(error));
            return vec![Finding::bad(
                NAME,
                words(
                    format!("席位证书的签发机构不能用：{why}"),
                    format!("the authorities of desks' certificates cannot be used: {why}"),
                ),
                words(
                    "检查设置里的 client-ca 和 client-crl：须为 PEM，节点的用户须能读",
                    "check client-ca and client-crl in the settings: PEM, readable by the node's user",
                ),
            )];
        }
    };
    if config.journal.is_none() && !config.data.join("auth.db").exists() {
        let what = words("第一次启动后绑定席位证书", "certificates are bound after the first start");
        return vec![Finding::good(NAME, what)];
    }
    let bound = match place::sessions_of(config).and_then(|sessions| Ok(sessions.bindings()?)) {
        Ok(bound) => bound,
        Err(error) => {
            let why = format!("{error:#}");
            return vec![Finding::bad(
                NAME,
                words(format!("读不出席位证书的绑定：{why}"), format!("the bindings cannot be read: {why}")),
                words("检查 auth.db 的权限和磁盘", "check auth.db, its permissions and its disk"),
            )];
        }
    };
    let required: BTreeSet<String> = match place::orgs_of(config) {
        Ok(orgs) => {
            let concerned = orgs.accounts.values().filter(|account| gate.requires(account.role));
            concerned.map(|account| account.id.to_string()).collect()
        }
        // What is wrong with the journal is said above.
        Err(_) => BTreeSet::new(),
    };
    judged(&bound, &required, now)
}

fn judged(bound: &[Bound], required: &BTreeSet<String>, now: Time) -> Vec<Finding> {
    let mut findings = Vec::new();
    let without: Vec<&str> = required
        .iter()
        .map(String::as_str)
        .filter(|account| !bound.iter().any(|bound| bound.account == **account && bound.until > now))
        .collect();
    if !without.is_empty() {
        let names = without.join(", ");
        findings.push(Finding::bad(
            NAME,
            words(
                format!("这些账号没有有效的席位证书，不能登录：{names}"),
                format!("these accounts have no certificate that holds, and cannot sign in: {names}"),
            ),
            words(
                "muster desk-cert bind 绑定，或在 client-cert-roles 里去掉该角色",
                "bind one with muster desk-cert bind, or take the role out of client-cert-roles",
            ),
        ));
    }
    let renew_ms = i64::from(limits::CERTIFICATE_DAYS) * DAY_MS;
    for ending in bound.iter().filter(|bound| bound.until.0 - now.0 < renew_ms) {
        let Bound { account, subject, until, .. } = ending;
        findings.push(Finding::warning(
            NAME,
            words(
                format!("{account} 的席位证书“{subject}”到期：{until}"),
                format!("the certificate {subject:?} of {account} ends: {until}"),
            ),
            words(
                "换发后 muster desk-cert bind 新证书，unbind 旧证书",
                "renew it: muster desk-cert bind the new one, unbind the old one",
            ),
        ));
    }
    if findings.is_empty() {
        let count = bound.len();
        let what =
            words(format!("席位证书：已绑定 {count} 个"), format!("certificates of desks: {count} bound"));
        findings.push(Finding::good(NAME, what));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn who_cannot_sign_in_and_what_ends_is_told_beforehand() {
        let day = |days: i64| Time(days * DAY_MS);
        let bound = |account: &str, until: Time| Bound {
            account: account.to_owned(),
            fingerprint: [1; 32],
            subject: "接警席 01".to_owned(),
            until,
        };
        let required = BTreeSet::from(["dispatcher".to_owned()]);
        let levels = |bound: &[Bound]| -> Vec<Level> {
            judged(bound, &required, day(100)).iter().map(|finding| finding.level).collect()
        };
        assert_eq!(levels(&[bound("dispatcher", day(131))]), [Level::Good]);
        assert_eq!(levels(&[bound("dispatcher", day(129))]), [Level::Warning]);
        assert_eq!(levels(&[bound("dispatcher", day(99))]), [Level::Bad, Level::Warning], "it has ended");
        assert_eq!(levels(&[bound("bureau", day(131))]), [Level::Bad], "the dispatcher has none");
        let told = &judged(&[], &required, day(100))[0];
        assert!(told.shown(super::super::Tongue::En).contains("dispatcher"));
    }
}
