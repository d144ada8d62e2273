//! What nodes on one database share beside the journal: sign-in, attachments, proposals.

use std::sync::Arc;

use domain::types::{FileId, IncidentId};
use journal::postgres::Database;

/// The jurisdiction leads every key, as in the journal's own tables.
const TABLES: &str = r#"
    BEGIN;
    SELECT pg_advisory_xact_lock(7233173838382854995);
    CREATE TABLE IF NOT EXISTS muster.passwords (
        jurisdiction text COLLATE "C", account text COLLATE "C", hash text NOT NULL, changed_ms bigint NOT NULL,
        PRIMARY KEY (jurisdiction, account)
    );
    CREATE TABLE IF NOT EXISTS muster.sessions (
        jurisdiction text COLLATE "C", id bigint GENERATED ALWAYS AS IDENTITY, token bytea NOT NULL,
        account text COLLATE "C" NOT NULL, begun_ms bigint NOT NULL, seen_ms bigint NOT NULL,
        address text NOT NULL, agent text NOT NULL, second boolean NOT NULL,
        PRIMARY KEY (jurisdiction, id), UNIQUE (jurisdiction, token)
    );
    CREATE INDEX IF NOT EXISTS sessions_by_account ON muster.sessions (jurisdiction, account, id);
    CREATE TABLE IF NOT EXISTS muster.devices (
        jurisdiction text COLLATE "C", account text COLLATE "C", address text COLLATE "C",
        first_ms bigint NOT NULL, seen_ms bigint NOT NULL,
        PRIMARY KEY (jurisdiction, account, address)
    );
    CREATE TABLE IF NOT EXISTS muster.api_tokens (
        jurisdiction text COLLATE "C", name text COLLATE "C", token bytea NOT NULL, org text NOT NULL,
        acts text NOT NULL, made_ms bigint NOT NULL,
        PRIMARY KEY (jurisdiction, name), UNIQUE (jurisdiction, token)
    );
    CREATE TABLE IF NOT EXISTS muster.second_factors (
        jurisdiction text COLLATE "C", account text COLLATE "C", secret bytea NOT NULL, last_step bigint NOT NULL,
        made_ms bigint NOT NULL,
        PRIMARY KEY (jurisdiction, account)
    );
    CREATE TABLE IF NOT EXISTS muster.recovery_codes (
        jurisdiction text COLLATE "C", account text COLLATE "C", digest bytea,
        PRIMARY KEY (jurisdiction, account, digest)
    );
    CREATE TABLE IF NOT EXISTS muster.desk_certificates (
        jurisdiction text COLLATE "C", account text COLLATE "C", fingerprint bytea, subject text NOT NULL,
        until_ms bigint NOT NULL, bound_ms bigint NOT NULL,
        PRIMARY KEY (jurisdiction, account, fingerprint)
    );
    CREATE TABLE IF NOT EXISTS muster.code_tries (
        jurisdiction text COLLATE "C", account text COLLATE "C", device text COLLATE "C", step bigint NOT NULL,
        tries bigint NOT NULL,
        PRIMARY KEY (jurisdiction, account, device)
    );
    CREATE TABLE IF NOT EXISTS muster.files (
        jurisdiction text COLLATE "C", file text COLLATE "C", incident text COLLATE "C", sealed bytea NOT NULL,
        PRIMARY KEY (jurisdiction, file, incident)
    );
    CREATE TABLE IF NOT EXISTS muster.proposals (
        jurisdiction text COLLATE "C", hash text COLLATE "C", body bytea NOT NULL,
        PRIMARY KEY (jurisdiction, hash)
    );
    COMMIT;
"#;

/// One jurisdiction's share of a database.
#[derive(Clone)]
pub struct Shared {
    pub(crate) database: Arc<Database>,
    pub(crate) jurisdiction: String,
}

impl Shared {
    /// Makes the tables that are missing; the journal's own are there.
    pub fn open(database: &Arc<Database>, jurisdiction: &str) -> Result<Self, journal::Fault> {
        database.run(async |conn| conn.client().batch_execute(TABLES).await)?;
        Ok(Self { database: Arc::clone(database), jurisdiction: jurisdiction.to_owned() })
    }

    pub(crate) fn put_file(
        &self,
        id: &str,
        incident: IncidentId,
        sealed: &[u8],
    ) -> Result<(), journal::Fault> {
        self.database.run(async |conn| {
            let put = "INSERT INTO muster.files VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
            conn.client().execute(put, &[&self.jurisdiction, &id, &incident.to_string(), &sealed]).await
        })?;
        Ok(())
    }

    pub(crate) fn incidents_of(&self, id: &FileId) -> Result<Vec<String>, journal::Fault> {
        let rows = self.database.run(async |conn| {
            let asked = "SELECT incident FROM muster.files WHERE jurisdiction = $1 AND file = $2";
            conn.client().query(asked, &[&self.jurisdiction, &id.as_str()]).await
        })?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    pub(crate) fn file(&self, id: &FileId, incident: IncidentId) -> Result<Option<Vec<u8>>, journal::Fault> {
        let found = self.database.run(async |conn| {
            let asked =
                "SELECT sealed FROM muster.files WHERE jurisdiction = $1 AND file = $2 AND incident = $3";
            let incident = incident.to_string();
            conn.client().query_opt(asked, &[&self.jurisdiction, &id.as_str(), &incident]).await
        })?;
        Ok(found.map(|row| row.get(0)))
    }

    pub(crate) fn put_proposal(&self, hash: &str, body: &[u8]) -> Result<(), journal::Fault> {
        self.database.run(async |conn| {
            let put = "INSERT INTO muster.proposals VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            conn.client().execute(put, &[&self.jurisdiction, &hash, &body]).await
        })?;
        Ok(())
    }

    pub(crate) fn proposal(&self, hash: &str) -> Result<Option<Vec<u8>>, journal::Fault> {
        let found = self.database.run(async |conn| {
            let asked = "SELECT body FROM muster.proposals WHERE jurisdiction = $1 AND hash = $2";
            conn.client().query_opt(asked, &[&self.jurisdiction, &hash]).await
        })?;
        Ok(found.map(|row| row.get(0)))
    }

    /// Digest and incident of every attachment.
    pub(crate) fn files(&self) -> Result<Vec<(String, String)>, journal::Fault> {
        let rows = self.database.run(async |conn| {
            let asked = "SELECT file, incident FROM muster.files WHERE jurisdiction = $1";
            conn.client().query(asked, &[&self.jurisdiction]).await
        })?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// Hash of every proposal.
    pub(crate) fn proposals(&self) -> Result<Vec<String>, journal::Fault> {
        let rows = self.database.run(async |conn| {
            let asked = "SELECT hash FROM muster.proposals WHERE jurisdiction = $1";
            conn.client().query(asked, &[&self.jurisdiction]).await
        })?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}
