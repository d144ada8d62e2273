//! Each choice and each gap in one line with figures, in both languages.

use std::collections::BTreeMap;

use domain::State;
use domain::jurisdiction::Basis;
use domain::types::{ForceId, Lang, Text};

use crate::candidates::{Candidate, Held, handicap_s};
use crate::proposal::{CompositionCited, Line, SlotProposal, SlotView};

fn both(line: impl Fn(Lang) -> Text) -> Line {
    Line { zh: line(Lang::Zh), en: line(Lang::En) }
}

/// 3.2 公里, 850 米.
fn distance(metres: u32, lang: Lang) -> Text {
    if metres < 1000 {
        return format!("{metres} {}", lang.pick("米", "m"));
    }
    let tenths = (u64::from(metres) + 50) / 100;
    format!("{}.{} {}", tenths / 10, tenths % 10, lang.pick("公里", "km"))
}

/// Minutes as people are told them: begun ones count.
fn minutes(seconds: u32) -> u32 {
    seconds.div_ceil(60)
}

/// 泡沫消防车 2 辆.
pub(crate) fn amount(state: &State, capability: &str, quantity: u32, lang: Lang) -> Text {
    match state.jurisdiction.capability(capability) {
        Some(c) => match lang {
            Lang::Zh => format!("{} {quantity} {}", c.name_zh, c.unit_zh),
            Lang::En => format!("{quantity} {} ({})", c.name_en, c.unit),
        },
        None => format!("{capability} {quantity}"),
    }
}

fn unit(state: &State, capability: &str, lang: Lang) -> Text {
    state
        .jurisdiction
        .capability(capability)
        .map_or_else(Text::new, |c| lang.pick(&c.unit_zh, &c.unit).to_owned())
}

/// 全市, 全县, 全区.
fn whole_area(state: &State, lang: Lang) -> &'static str {
    let zh = match state.jurisdiction.name_zh.chars().last() {
        Some('市') => "全市",
        Some('县') => "全县",
        Some('区') => "全区",
        _ => "本地区",
    };
    lang.pick(zh, "the jurisdiction")
}

/// Why this force stands here: 「距现场 3.2 公里，预计 9 分钟到场（直线距离估算），泡沫消防车 2 辆；备勤中」.
pub(crate) fn pick(view: &SlotView, c: &Candidate, quantity: u32, chosen: bool) -> Line {
    both(|lang| {
        let (far, eta) = (distance(c.distance_m, lang), minutes(c.eta_s));
        let what = amount(view.state, &view.slot.capability, quantity, lang);
        let mut parts = vec![match lang {
            Lang::Zh => format!("距现场 {far}，预计 {eta} 分钟到场（直线距离估算），{what}"),
            Lang::En => format!("{far} from the scene, about {eta} min (from the straight distance), {what}"),
        }];
        parts.push(readiness(c, chosen, lang));
        if c.eta_s > view.slot.within_min.saturating_mul(60) {
            let within = view.slot.within_min;
            parts.push(match lang {
                Lang::Zh => format!("超过要求的 {within} 分钟"),
                Lang::En => format!("later than the {within} min asked for"),
            });
        }
        if chosen && view.slot.own_station_first && c.is_own() {
            parts.push(lang.pick("自有站优先", "own stations come first").to_owned());
        }
        if c.basis != Basis::Direct {
            parts.push(c.basis.label(lang).to_owned());
        }
        parts.join(lang.pick("；", "; "))
    })
}

fn readiness(c: &Candidate, chosen: bool, lang: Lang) -> Text {
    if let Some(held) = &c.held {
        return held_by(held, lang);
    }
    if c.marks.is_empty() {
        return lang
            .pick(
                if c.stands_by { "已确认待命" } else { "备勤中" },
                if c.stands_by { "stands by" } else { "ready" },
            )
            .to_owned();
    }
    let marks: Vec<&str> = c.marks.iter().map(|m| m.label(lang)).collect();
    let marks = lang.join(&marks);
    let later = minutes(c.marks.iter().fold(0, |sum, m| sum + handicap_s(*m)));
    match (lang, chosen) {
        (Lang::Zh, true) => format!("{marks}（按晚到 {later} 分钟排序后仍须列入）"),
        (Lang::Zh, false) => format!("{marks}（按晚到 {later} 分钟排序）"),
        (Lang::En, true) => format!("{marks} (needed even when ranked {later} min later)"),
        (Lang::En, false) => format!("{marks} (ranked {later} min later)"),
    }
}

fn held_by(held: &Held, lang: Lang) -> Text {
    match held {
        Held::OrderedHere { step, .. } => match lang {
            Lang::Zh => format!("已调往本警情（{}）", step.label(lang)),
            Lang::En => format!("ordered to this incident already ({})", step.label(lang)),
        },
        Held::Engaged { number, .. } => match lang {
            Lang::Zh => format!("已在 {number} 号警情"),
            Lang::En => format!("at incident {number}"),
        },
        Held::PlannedHere { .. } => {
            lang.pick("已列入待同意的方案", "in a plan that waits for approval").to_owned()
        }
        Held::DeclinedHere => lang.pick("已报告不能出动", "has declined").to_owned(),
        Held::NotReady => lang.pick("待命答复未备好", "answered the stand-by: not ready").to_owned(),
        Held::LetterRefused => lang.pick("商请未获同意", "the letter of request was refused").to_owned(),
    }
}

/// Why a slot lacks something: 「缺 1 辆：全市仅有 2 辆，均已在 2026-0003 号警情」.
pub(crate) fn gap(view: &SlotView, missing: u32, people: u32, chosen: &[(&Candidate, u32)]) -> Line {
    both(|lang| {
        let unit = unit(view.state, &view.slot.capability, lang);
        let mut lacks = Vec::new();
        if missing > 0 {
            lacks.push(match lang {
                Lang::Zh => format!("缺 {missing} {unit}"),
                Lang::En => format!("{missing} ({unit}) short"),
            });
        }
        if people > 0 {
            lacks.push(match lang {
                Lang::Zh => format!("缺 {people} 人"),
                Lang::En => format!("{people} people short"),
            });
        }
        let lacks = lang.join(&lacks);
        let why = if view.located {
            where_it_is(view, &unit, chosen, lang)
        } else {
            lang.pick("现场位置不明，无法推荐，请先定位", "the place is not known; locate it first")
                .to_owned()
        };
        let advice = match (view.located, view.slot.known_gap) {
            (false, _) => "",
            (true, true) => lang.pick(
                "；编成已注明本地不足，须申请跨区域增援",
                "; the composition says so: ask for reinforcement",
            ),
            (true, false) => lang.pick("；可申请跨区域增援", "; reinforcement can be asked for"),
        };
        format!("{lacks}{}{why}{advice}", lang.pick("：", ": "))
    })
}

/// How much there is in all, and where it is now.
fn where_it_is(view: &SlotView, unit: &str, chosen: &[(&Candidate, u32)], lang: Lang) -> Text {
    let taken: BTreeMap<&ForceId, u32> = chosen.iter().map(|(c, n)| (&c.force.id, *n)).collect();
    let mut total = 0_u64;
    let mut places: BTreeMap<(u8, Text), u64> = BTreeMap::new();
    for c in view.known {
        let has = u64::from(c.force.has(&view.slot.capability));
        total += has;
        let (order, place) = match &c.held {
            None if taken.contains_key(&c.force.id) => {
                (0, lang.pick("已列入本建议", "in this proposal").to_owned())
            }
            None => (9, lang.pick("用于其他编成单元", "in other slots").to_owned()),
            Some(Held::OrderedHere { .. }) => {
                (1, lang.pick("已调往本警情", "ordered to this incident").to_owned())
            }
            Some(held @ Held::Engaged { .. }) => (2, held_by(held, lang)),
            Some(held) => (3, held_by(held, lang)),
        };
        if has > 0 {
            *places.entry((order, place)).or_default() += has;
        }
    }
    let area = whole_area(view.state, lang);
    let part = |((_, place), n): (&(u8, Text), &u64)| match lang {
        Lang::Zh => format!("{n} {unit}{place}"),
        Lang::En => format!("{n} {place}"),
    };
    let parts: Vec<Text> = places.iter().map(part).collect();
    match (places.len(), lang) {
        (0, Lang::Zh) => format!("{area}台账中没有这项能力"),
        (0, Lang::En) => format!("the ledger of {area} has none"),
        (1, Lang::Zh) => format!("{area}仅有 {total} {unit}，均{}", only(&places)),
        (1, Lang::En) => format!("{area} has {total}, all {}", only(&places)),
        (_, Lang::Zh) => format!("{area}共 {total} {unit}，{}", lang.join(&parts)),
        (_, Lang::En) => format!("{area} has {total}: {}", lang.join(&parts)),
    }
}

fn only(places: &BTreeMap<(u8, Text), u64>) -> &str {
    places.keys().next().map_or("", |(_, place)| place)
}

/// The whole proposal in a few lines.
pub(crate) fn summary(
    state: &State,
    cited: &CompositionCited,
    slots: &[SlotProposal],
    located: bool,
) -> Vec<Line> {
    let short = slots.iter().filter(|s| s.gap.is_some()).count();
    let late = slots.iter().filter(|s| s.picks.iter().any(|p| !p.in_time)).count();
    let last = slots.iter().flat_map(|s| &s.picks).map(|p| p.eta_s).max();
    let hazard = |lang: Lang| match state.jurisdiction.hazard(&cited.hazard) {
        Ok(h) => lang.pick(&h.name_zh, &h.name_en).to_owned(),
        Err(_) => cited.hazard.clone(),
    };
    let (n, full, grade, version) = (slots.len(), slots.len() - short, cited.grade, cited.version);
    let mut lines = vec![both(|lang| match lang {
        Lang::Zh => format!(
            "{}调派等级 {grade} 的编成（第 {version} 版）：{n} 个编成单元，{full} 个已满足，{short} 个有缺口",
            hazard(lang)
        ),
        Lang::En => format!(
            "{}, composition of dispatch grade {grade} (version {version}): {n} slots, {full} filled, {short} with a gap",
            hazard(lang)
        ),
    })];
    if !located {
        lines.push(both(|lang| {
            lang.pick("现场位置不明，无法按到场时间推荐，请先定位", "the place is not known; locate it first")
                .to_owned()
        }));
    }
    if let Some(last) = last {
        let last = minutes(last);
        lines.push(both(|lang| match lang {
            Lang::Zh => format!("最晚 {last} 分钟到场（直线距离估算）；{late} 个单元有力量超过要求时间"),
            Lang::En => format!("the last one is there in about {last} min (from the straight distance); {late} slots have a late force"),
        }));
        lines.push(both(|lang| by_basis(slots, lang)));
    }
    lines
}

fn by_basis(slots: &[SlotProposal], lang: Lang) -> Text {
    let forces: BTreeMap<&ForceId, Basis> =
        slots.iter().flat_map(|s| &s.picks).map(|p| (&p.force, p.basis)).collect();
    let order = [Basis::Direct, Basis::AfterApproval, Basis::LinkageNotice, Basis::LetterOfRequest];
    let count = |basis: Basis| forces.values().filter(|b| **b == basis).count();
    let parts: Vec<Text> = order
        .into_iter()
        .filter(|b| count(*b) > 0)
        .map(|b| format!("{} {}", b.label(lang), count(b)))
        .collect();
    match lang {
        Lang::Zh => format!("共 {} 支力量：{}", forces.len(), lang.join(&parts)),
        Lang::En => format!("{} forces: {}", forces.len(), lang.join(&parts)),
    }
}
