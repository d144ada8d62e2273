//! Sessions in the journal's database, for all its nodes: who signed in at one is signed in at each.

use std::collections::HashMap;

use domain::types::{AccountId, Time};

use super::{Bound, Enrolled, Held, Kept, NewSession, SecondRow, SessionFault, Store, TokenRow};
use crate::limits;
use crate::shared::Shared;
use crate::tls::Fingerprint;

impl Store for Shared {
    fn is_shared(&self) -> bool {
        true
    }

    /// Each is asked for when it comes.
    fn all(&self) -> Result<Vec<Held>, SessionFault> {
        Ok(Vec::new())
    }

    fn find(&self, digest: &[u8; 32]) -> Result<Option<Held>, SessionFault> {
        let asked = "SELECT id, account, begun_ms, seen_ms, second FROM muster.sessions
            WHERE jurisdiction = $1 AND token = $2";
        let found = self.database.run(async |conn| {
            let select = conn.prepared(asked).await?;
            conn.client().query_opt(&select, &[&self.jurisdiction, &digest.as_slice()]).await
        })?;
        Ok(found.map(|row| Held {
            digest: *digest,
            id: row.get::<_, i64>(0).unsigned_abs(),
            account: row.get(1),
            begun_ms: row.get(2),
            seen_ms: row.get(3),
            second: row.get(4),
        }))
    }

    fn password_of(&self, account: &str, address: &str) -> Result<(Option<String>, bool), SessionFault> {
        let asked = "SELECT (SELECT hash FROM muster.passwords WHERE jurisdiction = $1 AND account = $2),
            EXISTS (SELECT 1 FROM muster.devices WHERE jurisdiction = $1 AND account = $2 AND address = $3)";
        let row = self.database.run(async |conn| {
            let select = conn.prepared(asked).await?;
            conn.client().query_one(&select, &[&self.jurisdiction, &account, &address]).await
        })?;
        Ok((row.get(0), row.get(1)))
    }

    fn begin(&self, new: &NewSession<'_>) -> Result<(u64, Vec<u64>), SessionFault> {
        let most = i64::try_from(limits::SESSIONS_PER_ACCOUNT).unwrap_or(i64::MAX);
        let (account, digest) = (new.account.as_str(), new.digest.as_slice());
        Ok(self.database.run(async |conn| {
            let begun = conn
                .client()
                .query_one(
                    "INSERT INTO muster.sessions
                     (jurisdiction, token, account, begun_ms, seen_ms, address, agent, second)
                     VALUES ($1, $2, $3, $4, $4, $5, $6, $7)
                     ON CONFLICT (jurisdiction, token) DO UPDATE SET seen_ms = excluded.seen_ms RETURNING id",
                    &[
                        &self.jurisdiction,
                        &digest,
                        &account,
                        &new.now.0,
                        &new.address,
                        &new.agent,
                        &new.second,
                    ],
                )
                .await?;
            conn.client()
                .execute(
                    "INSERT INTO muster.devices VALUES ($1, $2, $3, $4, $4)
                     ON CONFLICT (jurisdiction, account, address) DO UPDATE SET seen_ms = excluded.seen_ms",
                    &[&self.jurisdiction, &account, &new.address, &new.now.0],
                )
                .await?;
            let ended = conn
                .client()
                .query(
                    "DELETE FROM muster.sessions WHERE jurisdiction = $1 AND account = $2 AND id NOT IN
                     (SELECT id FROM muster.sessions WHERE jurisdiction = $1 AND account = $2
                      ORDER BY id DESC LIMIT $3) RETURNING id",
                    &[&self.jurisdiction, &account, &most],
                )
                .await?;
            let ended = ended.iter().map(|row| row.get::<_, i64>(0).unsigned_abs()).collect();
            Ok((begun.get::<_, i64>(0).unsigned_abs(), ended))
        })?)
    }

    fn held(&self, ids: &[u64]) -> Result<HashMap<u64, i64>, SessionFault> {
        let ids: Vec<i64> = ids.iter().map(|id| id.cast_signed()).collect();
        let asked = "SELECT id, seen_ms FROM muster.sessions WHERE jurisdiction = $1 AND id = ANY ($2)";
        let rows =
            self.database.run(async |conn| conn.client().query(asked, &[&self.jurisdiction, &ids]).await)?;
        Ok(rows.iter().map(|row| (row.get::<_, i64>(0).unsigned_abs(), row.get(1))).collect())
    }

    fn settle(&self, over: &[u64], seen: &[(u64, i64)]) -> Result<(), SessionFault> {
        let over: Vec<i64> = over.iter().map(|id| id.cast_signed()).collect();
        let (ids, times): (Vec<i64>, Vec<i64>) =
            seen.iter().map(|(id, seen_ms)| (id.cast_signed(), *seen_ms)).unzip();
        self.database.run(async |conn| {
            let end = "DELETE FROM muster.sessions WHERE jurisdiction = $1 AND id = ANY ($2)";
            conn.client().execute(end, &[&self.jurisdiction, &over]).await?;
            let note = "UPDATE muster.sessions s SET seen_ms = greatest(s.seen_ms, seen.ms)
                FROM unnest($2::int8[], $3::int8[]) AS seen (id, ms)
                WHERE s.jurisdiction = $1 AND s.id = seen.id";
            conn.client().execute(note, &[&self.jurisdiction, &ids, &times]).await
        })?;
        Ok(())
    }

    fn end(&self, digest: &[u8; 32]) -> Result<bool, SessionFault> {
        let end = "DELETE FROM muster.sessions WHERE jurisdiction = $1 AND token = $2";
        let digest = digest.as_slice();
        let ended = self
            .database
            .run(async |conn| conn.client().execute(end, &[&self.jurisdiction, &digest]).await)?;
        Ok(ended > 0)
    }

    fn set_password(&self, account: &AccountId, hash: &str, now: Time) -> Result<(), SessionFault> {
        self.database.run(async |conn| {
            let set = "INSERT INTO muster.passwords VALUES ($1, $2, $3, $4)
                ON CONFLICT (jurisdiction, account) DO UPDATE SET hash = excluded.hash, changed_ms = excluded.changed_ms";
            conn.client()
                .execute(set, &[&self.jurisdiction, &account.as_str(), &hash, &now.0])
                .await?;
            let end = "DELETE FROM muster.sessions WHERE jurisdiction = $1 AND account = $2";
            conn.client().execute(end, &[&self.jurisdiction, &account.as_str()]).await
        })?;
        Ok(())
    }

    fn make_token(&self, digest: &[u8; 32], row: &TokenRow, now: Time) -> Result<(), SessionFault> {
        let digest = digest.as_slice();
        self.database.run(async |conn| {
            let made = "INSERT INTO muster.api_tokens VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (jurisdiction, name) DO UPDATE SET token = excluded.token, org = excluded.org,
                acts = excluded.acts, made_ms = excluded.made_ms";
            conn.client()
                .execute(made, &[&self.jurisdiction, &row.name, &digest, &row.org, &row.acts, &now.0])
                .await
        })?;
        Ok(())
    }

    fn end_token(&self, name: &str) -> Result<bool, SessionFault> {
        let end = "DELETE FROM muster.api_tokens WHERE jurisdiction = $1 AND name = $2";
        let ended =
            self.database.run(async |conn| conn.client().execute(end, &[&self.jurisdiction, &name]).await)?;
        Ok(ended > 0)
    }

    fn token(&self, digest: &[u8; 32]) -> Result<Option<TokenRow>, SessionFault> {
        let asked = "SELECT name, org, acts FROM muster.api_tokens WHERE jurisdiction = $1 AND token = $2";
        let digest = digest.as_slice();
        let found = self.database.run(async |conn| {
            let select = conn.prepared(asked).await?;
            conn.client().query_opt(&select, &[&self.jurisdiction, &digest]).await
        })?;
        Ok(found.map(|row| TokenRow { name: row.get(0), org: row.get(1), acts: row.get(2) }))
    }

    fn second_of(&self, account: &str, address: &str) -> Result<(Option<Vec<u8>>, bool), SessionFault> {
        let asked =
            "SELECT (SELECT secret FROM muster.second_factors WHERE jurisdiction = $1 AND account = $2),
            EXISTS (SELECT 1 FROM muster.devices WHERE jurisdiction = $1 AND account = $2 AND address = $3)";
        let row = self.database.run(async |conn| {
            let select = conn.prepared(asked).await?;
            conn.client().query_one(&select, &[&self.jurisdiction, &account, &address]).await
        })?;
        Ok((row.get(0), row.get(1)))
    }

    /// Counted for all nodes together: who guesses at each in turn has no more tries than at one.
    fn counts_try(&self, account: &str, device: &str, step: u64) -> Result<u32, SessionFault> {
        let row = self.database.run(async |conn| {
            let count = "INSERT INTO muster.code_tries VALUES ($1, $2, $3, $4, 1)
                ON CONFLICT (jurisdiction, account, device) DO UPDATE SET step = excluded.step,
                tries = CASE WHEN code_tries.step = excluded.step THEN code_tries.tries + 1 ELSE 1 END
                RETURNING tries";
            let step = step.cast_signed();
            conn.client().query_one(count, &[&self.jurisdiction, &account, &device, &step]).await
        })?;
        Ok(u32::try_from(row.get::<_, i64>(0)).unwrap_or(u32::MAX))
    }

    fn uses_step(&self, account: &str, step: u64) -> Result<bool, SessionFault> {
        let used = "UPDATE muster.second_factors SET last_step = $3
            WHERE jurisdiction = $1 AND account = $2 AND last_step < $3";
        let step = step.cast_signed();
        let used = self
            .database
            .run(async |conn| conn.client().execute(used, &[&self.jurisdiction, &account, &step]).await)?;
        Ok(used == 1)
    }

    fn uses_recovery(&self, account: &str, digest: &[u8; 32]) -> Result<bool, SessionFault> {
        let used =
            "DELETE FROM muster.recovery_codes WHERE jurisdiction = $1 AND account = $2 AND digest = $3";
        let digest = digest.as_slice();
        let used = self
            .database
            .run(async |conn| conn.client().execute(used, &[&self.jurisdiction, &account, &digest]).await)?;
        Ok(used == 1)
    }

    /// One statement, so all or nothing; and the same again, where it is asked twice for want of an answer.
    fn enrol(&self, new: &SecondRow, codes: &[[u8; 32]]) -> Result<(), SessionFault> {
        let codes: Vec<&[u8]> = codes.iter().map(<[u8; 32]>::as_slice).collect();
        self.database.run(async |conn| {
            let enrol = "WITH codes AS (DELETE FROM muster.recovery_codes
                    WHERE jurisdiction = $1 AND account = $2 AND NOT digest = ANY ($6)),
                ended AS (DELETE FROM muster.sessions WHERE jurisdiction = $1 AND account = $2),
                made AS (INSERT INTO muster.second_factors VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (jurisdiction, account) DO UPDATE SET secret = excluded.secret,
                    last_step = excluded.last_step, made_ms = excluded.made_ms)
                INSERT INTO muster.recovery_codes SELECT $1, $2, unnest($6::bytea[]) ON CONFLICT DO NOTHING";
            let SecondRow { account, secret, last_step, made_ms } = new;
            conn.client()
                .execute(enrol, &[&self.jurisdiction, account, secret, last_step, made_ms, &codes])
                .await
        })?;
        Ok(())
    }

    fn forget_second(&self, account: &str) -> Result<bool, SessionFault> {
        let forget =
            "WITH codes AS (DELETE FROM muster.recovery_codes WHERE jurisdiction = $1 AND account = $2),
            ended AS (DELETE FROM muster.sessions WHERE jurisdiction = $1 AND account = $2)
            DELETE FROM muster.second_factors WHERE jurisdiction = $1 AND account = $2";
        let there = self
            .database
            .run(async |conn| conn.client().execute(forget, &[&self.jurisdiction, &account]).await)?;
        Ok(there > 0)
    }

    fn enrolled(&self) -> Result<Vec<Enrolled>, SessionFault> {
        let asked = "SELECT account, (SELECT count(*) FROM muster.recovery_codes r
                WHERE r.jurisdiction = s.jurisdiction AND r.account = s.account)
            FROM muster.second_factors s WHERE jurisdiction = $1 ORDER BY account";
        let rows = self.database.run(async |conn| conn.client().query(asked, &[&self.jurisdiction]).await)?;
        let left = |left: i64| usize::try_from(left).unwrap_or(0);
        let all = rows.iter().map(|row| Enrolled { account: row.get(0), recovery_codes: left(row.get(1)) });
        Ok(all.collect())
    }

    fn bind(&self, bound: &Bound, now: Time) -> Result<(), SessionFault> {
        let bind = "INSERT INTO muster.desk_certificates VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (jurisdiction, account, fingerprint) DO UPDATE
            SET subject = excluded.subject, until_ms = excluded.until_ms, bound_ms = excluded.bound_ms";
        self.database.run(async |conn| {
            let Bound { account, fingerprint, subject, until } = bound;
            let fingerprint = fingerprint.as_slice();
            conn.client()
                .execute(bind, &[&self.jurisdiction, account, &fingerprint, subject, &until.0, &now.0])
                .await
        })?;
        Ok(())
    }

    fn unbind(&self, account: &str, fingerprint: &Fingerprint) -> Result<bool, SessionFault> {
        let unbind = "DELETE FROM muster.desk_certificates
            WHERE jurisdiction = $1 AND account = $2 AND fingerprint = $3";
        let gone = self.database.run(async |conn| {
            conn.client().execute(unbind, &[&self.jurisdiction, &account, &fingerprint.as_slice()]).await
        })?;
        Ok(gone > 0)
    }

    fn bound_to(&self, account: &str) -> Result<Vec<Fingerprint>, SessionFault> {
        let asked =
            "SELECT fingerprint FROM muster.desk_certificates WHERE jurisdiction = $1 AND account = $2";
        let rows = self.database.run(async |conn| {
            let select = conn.prepared(asked).await?;
            conn.client().query(&select, &[&self.jurisdiction, &account]).await
        })?;
        Ok(rows.iter().filter_map(|row| row.get::<_, Vec<u8>>(0).try_into().ok()).collect())
    }

    fn bindings(&self) -> Result<Vec<(Bound, i64)>, SessionFault> {
        let asked = "SELECT account, fingerprint, subject, until_ms, bound_ms FROM muster.desk_certificates
            WHERE jurisdiction = $1 ORDER BY account, until_ms";
        let rows = self.database.run(async |conn| conn.client().query(asked, &[&self.jurisdiction]).await)?;
        let bound = rows.iter().filter_map(|row| {
            let fingerprint = row.get::<_, Vec<u8>>(1).try_into().ok()?;
            let until = Time(row.get(3));
            Some((Bound { account: row.get(0), fingerprint, subject: row.get(2), until }, row.get(4)))
        });
        Ok(bound.collect())
    }

    fn kept(&self) -> Result<Kept, SessionFault> {
        let kept: Kept = self.database.run(async |conn| {
            let of = [&self.jurisdiction as &(dyn journal::postgres::ToSql + Sync)];
            let asked = "SELECT account, hash, changed_ms FROM muster.passwords WHERE jurisdiction = $1";
            let passwords = conn.client().query(asked, &of).await?;
            let asked =
                "SELECT account, address, first_ms, seen_ms FROM muster.devices WHERE jurisdiction = $1";
            let devices = conn.client().query(asked, &of).await?;
            let asked =
                "SELECT name, org, acts, token, made_ms FROM muster.api_tokens WHERE jurisdiction = $1";
            let tokens = conn.client().query(asked, &of).await?;
            let asked =
                "SELECT account, secret, last_step, made_ms FROM muster.second_factors WHERE jurisdiction = $1";
            let seconds = conn.client().query(asked, &of).await?;
            let asked = "SELECT account, digest FROM muster.recovery_codes WHERE jurisdiction = $1";
            let codes = conn.client().query(asked, &of).await?;
            Ok(Kept {
                second_factors: seconds
                    .iter()
                    .map(|row| {
                        let (last_step, made_ms) = (row.get(2), row.get(3));
                        SecondRow { account: row.get(0), secret: row.get(1), last_step, made_ms }
                    })
                    .collect(),
                recovery_codes: codes.iter().map(|row| (row.get(0), row.get(1))).collect(),
                passwords: passwords.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect(),
                devices: devices.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect(),
                desks: Vec::new(),
                tokens: tokens
                    .iter()
                    .map(|row| {
                        let token = TokenRow { name: row.get(0), org: row.get(1), acts: row.get(2) };
                        (token, row.get(3), row.get(4))
                    })
                    .collect(),
            })
        })?;
        Ok(Kept { desks: self.bindings()?, ..kept })
    }

    fn keep(&self, kept: &Kept) -> Result<(), SessionFault> {
        let of = &self.jurisdiction;
        self.database.run(async |conn| {
            for (account, hash, changed_ms) in &kept.passwords {
                let keep = "INSERT INTO muster.passwords VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
                conn.client().execute(keep, &[of, account, hash, changed_ms]).await?;
            }
            for (account, address, first_ms, seen_ms) in &kept.devices {
                let keep = "INSERT INTO muster.devices VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
                conn.client().execute(keep, &[of, account, address, first_ms, seen_ms]).await?;
            }
            for (token, digest, made_ms) in &kept.tokens {
                let keep =
                    "INSERT INTO muster.api_tokens VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
                conn.client()
                    .execute(keep, &[of, &token.name, digest, &token.org, &token.acts, made_ms])
                    .await?;
            }
            for SecondRow { account, secret, last_step, made_ms } in &kept.second_factors {
                let keep =
                    "INSERT INTO muster.second_factors VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
                conn.client().execute(keep, &[of, account, secret, last_step, made_ms]).await?;
            }
            for (account, digest) in &kept.recovery_codes {
                let keep = "INSERT INTO muster.recovery_codes VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
                conn.client().execute(keep, &[of, account, digest]).await?;
            }
            for (Bound { account, fingerprint, subject, until }, bound_ms) in &kept.desks {
                let keep = "INSERT INTO muster.desk_certificates VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT DO NOTHING";
                let fingerprint = fingerprint.as_slice();
                conn.client()
                    .execute(keep, &[of, account, &fingerprint, subject, &until.0, bound_ms])
                    .await?;
            }
            Ok(())
        })?;
        Ok(())
    }
}
