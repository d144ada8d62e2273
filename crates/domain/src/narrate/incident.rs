//! The incident, told.

use super::{Teller, many};
use crate::incident::{
    Absorbed, CallAdded, CallTaken, Classified, Event, FedBack, GradeRaised, InstructionFeedbackMissed,
    InstructionGiven, TaskAssigned, TownAnswerMissed, TownAnswered, TownCalled,
};
use crate::refusal_text::say;
use crate::types::{Place, Text};

pub(super) fn line(t: Teller<'_>, event: &Event) -> Text {
    let lang = t.lang;
    match event {
        Event::CallTaken(e) => call_taken(t, e),
        Event::CallAdded(e) => call_added(t, e),
        Event::Verified(e) => {
            let words = t.words(e.note.as_ref());
            say!(lang, "警情核实属实{words}", "the call is real{words}")
        }
        Event::FalseAlarm(e) => {
            let words = t.words(e.note.as_ref());
            say!(lang, "核实为误报{words}", "it was a false alarm{words}")
        }
        Event::Classified(e) => classified(t, e),
        Event::GradeRaised(e) => grade_raised(t, e),
        Event::SeverityGraded(e) => {
            let (stage, severity) = (e.stage.label(lang), e.severity.label(lang));
            say!(lang, "事件级别{stage}：{severity}", "severity {severity} ({stage})")
        }
        Event::Merged(e) => {
            let number = &e.into_number;
            say!(lang, "并入警情 {number}", "merged into incident {number}")
        }
        Event::Absorbed(e) => absorbed(t, e),
        Event::Controlled(_) => lang.pick("现场受控", "under control").to_owned(),
        Event::Closed(e) => {
            let words = t.words(e.note.as_ref());
            say!(lang, "结案{words}", "closed{words}")
        }
        Event::CasualtiesCounted(e) => {
            let (revision, figures) = (e.revision, t.figures(&e.figures));
            say!(lang, "伤亡登记（第 {revision} 次）：{figures}", "casualties, count {revision}: {figures}")
        }
        Event::CasualtiesConfirmed(e) => {
            let (revision, figures) = (e.revision, t.figures(&e.figures));
            say!(
                lang,
                "伤亡核定（第 {revision} 次登记）：{figures}",
                "casualties confirmed (count {revision}): {figures}"
            )
        }
        Event::NoteAdded(e) => {
            let words = t.words(Some(&e.note.text));
            say!(lang, "记事{words}", "note{words}")
        }
        Event::TownCalled(e) => town_called(t, e),
        Event::TownAnswered(e) => town_answered(t, e),
        Event::TownAnswerMissed(e) => town_answer_missed(t, e),
        Event::InstructionGiven(e) => instruction_given(t, e),
        Event::TaskAssigned(e) => task_assigned(t, e),
        Event::FedBack(e) => fed_back(t, e),
        Event::InstructionFeedbackMissed(e) => instruction_feedback_missed(t, e),
    }
}

fn call_taken(t: Teller<'_>, e: &CallTaken) -> Text {
    let lang = t.lang;
    let (source, place) = (e.source.label(lang), place(t, &e.place));
    let mut told: Vec<Text> = vec![place];
    told.extend(e.hazard.as_deref().map(|code| t.hazard(code)));
    told.extend(e.substance.clone());
    if let Some(grade) = e.grade {
        told.push(say!(lang, "{grade} 级调派", "grade {grade}"));
    }
    if let Some(trapped) = e.trapped.filter(|count| *count > 0) {
        told.push(say!(lang, "{trapped} 人被困", "{trapped} trapped"));
    }
    let told = told.join(lang.pick("，", ", "));
    let words = t.words(e.narrative.as_ref());
    say!(lang, "{source} 接警：{told}{words}", "call by {source}: {told}{words}")
}

fn place(t: Teller<'_>, place: &Place) -> Text {
    let town = place.town.as_deref().and_then(|code| t.names.state.jurisdiction.town(code));
    match town {
        Some(town) if !place.text.contains(&town.name) => {
            let (text, town) = (&place.text, t.lang.pick(&town.name, &town.latin));
            say!(t.lang, "{text}（{town}）", "{text} ({town})")
        }
        _ => place.text.clone(),
    }
}

fn classified(t: Teller<'_>, e: &Classified) -> Text {
    let lang = t.lang;
    let (hazard, grade) = (t.hazard(&e.hazard), e.grade);
    let mut told = say!(lang, "定为{hazard}，调派等级 {grade} 级", "{hazard}, dispatch grade {grade}");
    if let Some(substance) = &e.substance {
        told.push_str(&say!(lang, "，涉及{substance}", ", {substance}"));
    }
    if let Some(trapped) = e.trapped {
        told.push_str(&say!(lang, "，{trapped} 人被困", ", {trapped} trapped"));
    }
    if let Some(place) = &e.place {
        let place = &place.text;
        told.push_str(&say!(lang, "，地点{place}", ", at {place}"));
    }
    told
}

fn town_called(t: Teller<'_>, e: &TownCalled) -> Text {
    let lang = t.lang;
    let town = t.org(&e.town);
    let asked = &e.asked;
    say!(lang, "叫应{town}，待{asked}应答", "{town} called, {asked} must answer")
}

fn town_answered(t: Teller<'_>, e: &TownAnswered) -> Text {
    let lang = t.lang;
    let (town, words) = (t.town_call(e.town_call), t.words(e.words.as_ref()));
    say!(lang, "{town} 应答叫应{words}", "{town} answered the call{words}")
}

fn town_answer_missed(t: Teller<'_>, e: &TownAnswerMissed) -> Text {
    let lang = t.lang;
    let town = t.town_call(e.town_call);
    say!(lang, "{town} 叫应超时未应答", "{town} has not answered the call in time")
}

fn instruction_given(t: Teller<'_>, e: &InstructionGiven) -> Text {
    let lang = t.lang;
    let (from, words) = (&e.from, t.words(Some(&e.text)));
    say!(lang, "{from} 批示{words}", "{from} gave an instruction{words}")
}

fn task_assigned(t: Teller<'_>, e: &TaskAssigned) -> Text {
    let lang = t.lang;
    let ((from, _), org, words) = (t.instruction(e.instruction), t.org(&e.to), t.words(Some(&e.task)));
    say!(lang, "{from}批示交办{org}{words}", "instruction of {from} assigned to {org}{words}")
}

fn fed_back(t: Teller<'_>, e: &FedBack) -> Text {
    let lang = t.lang;
    let (from, owner) = t.instruction(e.instruction);
    let owner = owner.unwrap_or_else(|| e.by.by.clone());
    let words = t.words(Some(&e.text));
    if e.done {
        return say!(
            lang,
            "{owner} 办结反馈{from}批示{words}",
            "{owner} reports the instruction of {from} done{words}"
        );
    }
    say!(lang, "{owner} 反馈{from}批示办理情况{words}", "{owner} reports on the instruction of {from}{words}")
}

fn instruction_feedback_missed(t: Teller<'_>, e: &InstructionFeedbackMissed) -> Text {
    let lang = t.lang;
    let (from, owner) = t.instruction(e.instruction);
    match owner {
        Some(owner) => say!(
            lang,
            "{owner} 超时未办结反馈{from}批示",
            "{owner} has not reported the instruction of {from} done in time"
        ),
        None => say!(lang, "{from}批示超时未交办", "the instruction of {from} was not assigned in time"),
    }
}

fn call_added(t: Teller<'_>, e: &CallAdded) -> Text {
    let lang = t.lang;
    let (source, place) = (e.call.source.label(lang), &e.call.place.text);
    let words = t.words(e.call.narrative.as_ref());
    say!(lang, "{source} 又一报警：{place}{words}", "another call by {source}: {place}{words}")
}

fn grade_raised(t: Teller<'_>, e: &GradeRaised) -> Text {
    let lang = t.lang;
    let grade = e.grade;
    match e.from {
        Some(from) => {
            say!(lang, "调派等级由 {from} 级升至 {grade} 级", "dispatch grade raised from {from} to {grade}")
        }
        None => say!(lang, "调派等级定为 {grade} 级", "dispatch grade set to {grade}"),
    }
}

fn absorbed(t: Teller<'_>, e: &Absorbed) -> Text {
    let lang = t.lang;
    let (number, calls) = (&e.from_number, e.calls.len());
    let told = many(calls, "call", "calls");
    say!(
        lang,
        "警情 {number} 并入本警情（{calls} 次报警）",
        "incident {number} merged into this one ({told})"
    )
}
