//! `muster doctor`: looks at a node's place and says in words what is wrong and what to do. It changes nothing, and may
//! be asked while the node serves.

mod database;
mod desks;
mod disk;
mod door;
mod finding;
mod records;

use std::process::ExitCode;

use clap::Args;
use server::now::Now;

use crate::place::Place;
use finding::{Finding, Level, Tongue, words};

/// `muster doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Language of the findings
    #[arg(long, value_enum, default_value_t)]
    lang: Tongue,
}

impl Doctor {
    pub(crate) fn run(&self) -> ExitCode {
        let findings = self.examine();
        for finding in &findings {
            crate::say(&finding.shown(self.lang));
        }
        let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
        let (bad, warnings) = (count(Level::Bad), count(Level::Warning));
        let summary = if bad + warnings == 0 {
            words("没有发现问题。", "nothing is wrong.")
        } else {
            words(
                format!("{bad} 项必须处理，{warnings} 项需要留意。"),
                format!("{bad} to be dealt with, {warnings} to be watched."),
            )
        };
        crate::say(summary.in_tongue(self.lang));
        if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn examine(&self) -> Vec<Finding> {
        let config = match self.place.config() {
            Ok(config) => config,
            Err(error) => {
                return vec![Finding::bad(
                    "settings",
                    words(
                        format!("设置不能用：{error:#}"),
                        format!("the settings cannot be used: {error:#}"),
                    ),
                    words(
                        "按提示改正设置文件或命令行；全部设置见 docs/operate/settings.md",
                        "correct the file or the command line; all settings: docs/operate/settings.md",
                    ),
                )];
            }
        };
        let mut findings = vec![Finding::good("settings", words("设置可用", "the settings can be used"))];
        findings.extend(disk::directory(&config));
        let holder = disk::holder(&config);
        findings.extend(disk::space(&config));
        match &config.journal {
            Some(address) => findings.extend(database::database(&config, address)),
            None if config.data.join("journal.db").exists() => {
                findings.extend(records::keys(&config));
                findings.extend(records::journal(&config, Now::system().now()));
                findings.extend(disk::log(&config));
            }
            None => findings.push(records::none_yet()),
        }
        findings.extend(door::certificate(&config, Now::system().now()));
        findings.extend(desks::certificates(&config, Now::system().now()));
        findings.extend(door::port(&config, holder));
        findings
    }
}
