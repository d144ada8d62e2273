//! One suite for every backend: what the trait promises, whoever keeps it.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod suite;

use std::path::PathBuf;

use journal::{Fault, Journal, OpenOptions, Planted};
use suite::Backend;

/// Journals in SQLite files below one temporary directory.
struct Sqlite {
    dir: tempfile::TempDir,
}

impl Sqlite {
    fn options(&self) -> OpenOptions {
        OpenOptions::new(self.data(), suite::JURISDICTION).create(true)
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }
}

impl Backend for Sqlite {
    fn fresh() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn open(&self, planted: Planted) -> Result<Box<dyn Journal>, Fault> {
        Ok(Box::new(self.options().plant(planted).open()?))
    }
}

contract_of!(Sqlite);
