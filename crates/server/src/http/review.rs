//! The after-action review, Plan 4.3.3.

use axum::Json;
use axum::extract::Path;
use domain::refusal::Thing;

use super::table::Table;
use super::{Look, id_in_path};
use crate::problem::Problem;
use crate::view::review::ReviewFacts;

pub(super) fn routes(t: &mut Table) {
    t.act::<domain::review::write_review::WriteReview>("/incidents/{id}/review", "incident");
    let about = "What the review stands on: intervals, deviations, times of each force";
    t.read::<ReviewFacts, _, _>("/incidents/{id}/review", about, &[], facts);
}

async fn facts(look: Look, Path(id): Path<String>) -> Result<Json<ReviewFacts>, Problem> {
    look.desks_only()?;
    let id = id_in_path(&look, Thing::Incident, &id)?;
    let opened = look.incident(id).await?;
    Ok(Json(look.viewer_of(&opened.state).review_facts(opened.file())))
}
