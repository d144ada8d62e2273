//! `muster desk-cert`: binds the certificates of desks to the accounts that sign in there. The node may serve meanwhile.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use domain::types::AccountId;
use server::config::Config;
use server::hash::hex;
use server::now::Now;
use server::session::Bound;
use server::tls::{ClientCertificate, DeskFault, DeskGate, Fingerprint};

use crate::place::{self, Place};

/// `muster desk-cert`
#[derive(Debug, Args)]
pub(crate) struct DeskCert {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Bind a desk's certificate to an account; an account may have several
    Bind {
        /// The account
        #[arg(long)]
        account: AccountId,
        /// The certificate, PEM; its key stays on the desk
        #[arg(long)]
        cert: PathBuf,
    },
    /// Take a binding away, at once
    Unbind {
        /// The account
        #[arg(long)]
        account: AccountId,
        /// The certificate, PEM
        #[arg(long, required_unless_present = "fingerprint")]
        cert: Option<PathBuf>,
        /// Or the beginning of its fingerprint, as `list` shows it: 8 digits or more
        #[arg(long, conflicts_with = "cert")]
        fingerprint: Option<String>,
    },
    /// List what is bound, and until when it holds
    List,
}

impl DeskCert {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let node = self.place.config()?;
        match self.what {
            What::Bind { account, cert } => bind(&node, &account, &cert),
            What::Unbind { account, cert, fingerprint } => unbind(&node, &account, cert, fingerprint),
            What::List => list(&node),
        }
    }
}

fn bind(node: &Config, account: &AccountId, cert: &Path) -> anyhow::Result<()> {
    let orgs = place::orgs_of(node)?;
    let Some(known) = orgs.accounts.get(account) else {
        let there = place::names(orgs.accounts.keys());
        bail!("there is no account {:?}; there are {there}", account.as_str());
    };
    let desk = ClientCertificate::read(cert)?;
    let validity = desk.validity().with_context(|| format!("{} is no certificate", cert.display()))?;
    let (until, now) = (validity.until, Now::system().now());
    ensure!(until > now, "this certificate ended on {until}: bind one that holds");
    match DeskGate::open(node)? {
        None => crate::say(
            "no authority to compare with: name the node's settings with -c, where client-certs and client-ca stand",
        ),
        Some(gate) => {
            match gate.trusts(&desk, now) {
                Ok(()) | Err(DeskFault::NotYet) => {}
                Err(DeskFault::Revoked) => bail!("its authority has revoked this certificate"),
                Err(_) => bail!(
                    "no authority in client-ca made this certificate, or it is not for clients (extended key usage clientAuth)"
                ),
            }
            if !gate.concerns(known.role) {
                crate::say(
                    "the role of this account is not among client-cert-roles: it signs in without a certificate",
                );
            }
        }
    }
    let subject = desk.subject().unwrap_or_default();
    let told = format!(
        "{account} signs in with the certificate {} {subject:?} until {until}",
        short(&desk.fingerprint)
    );
    let bound = Bound { account: account.to_string(), fingerprint: desk.fingerprint, subject, until };
    place::sessions_of(node)?.bind(&bound, now)?;
    crate::say(&told);
    Ok(())
}

fn unbind(
    node: &Config,
    account: &AccountId,
    cert: Option<PathBuf>,
    fingerprint: Option<String>,
) -> anyhow::Result<()> {
    let sessions = place::sessions_of(node)?;
    let bound = sessions.bound_to(account)?;
    let asked = match (cert, fingerprint) {
        (Some(cert), _) => hex(&ClientCertificate::read(&cert)?.fingerprint),
        (None, Some(text)) if text.len() >= 8 => text.to_ascii_lowercase(),
        _ => bail!("a fingerprint is told by 8 digits or more"),
    };
    let fitting: Vec<&Fingerprint> = bound.iter().filter(|own| hex(&own[..]).starts_with(&asked)).collect();
    let [own] = fitting[..] else {
        let (count, there) = (fitting.len(), place::names(bound.iter().map(short)));
        bail!("{count} certificates of account {:?} begin with {asked}; it has {there}", account.as_str());
    };
    sessions.unbind(account, own)?;
    crate::say(&format!(
        "the certificate {} is {account}'s no more: what is asked from there is refused at once, its streams end within a minute",
        short(own)
    ));
    Ok(())
}

fn list(node: &Config) -> anyhow::Result<()> {
    let now = Now::system().now();
    for bound in place::sessions_of(node)?.bindings()? {
        let (account, until) = (bound.account, bound.until);
        let ended = if until <= now { " (ended)" } else { "" };
        let (which, subject) = (short(&bound.fingerprint), bound.subject);
        crate::say(&format!("{account}: {which} {subject:?} until {until}{ended}"));
    }
    Ok(())
}

/// The first 16 digits: enough to tell the certificates of a town apart.
fn short(fingerprint: &Fingerprint) -> String {
    hex(&fingerprint[..8])
}
