//! A journal in PostgreSQL: can its database be reached, and does this jurisdiction's journal lie in it.

use domain::types::Time;
use journal::postgres::{Database, PostgresOptions};
use server::config::Config;
use server::seed;

use super::finding::{Finding, words};
use super::records;

/// What is to be said of the database, and of the journal in it with its keys.
pub(super) fn database(config: &Config, address: &str) -> Vec<Finding> {
    let database = match Database::new(address) {
        Ok(database) => database,
        Err(fault) => {
            return vec![Finding::bad(
                "database",
                words(
                    format!("数据库地址不能用：{fault}"),
                    format!("the database's address cannot be used: {fault}"),
                ),
                words(
                    "改正设置里的 journal 或 MUSTER_JOURNAL；写法见 docs/operate/postgres.md",
                    "correct journal in the settings, or MUSTER_JOURNAL; how it is written: docs/operate/postgres.md",
                ),
            )];
        }
    };
    let name = database.name();
    let asked = seed::code(&config.jurisdiction).map_err(anyhow::Error::from).and_then(|code| {
        Ok((PostgresOptions::jurisdictions_in(&database)?.contains(&code), database.now_ms()?))
    });
    let (there, now_ms) = match asked {
        Ok(told) => told,
        Err(error) => {
            return vec![Finding::bad(
                "database",
                words(
                    format!("数据库 {name} 用不了：{error:#}"),
                    format!("the database {name} cannot be used: {error:#}"),
                ),
                words(
                    "查数据库服务器是否在运行、能否写入、网络和口令；节点在此期间只读，数据库恢复后自行接上",
                    "see whether its server runs and can be written, the network, the password; meanwhile nodes show what they have, and go on by themselves when it is back",
                ),
            )];
        }
    };
    let reached = words(format!("数据库 {name} 可写"), format!("the database {name} can be written"));
    let mut findings = vec![Finding::good("database", reached)];
    if there {
        findings.extend(records::keys(config));
        findings.extend(records::journal(config, Time(now_ms)));
    } else {
        findings.push(records::none_yet());
    }
    findings
}
