//! Who I am, what waits for me, and the jurisdiction's own words.

use axum::Json;

use super::Look;
use super::table::{Table, param};
use crate::view::desk::DeskView;
use crate::view::reference::{Me, Reference};

pub(super) fn routes(t: &mut Table) {
    let fresh = [param("min_seq", "wait until this entry is seen")];
    t.read::<Me, _, _>("/me", "Who I am", &[], me);
    t.read::<Reference, _, _>("/reference", "The jurisdiction's own words", &[], reference);
    t.read::<DeskView, _, _>("/desk", "What waits for me", &fresh, desk);
}

async fn me(look: Look) -> Json<Me> {
    Json(look.viewer().me(look.node.config.demo))
}

async fn reference(look: Look) -> Json<Reference> {
    Json(look.viewer().reference())
}

async fn desk(look: Look) -> Json<DeskView> {
    let seq = look.seq();
    Json(look.viewer().desk(&seq))
}
