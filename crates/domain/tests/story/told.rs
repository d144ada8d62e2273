//! What is told of the day, and to whom.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::delivery::{Ring, audience, ring};
use domain::narrate::{Names, line, line_marked};
use domain::testing::Town;
use domain::types::{IncidentId, Lang};
use domain::{Actor, IncidentFile, Recorded, State, Stream, apply};

/// The day once more, each event with the state right after it and its incident's file.
fn replay(day: &Town, mut see: impl FnMut(&State, Option<&IncidentFile>, &Recorded)) {
    let mut state = State::default();
    let mut files: BTreeMap<IncidentId, IncidentFile> = BTreeMap::new();
    for recorded in &day.journal {
        apply(&mut state, recorded);
        let Stream::Incident(id) = recorded.stream else {
            see(&state, None, recorded);
            continue;
        };
        match files.get_mut(&id) {
            Some(file) => file.apply(recorded),
            None => {
                files.extend(IncidentFile::opened_by(id, &recorded.event).map(|file| (id, file)));
            }
        }
        see(&state, files.get(&id), recorded);
    }
}

/// One line for every kind of event, in both languages, with its personal words and without.
#[test]
fn every_event_has_its_line_in_both_languages() {
    let day = super::day::day();
    let mut text = String::new();
    let mut registers = std::collections::BTreeSet::new();
    replay(&day, |state, file, recorded| {
        let event = &recorded.event;
        if file.is_none() && !registers.insert(event.kind()) {
            return;
        }
        let names = Names { state, file };
        let shown = line(Lang::Zh, event, names, true);
        let plain = line(Lang::Zh, event, names, false);
        let english = line(Lang::En, event, names, false);
        for told in [&shown, &plain, &english] {
            assert!(!told.is_empty() && !told.contains('\n'), "{}: {told:?}", event.kind());
        }
        assert!(!shown.contains("00000000"), "an id instead of a name: {shown}");
        let _ = writeln!(text, "{}\n  {shown}", event.kind());
        if plain != shown {
            let _ = writeln!(text, "  {plain}");
        }
        let _ = writeln!(text, "  {english}");
    });
    super::is_printed("lines.txt", &text);
}

/// 演练 on every text of a drill, on none of a real incident.
#[test]
fn a_drill_says_so_in_every_line() {
    let day = super::day::day();
    let (mut drills, mut real) = (0, 0);
    replay(&day, |state, file, recorded| {
        let Some(file) = file else { return };
        let names = Names { state, file: Some(file) };
        let told = line_marked(Lang::Zh, &recorded.event, names, false);
        assert_eq!(told.starts_with("【演练】"), file.incident.drill, "{told}");
        if file.incident.drill { drills += 1 } else { real += 1 }
    });
    assert!(drills > 1 && real > 50, "{drills} {real}");
}

fn sessions(state: &State) -> Vec<(String, Actor)> {
    state.org.accounts.values().map(|account| (account.id.to_string(), account.actor())).collect()
}

/// Nobody is told of what isn't his: every kind of event × every account of the cast, and what it rings there.
#[test]
fn each_event_is_told_to_whom_it_concerns_and_to_nobody_else() {
    let day = super::day::day();
    let sessions = sessions(&day.state);
    let mut rows: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    replay(&day, |_, file, recorded| {
        let told = audience(file, recorded);
        let cells = sessions.iter().map(|(_, actor)| {
            match (told.includes(actor), ring(&recorded.event, actor.role)) {
                (false, _) => "·",
                (true, None) => "+",
                (true, Some(Ring::Call)) => "C",
                (true, Some(Ring::Approval)) => "A",
                (true, Some(Ring::Order)) => "O",
                (true, Some(Ring::Answer)) => "a",
                (true, Some(Ring::Withdrawal)) => "W",
                (true, Some(Ring::Failure)) => "F",
            }
        });
        let row: Vec<&str> = cells.collect();
        let (row, rows) = (row.join(" "), rows.entry(recorded.event.kind()).or_default());
        if !rows.contains(&row) {
            rows.push(row);
        }
    });
    let mut text =
        "# · not told  + told  rings: C call  A approval  O order  a answer  W withdrawal  F failure\n\
                    # a kind has a line for each different audience of the day; columns:\n"
            .to_owned();
    for (i, (account, actor)) in sessions.iter().enumerate() {
        let _ = writeln!(text, "# {:>3} {account} ({:?}, {})", i + 1, actor.role, actor.org);
    }
    for (kind, rows) in rows {
        for row in rows {
            let _ = writeln!(text, "{kind:<36} {row}");
        }
    }
    super::is_printed("audience.txt", &text);
}

/// A force is told of an event of orders and stand-bys only if that is its own; so are a department and a town.
#[test]
fn a_session_is_never_told_of_its_neighbours_affairs() {
    let day = super::day::day();
    let sessions = sessions(&day.state);
    let mut told_to_forces = 0;
    replay(&day, |_, file, recorded| {
        let Some(file) = file else { return };
        let told = audience(Some(file), recorded);
        for (name, actor) in &sessions {
            let Some(own) = &actor.force else { continue };
            if !told.includes(actor) {
                continue;
            }
            told_to_forces += 1;
            let ordered = file.dispatch.orders.values().any(|order| order.force == *own);
            let ready = file.dispatch.stand_bys.values().any(|stand_by| stand_by.force == *own);
            assert!(ordered || ready, "{name} is told of {} and has nothing there", recorded.event.kind());
        }
        // What does not know its incident tells desks only.
        let blind = audience(None, recorded);
        let of_order = matches!(&recorded.event, domain::Event::Dispatch(e) if e.order().is_some());
        if of_order && !recorded.event.kind().ends_with("issued") {
            assert!(blind.forces.is_empty() && blind.orgs.is_empty());
        }
    });
    assert!(told_to_forces > 20, "{told_to_forces}");
}
