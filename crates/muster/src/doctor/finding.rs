//! What the doctor found, in words: what it looked at, how it stands, what to do.

use clap::ValueEnum;

/// The language of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Tongue {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// Both languages of one text.
pub(crate) fn words(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

impl Words {
    pub(crate) fn in_tongue(&self, tongue: Tongue) -> &str {
        match tongue {
            Tongue::Zh => &self.zh,
            Tongue::En => &self.en,
        }
    }
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// As it should.
    Good,
    /// It works, and will not for ever.
    Warning,
    /// It does not work, or is not safe.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    /// A stable name, so that a script can look for it.
    pub(crate) name: &'static str,
    pub(crate) what: Words,
    /// Absent where nothing needs doing.
    pub(crate) cure: Option<Words>,
}

impl Finding {
    pub(crate) fn good(name: &'static str, what: Words) -> Self {
        Self { level: Level::Good, name, what, cure: None }
    }

    pub(crate) fn warning(name: &'static str, what: Words, cure: Words) -> Self {
        Self { level: Level::Warning, name, what, cure: Some(cure) }
    }

    pub(crate) fn bad(name: &'static str, what: Words, cure: Words) -> Self {
        Self { level: Level::Bad, name, what, cure: Some(cure) }
    }

    /// `✗ disk  磁盘只剩…`, and below it what to do.
    pub(crate) fn shown(&self, tongue: Tongue) -> String {
        let mark = match self.level {
            Level::Good => "✓",
            Level::Warning => "!",
            Level::Bad => "✗",
        };
        // A file's error may have lines of its own.
        let what: Vec<&str> = self.what.in_tongue(tongue).split_whitespace().collect();
        let mut text = format!("{mark} {:<12} {}", self.name, what.join(" "));
        if let Some(cure) = &self.cure {
            let (do_this, cure) = match tongue {
                Tongue::Zh => ("处理：", &cure.zh),
                Tongue::En => ("do this:", &cure.en),
            };
            text.push_str(&["\n  → ", do_this, " ", cure].concat());
        }
        text
    }
}
