//! The ledger and the search, Plan 2, 4.2.2.

use axum::Json;
use axum::extract::Path;
use domain::ledger::ForceKind;
use domain::refusal::Thing;
use domain::types::{ForceId, Point};
use serde::Deserialize;

use super::table::{Table, param};
use super::{Asked, Look, id_in_path};
use crate::problem::{Form, Problem};
use crate::search::Hit;
use crate::view::Ref;
use crate::view::reference::ForceView;

/// Hits of one search, where nothing else is said.
const HITS: usize = 12;
/// Hits of one search at the most.
const HITS_MAX: usize = 100;

pub(super) fn routes(t: &mut Table) {
    let filter = [
        param("near", "`lon,lat`: nearest first"),
        param("capability", "that have this capability"),
        param("kind", "of this kind"),
    ];
    t.read::<Vec<ForceView>, _, _>("/forces", "Forces of the ledger", &filter, forces);
    t.read::<ForceView, _, _>("/forces/{id}", "A force", &[], force);
    t.read::<Vec<Ref>, _, _>("/orgs", "Organisations", &[], orgs);
    let q = [
        param("q", "characters, pinyin or initials: 石岛, shidao, sd"),
        param("kinds", "place, town, village, force, org; separated by commas"),
        param("limit", "how many, at most 100; 12 where absent"),
    ];
    t.read::<Vec<Hit>, _, _>(
        "/search",
        "Places, towns, villages, forces and organisations by name",
        &q,
        search,
    );
}

#[derive(Debug, Deserialize)]
struct ForcesQuery {
    near: Option<String>,
    capability: Option<String>,
    kind: Option<ForceKind>,
}

async fn forces(look: Look, Asked(q): Asked<ForcesQuery>) -> Result<Json<Vec<ForceView>>, Problem> {
    look.desks_only()?;
    let viewer = look.viewer();
    let near =
        q.near.as_deref().map(|text| place_in(text).ok_or_else(|| look.wrong("/near", Form::NotAPlace)));
    let near = near.transpose()?;
    if let Some(code) = q.capability.as_deref()
        && viewer.state.jurisdiction.capability(code).is_none()
    {
        return Err(look.wrong("/capability", Form::NotACapability));
    }
    let chosen = viewer.state.ledger.forces.values().filter(|f| {
        q.capability.as_deref().is_none_or(|c| f.has(c) > 0) && q.kind.is_none_or(|k| f.kind == k)
    });
    let mut views: Vec<ForceView> = chosen.map(|f| viewer.force_view(f, near)).collect();
    views.sort_by_key(|v| v.distance_m);
    Ok(Json(views))
}

/// `lon,lat`; `None` where that is no place on earth.
fn place_in(text: &str) -> Option<Point> {
    let (lon, lat) = text.split_once(',')?;
    let point = Point { lon: lon.trim().parse().ok()?, lat: lat.trim().parse().ok()? };
    Some(point).filter(|point| point.is_valid())
}

async fn force(look: Look, Path(id): Path<String>) -> Result<Json<ForceView>, Problem> {
    let id: ForceId = id_in_path(&look, Thing::Force, &id)?;
    let viewer = look.viewer();
    if !viewer.is_desk() && !viewer.is_own_force(&id) {
        return Err(Problem::not_for_you(look.lang));
    }
    let force = viewer.state.ledger.force(&id).map_err(|refusal| look.refused(&refusal))?;
    Ok(Json(viewer.force_view(force, None)))
}

async fn orgs(look: Look) -> Json<Vec<Ref>> {
    let all = look.published.state.org.orgs.values();
    Json(all.map(|o| Ref { id: o.id.to_string(), name: o.short.clone() }).collect())
}

#[derive(Debug, Deserialize)]
struct SearchQuery {
    q: String,
    kinds: Option<String>,
    limit: Option<usize>,
}

async fn search(look: Look, Asked(q): Asked<SearchQuery>) -> Result<Json<Vec<Hit>>, Problem> {
    look.desks_only()?;
    let limit = q.limit.unwrap_or(HITS).clamp(1, HITS_MAX);
    let index = look.node.search(&look.published.state);
    Ok(Json(index.find(&q.q, q.kinds.as_deref(), limit)))
}
