//! The routes of the parts, each a thin translation: read, act, show. No rule, no clock, no query of its own.

mod act;
mod command_post;
mod composition;
mod delivery;
mod dispatch;
mod documents;
mod duty;
mod files;
mod incident;
mod ledger;
mod me;
mod push;
mod reinforcement;
mod report;
mod review;
mod session;
mod stream;
pub mod table;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Query};
use domain::authority::Role;
use domain::types::{IncidentId, Lang};
use domain::{Actor, IncidentFile, Recorded, Refusal, State};
use serde::Deserialize;

use crate::auth::Caller;
use crate::fold;
use crate::node::Node;
use crate::problem::{Form, Problem};
use crate::published::{Position, Published};
use crate::view::Viewer;
use table::Table;

/// Every route of `/api/v1`, with its description.
pub fn table() -> Table {
    let mut table = Table::new();
    session::routes(&mut table);
    stream::routes(&mut table);
    me::routes(&mut table);
    incident::routes(&mut table);
    dispatch::routes(&mut table);
    command_post::routes(&mut table);
    reinforcement::routes(&mut table);
    report::routes(&mut table);
    review::routes(&mut table);
    composition::routes(&mut table);
    duty::routes(&mut table);
    ledger::routes(&mut table);
    delivery::routes(&mut table);
    push::routes(&mut table);
    documents::routes(&mut table);
    files::routes(&mut table);
    table
}

/// The routes of `/api/v1` as a router.
pub fn routes() -> Router<Arc<Node>> {
    table().into_router()
}

/// A state to look at, as somebody.
pub(crate) struct Look {
    pub(crate) node: Arc<Node>,
    pub(crate) published: Arc<Published>,
    pub(crate) actor: Actor,
    pub(crate) lang: Lang,
}

/// Reads wait until the state holds this entry (read your own write).
#[derive(Debug, Deserialize)]
struct MinSeq {
    min_seq: Option<String>,
}

impl FromRequestParts<Arc<Node>> for Look {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        node: &Arc<Node>,
    ) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, node).await?;
        let wanted = Query::<MinSeq>::try_from_uri(&parts.uri).ok().and_then(|q| q.0.min_seq);
        let published = match wanted {
            None => node.published(),
            Some(text) => {
                let position: Position =
                    text.parse().map_err(|_| Problem::field(caller.lang, "/min_seq", Form::NotAPosition))?;
                node.publisher.wait_for(position).await
            }
        };
        Ok(Self { node: node.clone(), published, actor: caller.actor, lang: caller.lang })
    }
}

/// The parameters of a query; those that do not fit are a problem document.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: serde::de::DeserializeOwned> FromRequestParts<Arc<Node>> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &Arc<Node>,
    ) -> Result<Self, Problem> {
        let lang = crate::lang::of(&parts.headers);
        Query::<T>::try_from_uri(&parts.uri).map(|Query(q)| Self(q)).map_err(|e| Problem::query(lang, &e))
    }
}

impl Look {
    /// The eyes for the published state.
    pub(crate) fn viewer(&self) -> Viewer<'_> {
        self.viewer_of(&self.published.state)
    }

    /// The eyes for another state: one with a cold incident thawed.
    pub(crate) fn viewer_of<'a>(&'a self, state: &'a State) -> Viewer<'a> {
        Viewer { state, actor: &self.actor, lang: self.lang, now: self.node.clock.now() }
    }

    /// `epoch.seq` of what is looked at.
    pub(crate) fn seq(&self) -> String {
        self.published.at.to_string()
    }

    /// An incident, hot or from its own stream, in a state that holds it. One that this session may not see does
    /// not exist for it.
    pub(crate) async fn incident(&self, id: IncidentId) -> Result<Opened, Problem> {
        let state = self.published.state.clone();
        let opened = if state.hot(id).is_some() {
            Opened { state, id, stream: None }
        } else if state.archive.contains_key(&id) {
            self.thawed(id).await?
        } else {
            return Err(self.not_found(id));
        };
        if !self.viewer_of(&opened.state).sees(opened.file()) {
            return Err(self.not_found(id));
        }
        Ok(opened)
    }

    async fn thawed(&self, id: IncidentId) -> Result<Opened, Problem> {
        let stream = self.entries(id).await?;
        let file = fold::file(id, &stream).ok_or_else(|| self.not_found(id))?;
        Ok(Opened { state: holding(&self.published.state, file), id, stream: Some(stream) })
    }

    /// Everything that happened in an incident; one that was thawed has it already.
    pub(crate) async fn stream<'o>(&self, opened: &'o Opened) -> Result<Cow<'o, [Recorded]>, Problem> {
        match &opened.stream {
            Some(stream) => Ok(Cow::Borrowed(stream)),
            None => Ok(Cow::Owned(self.entries(opened.id).await?)),
        }
    }

    async fn entries(&self, id: IncidentId) -> Result<Vec<Recorded>, Problem> {
        let (log, upto) = (self.node.log.clone(), self.published.at.seq);
        let read = tokio::task::spawn_blocking(move || fold::incident(&*log, id, upto)).await;
        let read = Problem::fault(self.lang, read)?;
        Problem::fault(self.lang, read)
    }

    pub(crate) fn not_found(&self, id: IncidentId) -> Problem {
        self.refused(&Refusal::not_found(domain::refusal::Thing::Incident, id))
    }

    /// A parameter that does not fit.
    pub(crate) fn wrong(&self, pointer: &str, form: Form) -> Problem {
        Problem::field(self.lang, pointer, form)
    }

    pub(crate) fn refused(&self, refusal: &Refusal) -> Problem {
        Problem::refused(refusal, self.lang)
    }

    /// Only desks see whole incidents: timelines, proposals, documents.
    pub(crate) fn desks_only(&self) -> Result<(), Problem> {
        if self.actor.role.is_desk() { Ok(()) } else { Err(Problem::not_for_you(self.lang)) }
    }

    /// Only who takes or handles calls.
    pub(crate) fn roles_only(&self, roles: &[Role]) -> Result<(), Problem> {
        if roles.contains(&self.actor.role) { Ok(()) } else { Err(Problem::not_for_you(self.lang)) }
    }
}

/// An incident in a state that holds it.
pub(crate) struct Opened {
    pub(crate) state: Arc<State>,
    id: IncidentId,
    /// Its entries, where it was thawed from them.
    stream: Option<Vec<Recorded>>,
}

impl Opened {
    pub(crate) fn file(&self) -> &IncidentFile {
        self.state.hot(self.id).expect("it was found or thawed before")
    }

    /// The incident as it stood when something first held; `None` where it never did.
    pub(crate) fn when(&self, stream: &[Recorded], held: impl Fn(&IncidentFile) -> bool) -> Option<Self> {
        let file = IncidentFile::fold_until(self.id, stream, held)?;
        Some(Self { state: holding(&self.state, file), id: self.id, stream: None })
    }
}

/// A state that holds this file.
fn holding(state: &State, file: IncidentFile) -> Arc<State> {
    let mut state = state.clone();
    state.thaw(file);
    Arc::new(state)
}

/// A page of a list.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<T>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// An id in the path, or the problem that nothing has this id.
pub(crate) fn id_in_path<T: std::str::FromStr>(
    look: &Look,
    what: domain::refusal::Thing,
    text: &str,
) -> Result<T, Problem> {
    text.parse().map_err(|_| look.refused(&Refusal::not_found(what, text)))
}
