//! Information reports and situation reports, Plan 4.3.1, 4.1.5.

use domain::report as rep;

use super::table::Table;

pub(super) fn routes(t: &mut Table) {
    t.create::<rep::file_report::FileReport>("/incidents/{id}/reports", "incident");
    t.act::<rep::correct_report::CorrectReport>("/reports/{id}/correct", "report");
    t.act::<rep::read_report::ReadReport>("/reports/{id}/read", "report");
    let path = "/incidents/{id}/situation-reports";
    t.create::<rep::compile_situation_report::CompileSituationReport>(path, "incident");
}
