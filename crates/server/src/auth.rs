//! Who asks: the session behind a bearer token or a cookie, as the position it stands for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use domain::authority::Role;
use domain::types::Lang;
use domain::{ActKind, Actor};

use crate::config::TlsMode;
use crate::lang;
use crate::node::Node;
use crate::problem::Problem;
use crate::session;
use crate::tls::Shown;

/// Name of the cookie over plain HTTP; over TLS it bears the prefix that binds it to this host.
pub const COOKIE: &str = "muster";
/// Name of the cookie over TLS.
pub const COOKIE_TLS: &str = "__Host-muster";

/// Who asks, and in which language the answer is wanted.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The position.
    pub actor: Actor,
    /// The language.
    pub lang: Lang,
    /// The session's number; 0 for an API token.
    pub session: u64,
    /// Its name, which is no secret; an API token has none.
    pub session_name: Option<Arc<str>>,
    /// For an API token: the acts it was given.
    pub given: Option<Arc<[ActKind]>>,
}

impl Caller {
    /// May this caller ask for that act at all? People may ask for any; a token only for what it was given. What the
    /// position may do is decided by the domain.
    pub fn may_ask(&self, act: ActKind) -> Result<(), Problem> {
        match &self.given {
            Some(given) if !given.contains(&act) => Err(Problem::not_given(self.lang, act)),
            _ => Ok(()),
        }
    }
}

/// The secret that a request carries.
pub enum Secret {
    /// `Authorization: Bearer …`
    Bearer(String),
    /// The browser's cookie.
    Cookie(String),
}

/// The name of the cookie that this node sets and takes.
pub fn cookie_of(tls: TlsMode) -> &'static str {
    match tls {
        TlsMode::Off => COOKIE,
        _ => COOKIE_TLS,
    }
}

impl Secret {
    /// From the headers; the bearer goes first, so that each tab of a demonstration can be its own desk. Over TLS only
    /// the cookie bound to this host counts: any page of a neighbouring host could have set the other.
    pub fn of(headers: &HeaderMap, tls: TlsMode) -> Option<Self> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        if let Some((scheme, token)) = bearer.and_then(|text| text.split_once(' '))
            && scheme.eq_ignore_ascii_case("bearer")
        {
            return Some(Self::Bearer(token.trim().to_owned()));
        }
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        let mut pairs =
            cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, token) = pairs.find(|(name, _)| *name == cookie_of(tls))?;
        Some(Self::Cookie(token.to_owned()))
    }

    /// The token itself.
    pub fn token(&self) -> &str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

impl FromRequestParts<Arc<Node>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, node: &Arc<Node>) -> Result<Self, Problem> {
        let lang = lang::of(&parts.headers);
        let secret =
            Secret::of(&parts.headers, node.config.tls).ok_or_else(|| Problem::not_signed_in(lang))?;
        if matches!(secret, Secret::Cookie(_)) && changes(&parts.method) && !from_own_page(&parts.headers) {
            return Err(Problem::other_origin(lang));
        }
        if session::is_api_token(secret.token()) {
            return token_caller(node, &secret, lang).await;
        }
        let published = node.published();
        let orgs = &published.state.org;
        let role_of = |account: &_| orgs.account(account).ok().map(|a| a.role);
        let mut session = node.sessions.find(secret.token(), role_of, node.clock.now());
        if session.is_none() && node.sessions.are_shared() {
            let (shared, token) = (Arc::clone(node), secret.token().to_owned());
            let fetched = tokio::task::spawn_blocking(move || shared.sessions.fetch(&token)).await;
            Problem::fault(lang, Problem::fault(lang, fetched)?)?;
            session = node.sessions.find(secret.token(), role_of, node.clock.now());
        }
        let session = session.ok_or_else(|| Problem::not_signed_in(lang))?;
        let account = orgs.account(&session.account).map_err(|_| Problem::not_signed_in(lang))?;
        let shown = parts.extensions.get::<Shown>().map(|shown| Arc::clone(&shown.0));
        let let_in = node.lets_in(&session.account, account.role, shown.clone()).await;
        Problem::fault(lang, let_in)?.map_err(|why| Problem::desk_certificate(lang, why))?;
        if node.desks.is_some() {
            session.used_with(shown);
        }
        let session_name = Some(Arc::clone(&session.name));
        Ok(Self { actor: account.actor(), lang, session: session.id, session_name, given: None })
    }
}

async fn token_caller(node: &Arc<Node>, secret: &Secret, lang: Lang) -> Result<Caller, Problem> {
    let (asked, secret) = (Arc::clone(node), secret.token().to_owned());
    let token = tokio::task::spawn_blocking(move || asked.sessions.token(&secret)).await;
    let token = Problem::fault(lang, Problem::fault(lang, token)?)?;
    let token = token.ok_or_else(|| Problem::not_signed_in(lang))?;
    let account = format!("token-{}", token.name).parse().map_err(|_| Problem::not_signed_in(lang))?;
    let actor = Actor { account, role: Role::Integration, org: token.org, force: None, position: token.name };
    Ok(Caller { actor, lang, session: 0, session_name: None, given: Some(token.acts.into()) })
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser says where a request comes from; another site's page cannot say otherwise. One that says nothing is not
/// taken with a cookie.
pub fn from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => site == "same-origin" || site == "none",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn another_sites_page_cannot_act_with_a_desks_cookie() {
        assert!(from_own_page(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!from_own_page(&headers(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a"),
            ("host", "a")
        ])));
        assert!(from_own_page(&headers(&[("origin", "https://node:8642"), ("host", "node:8642")])));
        assert!(!from_own_page(&headers(&[("origin", "https://evil"), ("host", "node:8642")])));
        assert!(!from_own_page(&headers(&[("host", "node:8642")])));
    }

    #[test]
    fn the_bearer_goes_before_the_cookie() {
        let token = |pairs: &[(&'static str, &str)]| {
            Secret::of(&headers(pairs), TlsMode::Off).map(|secret| secret.token().to_owned())
        };
        let cookie = ("cookie", "x=1; muster=def");
        assert_eq!(token(&[("authorization", "Bearer abc"), cookie]).as_deref(), Some("abc"));
        assert_eq!(token(&[cookie]).as_deref(), Some("def"));
        assert_eq!(token(&[("authorization", "Basic abc")]), None);
    }

    #[test]
    fn a_cookie_counts_under_the_name_that_the_node_gave_it() {
        let both = headers(&[("cookie", "muster=planted; __Host-muster=own")]);
        let planted = headers(&[("cookie", "muster=planted")]);
        for tls in [TlsMode::SelfSigned, TlsMode::Files] {
            assert_eq!(Secret::of(&both, tls).unwrap().token(), "own");
            assert!(Secret::of(&planted, tls).is_none(), "another page's cookie is taken over TLS");
        }
        assert_eq!(Secret::of(&both, TlsMode::Off).unwrap().token(), "planted");
    }
}
