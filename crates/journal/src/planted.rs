//! Faults that tests plant on purpose, to show that the crash harness finds them.
//!
//! Only a build with the feature `planted-faults` has them; any other build refuses to open a journal while
//! `MUSTER_FAULT` asks for one, so that nobody serves believing it is off.

use crate::fault::Fault;

/// Which fault is planted, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Planted {
    #[default]
    None,
    /// `skip-fsync`: commits do not wait for the disk (synchronous=OFF).
    SkipFsync,
    /// `commit-fails:N`: the N-th commit of the handle fails, nothing is kept.
    CommitFails { at: u64 },
    /// `append-fails:N`: the database fails under the N-th act that is appended by the handle.
    AppendFails { at: u64 },
    /// `commit-unknown:N`: the N-th commit is kept, but its outcome is reported as unknown.
    CommitUnknown { at: u64 },
}

impl Planted {
    /// What `MUSTER_FAULT` asks of the journal. Faults of other parts (`server:…`) are theirs.
    pub fn from_environment() -> Result<Self, Fault> {
        match std::env::var("MUSTER_FAULT") {
            Ok(text) if !text.is_empty() && !text.starts_with("server:") => Self::parse(&text),
            _ => Ok(Self::None),
        }
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let refused = || Fault::PlantedFault { fault: text.to_owned() };
        if !cfg!(feature = "planted-faults") {
            return Err(refused());
        }
        if text == "skip-fsync" {
            return Ok(Self::SkipFsync);
        }
        let (name, at) = text.split_once(':').ok_or_else(refused)?;
        let at = at.parse().map_err(|_| refused())?;
        match name {
            "append-fails" => Ok(Self::AppendFails { at }),
            "commit-fails" => Ok(Self::CommitFails { at }),
            "commit-unknown" => Ok(Self::CommitUnknown { at }),
            _ => Err(refused()),
        }
    }
}
