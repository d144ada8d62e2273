//! One suite for every backend: what the trait promises, whoever keeps it.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod nodes;
#[allow(unreachable_pub, reason = "a library's module, used here as a part of the test")]
#[path = "../../../tests/src/postgres.rs"]
mod postgres;
mod suite;

use std::path::PathBuf;
use std::sync::Arc;

use journal::postgres::{Database, PostgresJournal, PostgresOptions};
use journal::{Fault, Journal, OpenOptions, Planted, Sm3Sm2};
use postgres::Server;
use suite::Backend;

/// Journals in SQLite files below one temporary directory.
struct Sqlite {
    dir: tempfile::TempDir,
}

impl Sqlite {
    fn fresh() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn options(&self) -> OpenOptions {
        OpenOptions::new(self.data(), suite::JURISDICTION).create(true)
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }
}

impl Backend for Sqlite {
    fn open(&self, planted: Planted) -> Result<Box<dyn Journal>, Fault> {
        Ok(Box::new(self.options().plant(planted).open()?))
    }
}

macro_rules! over_sqlite {
    ($($name:ident,)*) => {
        $(#[test] fn $name() { suite::$name(&Sqlite::fresh()); })*
    };
}

contract!(over_sqlite);

/// The same with the suite of GM/T.
struct Gm<B>(B);

impl Backend for Gm<Sqlite> {
    fn open(&self, planted: Planted) -> Result<Box<dyn Journal>, Fault> {
        Ok(Box::new(self.0.options().suite(Some(&Sm3Sm2)).plant(planted).open()?))
    }
}

impl Backend for Gm<Postgres> {
    fn open(&self, planted: Planted) -> Result<Box<dyn Journal>, Fault> {
        Ok(Box::new(self.0.options().suite(Some(&Sm3Sm2)).plant(planted).open()?))
    }
}

mod gm {
    use super::{Gm, Sqlite, suite};
    use crate::contract;

    macro_rules! over_sqlite {
        ($($name:ident,)*) => {
            $(#[test] fn $name() { suite::$name(&Gm(Sqlite::fresh())); })*
        };
    }

    contract!(over_sqlite);
}

/// A journal in a database, and one node's own directory.
struct Postgres {
    database: Arc<Database>,
    dir: tempfile::TempDir,
}

impl Postgres {
    fn fresh(address: &str) -> Self {
        Self { database: Database::new(address).unwrap(), dir: tempfile::tempdir().unwrap() }
    }

    /// Another node: connections and directory of its own, the same keys.
    fn neighbour(&self, address: &str) -> Self {
        let neighbour = Self::fresh(address);
        let keys = neighbour.dir.path().join("keys");
        std::fs::create_dir(&keys).unwrap();
        for name in ["signing.key", "vault.key"] {
            std::fs::copy(self.dir.path().join("keys").join(name), keys.join(name)).unwrap();
        }
        neighbour
    }

    fn options(&self) -> PostgresOptions {
        PostgresOptions::new(&self.database, self.dir.path(), suite::JURISDICTION).create(true)
    }

    fn journal(&self) -> PostgresJournal {
        self.options().open().unwrap()
    }
}

impl Backend for Postgres {
    fn open(&self, planted: Planted) -> Result<Box<dyn Journal>, Fault> {
        Ok(Box::new(self.options().plant(planted).open()?))
    }
}

macro_rules! over_postgres {
    ($($name:ident,)*) => {
        /// The same contract, each part in a database of its own on one server.
        #[test]
        fn postgres_keeps_the_contract() {
            let server = Server::start();
            $(
                println!("{}", stringify!($name));
                suite::$name(&Postgres::fresh(&server.database(stringify!($name))));
                let gm = format!("gm_{}", stringify!($name));
                suite::$name(&Gm(Postgres::fresh(&server.database(&gm))));
            )*
        }
    };
}

contract!(over_postgres);

/// One process writes a file.
#[test]
fn a_second_writer_of_a_file_is_refused() {
    let backend = Sqlite::fresh();
    let journal = backend.open(Planted::None).unwrap();
    let second = backend.open(Planted::None).err();
    assert!(matches!(second, Some(Fault::Locked { .. })), "{second:?}");
    journal.close().unwrap();
    backend.open(Planted::None).unwrap();
}
