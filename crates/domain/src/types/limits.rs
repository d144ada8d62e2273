//! Every limit of the domain, with its unit and its source. Deadlines are not here: they are data of the
//! jurisdiction (`readiness::Limits`).

/// Characters of a line (a name, a position, a place).
pub const LINE_CHARS: usize = 200;
/// Characters of a longer text (a report fits on five pages of GB/T 9704, 22 lines × 28 characters).
pub const TEXT_CHARS: usize = 4_000;
/// Browsers of one organisation or force that take messages.
pub const BROWSERS_EACH: usize = 20;
/// Contacts of one organisation or force.
pub const CONTACTS_EACH: usize = 20;
/// Ways to one contact.
pub const WAYS_EACH: usize = 9;
/// Attempts to send one message by one channel; then the next way is taken.
pub const ATTEMPTS_PER_MESSAGE: u32 = 4;
/// Seconds until a sending that failed is tried again; twice as long each time.
pub const RETRY_FIRST_S: i64 = 2;
/// Answers to nothing known that are kept in memory; the older ones are in the journal.
pub const UNMATCHED_ANSWERS: usize = 100;
/// Messages whose delivery report is still awaited; the oldest ones are no longer waited for.
pub const REPORTS_AWAITED: usize = 20_000;
/// Forces in one act; a city has about 300 (Plan 4.2.2), a province's drill several times that.
pub const FORCES_PER_ACT: usize = 2_000;
/// Organisations in one act.
pub const ORGS_PER_ACT: usize = 200;
/// Attachments of one note or progress report.
pub const FILES_PER_ACT: usize = 12;
/// Calls about one incident that are kept singly; a city's biggest fires brought some hundreds.
pub const CALLS_PER_INCIDENT: usize = 1_000;
/// Plans of one incident, supplements included.
pub const PLANS_PER_INCIDENT: usize = 500;
/// Consumables on one return form.
pub const CONSUMABLES_PER_RETURN: usize = 100;
/// Improvements in one review.
pub const IMPROVEMENTS_PER_REVIEW: usize = 100;
/// People counted in one figure; more is a slip of the finger.
pub const PEOPLE: u32 = 1_000_000;
/// Seconds that a stated time may lie ahead of the node's clock (a phone's clock is rarely right).
pub const AHEAD_S: i64 = 60;
/// Seconds that a stated time may lie back: two days, so that a phone without network still tells the truth.
pub const BACK_S: i64 = 48 * 3600;
/// Metres within which a second call may be about the same incident (the jurisdiction may set its own).
pub const SAME_INCIDENT_M: u32 = 500;
/// Seconds within which a second call may be about the same incident (the jurisdiction may set its own).
pub const SAME_INCIDENT_S: i64 = 30 * 60;
/// Notes of one incident that are kept in memory; the older ones are in the journal.
pub const NOTES_IN_STATE: usize = 500;
/// Calls to towns' shift leaders in one incident: every town of a city many times over.
pub const TOWN_CALLS_PER_INCIDENT: usize = 500;
/// Leaders' instructions in one incident.
pub const INSTRUCTIONS_PER_INCIDENT: usize = 500;
/// Feedbacks on one instruction.
pub const FEEDBACKS_PER_INSTRUCTION: usize = 100;
/// Information reports of one incident: one every half hour for three weeks.
pub const REPORTS_PER_INCIDENT: usize = 1_000;
/// Versions of one report.
pub const VERSIONS_PER_REPORT: usize = 100;
/// Rewritings of one review.
pub const REVISIONS_PER_REVIEW: usize = 500;
/// Groups of a forward headquarters; a big one had some twenty, and each force may be a group of its own.
pub const GROUPS_PER_HEADQUARTERS: usize = 200;
/// Positions in a command post; its sections and their organisations (annex 2) are about forty.
pub const POST_MEMBERS: usize = 200;
/// Groups registered inside one scene; each force of an act may have several.
pub const GROUPS_INSIDE: usize = 5_000;
/// Requests for reinforcement of one incident.
pub const REINFORCEMENTS_PER_INCIDENT: usize = 200;
/// Outside forces attached by one request; the superior sends as many as a city has.
pub const ATTACHED_PER_REINFORCEMENT: usize = 500;
