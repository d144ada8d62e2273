//! What will stop a node before long: a disk that fills, a certificate that ends, a clock that went back, a queue or a
//! log that only grows. Looked at once a minute; told in the figures, in `/readyz`, and once in the log.
//!
//! An alarm keeps nobody out: the node goes on, and `/readyz` still says whether it takes acts.

use std::sync::Arc;

use arc_swap::ArcSwap;
use domain::types::Time;
use serde::Serialize;

use crate::limits;
use crate::metrics::Gauges;
use crate::node::Node;
use crate::tls::{self, DeskGate};

/// What is wrong; its name is the figure's and the log's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Little room is left for the journal.
    Disk,
    /// The certificate ends soon, or has ended.
    Certificate,
    /// A certificate that is bound to an account ends soon, or has ended.
    DeskCertificate,
    /// The authorities of desks' certificates, or their lists, cannot be read again.
    DeskAuthority,
    /// The clock is behind the newest entry.
    Clock,
    /// Acts wait for long.
    Queue,
    /// The write-ahead log could not be copied into the database.
    Log,
}

impl Alarm {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::Disk,
        Self::Certificate,
        Self::DeskCertificate,
        Self::DeskAuthority,
        Self::Clock,
        Self::Queue,
        Self::Log,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Certificate => "certificate",
            Self::DeskCertificate => "desk_certificate",
            Self::DeskAuthority => "desk_authority",
            Self::Clock => "clock",
            Self::Queue => "queue",
            Self::Log => "log",
        }
    }

    fn cure(self) -> &'static str {
        match self {
            Self::Disk => "make room on the data disk: a node whose disk is full takes no acts",
            Self::Certificate => "put a new certificate in place and restart the node",
            Self::DeskCertificate => {
                "a desk cannot sign in once its certificate has ended: see muster desk-cert list; bind the new one, unbind the old"
            }
            Self::DeskAuthority => {
                "client-ca or client-crl cannot be read: what was read before holds, and later revocations do not count"
            }
            Self::Clock => "set the machine's clock, and find out why it went back",
            Self::Queue => "the disk is slow, or too much is asked: see muster_batch_seconds",
            Self::Log => "something reads the journal for long, or its disk fails",
        }
    }
}

/// What was seen at the last look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Free bytes of the data disk; `None` where they cannot be asked.
    pub disk_free: Option<u64>,
    /// When the certificate ends; `None` without one.
    pub certificate_until: Option<Time>,
    /// When the first of the certificates ends that are bound to accounts; `None` where desks show none.
    pub desk_certificate_until: Option<Time>,
    /// The authorities that lie there now could not be read.
    pub desk_authority_fault: bool,
    /// What is wrong.
    pub alarms: Vec<Alarm>,
}

/// The last look, shared with whoever asks.
#[derive(Default)]
pub struct Watch(ArcSwap<Seen>);

/// What has changed since the look before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Alarms that were not there.
    pub raised: Vec<Alarm>,
    /// Alarms that are over.
    pub over: Vec<Alarm>,
}

impl Watch {
    /// What was seen at the last look.
    pub fn seen(&self) -> Arc<Seen> {
        self.0.load_full()
    }

    /// Looks again; what has changed is logged, once.
    pub fn look(&self, node: &Node) -> Changed {
        let disk = rustix::fs::statvfs(node.config.data.as_path());
        let certificate =
            tls::certificate_of(&node.config).and_then(|pem| tls::validity_of(&pem).ok().flatten());
        let mut seen = Seen {
            disk_free: disk.ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
            certificate_until: certificate.map(|validity| validity.until),
            desk_certificate_until: first_desk_to_end(node),
            desk_authority_fault: node.desks.as_ref().is_some_and(DeskGate::is_outdated),
            alarms: Vec::new(),
        };
        seen.alarms = judged(&seen, &node.gauges(), node.clock.now());
        let before = self.0.swap(Arc::new(seen.clone()));
        let not_in = |all: &[Alarm], other: &[Alarm]| -> Vec<Alarm> {
            all.iter().copied().filter(|alarm| !other.contains(alarm)).collect()
        };
        let changed = Changed {
            raised: not_in(&seen.alarms, &before.alarms),
            over: not_in(&before.alarms, &seen.alarms),
        };
        for alarm in &changed.raised {
            tracing::error!(alarm = alarm.name(), "ALARM: {}", alarm.cure());
        }
        for alarm in &changed.over {
            tracing::info!(alarm = alarm.name(), "the alarm is over");
        }
        changed
    }
}

fn first_desk_to_end(node: &Node) -> Option<Time> {
    node.desks.as_ref()?;
    match node.sessions.bindings() {
        Ok(bound) => bound.iter().map(|bound| bound.until).min(),
        Err(error) => {
            tracing::error!(%error, "the certificates of desks cannot be looked at");
            None
        }
    }
}

fn judged(seen: &Seen, gauges: &Gauges, now: Time) -> Vec<Alarm> {
    let renew_ms = i64::from(limits::CERTIFICATE_DAYS) * 86_400_000;
    let ends = |until: Option<Time>| until.is_some_and(|until| until.0 - now.0 < renew_ms);
    let holds = |alarm: &Alarm| match alarm {
        Alarm::Disk => seen.disk_free.is_some_and(|free| free < limits::DISK_LEAST_BYTES),
        Alarm::Certificate => ends(seen.certificate_until),
        Alarm::DeskCertificate => ends(seen.desk_certificate_until),
        Alarm::DeskAuthority => seen.desk_authority_fault,
        Alarm::Clock => gauges.clock_behind_ms > limits::CLOCK_BEHIND_MS,
        Alarm::Queue => gauges.waiting > limits::QUEUE_ACTS / 4,
        Alarm::Log => gauges.wal_fault,
    };
    Alarm::ALL.into_iter().filter(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_alarm_has_its_edge() {
        let now = Time(1_795_478_400_000);
        let day_ms = 86_400_000;
        let well = Seen {
            disk_free: Some(limits::DISK_LEAST_BYTES),
            certificate_until: Some(Time(now.0 + i64::from(limits::CERTIFICATE_DAYS) * day_ms)),
            ..Seen::default()
        };
        let quiet = Gauges {
            clock_behind_ms: limits::CLOCK_BEHIND_MS,
            waiting: limits::QUEUE_ACTS / 4,
            ..Gauges::default()
        };
        assert_eq!(judged(&well, &quiet, now), []);
        assert_eq!(judged(&Seen::default(), &quiet, now), [], "what cannot be asked is no alarm");
        let full = Seen { disk_free: Some(limits::DISK_LEAST_BYTES - 1), ..well.clone() };
        assert_eq!(judged(&full, &quiet, now), [Alarm::Disk]);
        assert_eq!(judged(&well, &quiet, Time(now.0 + 1)), [Alarm::Certificate]);
        let desk = Seen { desk_certificate_until: Some(Time(now.0 + 29 * day_ms)), ..well.clone() };
        assert_eq!(judged(&desk, &quiet, now), [Alarm::DeskCertificate]);
        let unread = Seen { desk_authority_fault: true, ..well.clone() };
        assert_eq!(judged(&unread, &quiet, now), [Alarm::DeskAuthority]);
        assert_eq!(judged(&well, &Gauges { clock_behind_ms: 1_001, ..quiet }, now), [Alarm::Clock]);
        assert_eq!(judged(&well, &Gauges { waiting: limits::QUEUE_ACTS, ..quiet }, now), [Alarm::Queue]);
        assert_eq!(judged(&well, &Gauges { wal_fault: true, ..quiet }, now), [Alarm::Log]);
    }
}
