//! Cross-region reinforcement, Plan 4.1.4, 3.2.

use domain::reinforcement as re;

use super::table::Table;

pub(super) fn routes(t: &mut Table) {
    let path = "/incidents/{id}/reinforcements";
    t.create::<re::request_reinforcement::RequestReinforcement>(path, "incident");
    t.act::<re::answer_reinforcement::AnswerReinforcement>("/reinforcements/{id}/answer", "reinforcement");
    t.create::<re::attach_force::AttachForce>("/reinforcements/{id}/attach", "reinforcement");
    t.act::<re::release_attached::ReleaseAttached>("/reinforcements/{id}/release", "reinforcement");
}
