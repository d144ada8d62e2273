//! Scenes that the tests of this part begin with.

use super::establish_post::EstablishPost;
use crate::dispatch::arrive_order::ArriveOrder;
use crate::dispatch::depart_order::DepartOrder;
use crate::refusal::Refusal;
use crate::testing::Town;
use crate::types::{IncidentId, Lang, OrderId};

/// The oil depot burns; two outside forces are ordered, the chemical one is on scene, the ambulances are on the way.
pub(crate) fn on_scene() -> (Town, IncidentId, Vec<OrderId>) {
    let mut town = Town::rongcheng("08:00");
    let fire = town.oil_depot_burns();
    let orders = town.ordered(fire, &["huagong", "jijiu"]);
    town.at("08:10");
    for (force, order) in ["huagong", "jijiu"].into_iter().zip(&orders) {
        town.does(force, DepartOrder { order: *order, position: None, strength: Some(14) });
    }
    town.at("08:30").does("huagong", ArriveOrder { order: orders[0], position: None, strength: None });
    (town, fire, orders)
}

/// The city's decision on a command post.
pub(crate) fn post(incident: IncidentId) -> EstablishPost {
    EstablishPost {
        incident,
        decision: "荣政指〔2026〕1号".to_owned(),
        commander: "市政府分管领导".to_owned(),
        place: "石岛港务大楼".to_owned(),
        post_channel: Some("指挥 1 频道".to_owned()),
        members: vec!["应急局局长".to_owned(), "大队大队长".to_owned()],
    }
}

/// Refused, with this code and these words of its Chinese text.
#[track_caller]
pub(crate) fn is_refused<T: std::fmt::Debug>(answer: Result<T, Refusal>, code: &str, words: &str) {
    let refusal = answer.expect_err("it should be refused");
    let text = refusal.text(Lang::Zh);
    assert_eq!(refusal.code(), code, "{text}");
    assert!(text.contains(words), "{text}");
}
