//! Compositions, Plan 4.2.4, and the bureau's agreement in advance, Plan 4.1.4.

use axum::Json;
use domain::composition as c;

use super::Look;
use super::table::Table;
use crate::problem::Problem;
use crate::view::reference::CompositionView;

pub(super) fn routes(t: &mut Table) {
    t.create::<c::adopt_composition::AdoptComposition>("/compositions", "");
    let path = "/compositions/{id}/preauthorise";
    t.act::<c::preauthorise_composition::PreauthoriseComposition>(path, "composition");
    t.act::<c::revoke_preauthorisation::RevokePreauthorisation>("/compositions/{id}/revoke", "composition");
    t.read::<Vec<CompositionView>, _, _>("/compositions", "Compositions in force", &[], compositions);
}

async fn compositions(look: Look) -> Result<Json<Vec<CompositionView>>, Problem> {
    look.desks_only()?;
    Ok(Json(look.viewer().compositions()))
}
