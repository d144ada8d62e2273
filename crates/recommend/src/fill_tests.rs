use proptest::prelude::*;

use super::*;

fn offer(minutes: u32, people: u32, own: bool, stock: &[(usize, u32)]) -> Offer {
    Offer { judged_s: minutes * 60, people, own, stock: stock.to_vec(), manned: Vec::new() }
}

fn need(capability: usize, quantity: u32) -> Need {
    Need { capability, quantity, people: 0, within_min: 20, own_first: false }
}

/// Plan 4.1.4: one force that brings both is called instead of two that bring one each.
#[test]
fn a_force_serves_several_needs_at_once() {
    let offers = [
        offer(8, 10, false, &[(0, 1)]),
        offer(8, 10, false, &[(1, 1)]),
        offer(8, 10, false, &[(0, 1), (1, 1)]),
    ];
    assert_eq!(fill(&[need(0, 1), need(1, 1)], &offers), [vec![(2, 1)], vec![(2, 1)]]);
}

/// The force that helps most at first sight, and those a few seconds sooner, are not always among the fewest.
#[test]
fn the_fewest_forces_are_found_where_the_most_helpful_one_misleads() {
    let sooner = |capability| Offer { judged_s: 470, ..offer(8, 10, false, &[(capability, 1)]) };
    let offers = [
        offer(8, 10, false, &[(1, 1), (2, 1), (3, 1), (4, 1)]),
        sooner(0),
        sooner(5),
        offer(8, 10, false, &[(0, 1), (1, 1), (2, 1)]),
        offer(8, 10, false, &[(3, 1), (4, 1), (5, 1)]),
    ];
    let needs: Vec<Need> = (0..6).map(|capability| need(capability, 1)).collect();
    assert_eq!(forces_of(&fill(&needs, &offers)), [3, 4]);
}

#[test]
fn a_later_force_is_not_called_to_save_a_vehicle() {
    let offers =
        [offer(5, 5, false, &[(0, 1)]), offer(6, 5, false, &[(0, 1)]), offer(30, 20, false, &[(0, 2)])];
    assert_eq!(fill(&[need(0, 2)], &offers), [vec![(0, 1), (1, 1)]]);
}

#[test]
fn what_is_there_is_taken_even_if_it_is_not_enough() {
    let offers = [offer(5, 5, false, &[(0, 1)]), offer(90, 5, false, &[(0, 1)])];
    assert_eq!(fill(&[need(0, 9)], &offers), [vec![(0, 1), (1, 1)]]);
}

/// Plan 4.3.2: own stations that arrive in time come before others that would be sooner.
#[test]
fn own_stations_in_time_come_first_and_late_ones_do_not() {
    let own_first = Need { own_first: true, ..need(0, 1) };
    let in_time = [offer(4, 5, false, &[(0, 1)]), offer(20, 5, true, &[(0, 1)])];
    assert_eq!(fill(std::slice::from_ref(&own_first), &in_time), [vec![(1, 1)]]);
    let late = [offer(4, 5, false, &[(0, 1)]), offer(21, 5, true, &[(0, 1)])];
    assert_eq!(fill(&[own_first], &late), [vec![(0, 1)]]);
}

/// The need is met when the own station comes, at minute 14: until then the force that another need brings may help.
#[test]
fn while_an_own_station_is_awaited_a_force_that_comes_anyway_saves_a_vehicle() {
    let offers = [
        offer(14, 1, false, &[(0, 1), (1, 1)]),
        offer(1, 1, false, &[(1, 1)]),
        offer(14, 1, true, &[(1, 1)]),
        offer(1, 1, false, &[(1, 3)]),
    ];
    let needs = [need(0, 1), Need { within_min: 14, own_first: true, ..need(1, 2) }];
    assert_eq!(forces_of(&fill(&needs, &offers)), [0, 2]);
}

#[test]
fn people_are_counted_besides_vehicles() {
    let manned = Need { people: 8, ..need(0, 2) };
    let offers = [offer(5, 6, false, &[(0, 2)]), offer(7, 4, false, &[(0, 3)])];
    assert_eq!(fill(&[manned], &offers), [vec![(0, 2), (1, 1)]]);
}

#[test]
fn two_needs_of_one_capability_share_its_stock() {
    let urgent = Need { within_min: 10, ..need(0, 2) };
    let offers = [offer(5, 6, false, &[(0, 3)]), offer(30, 4, false, &[(0, 2)])];
    assert_eq!(fill(&[need(0, 2), urgent], &offers), [vec![(0, 1), (1, 1)], vec![(0, 2)]]);
}

/// A province's forces at once: 1,000 alike, of which many choices are as good. The search ends by its steps, a pass over the
/// rows at each depth later at the most, and its work is the same on every machine.
#[test]
fn a_thousand_forces_and_fifteen_needs_are_searched_within_the_steps() {
    let stock = |n: usize| [(n % 15, 1), (n * 7 % 15, 1), (n * 11 % 15, 2)];
    let distinct = |mut stock: Vec<(usize, u32)>| {
        stock.sort_unstable();
        stock.dedup_by_key(|(capability, _)| *capability);
        stock
    };
    let offers: Vec<Offer> = (0..1000).map(|n| offer(8, 5, false, &distinct(stock(n).to_vec()))).collect();
    let needs: Vec<Need> = (0..15).map(|capability| need(capability, 7)).collect();
    let windows: Vec<Window> = needs.iter().map(|need| Window::of(need, &offers)).collect();
    let cover = Cover::new(&windows, &offers, &vec![false; offers.len()]);
    let (chosen, looked_at) = cover.search();
    let pass: usize = cover.rows.iter().map(|row| row.brings.len()).sum();
    let most = SEARCH_STEPS + u32::try_from(pass * (chosen.len() + 1)).unwrap();
    assert!((SEARCH_STEPS..=most).contains(&looked_at), "{looked_at} of {most}");
    assert_eq!(cover.search(), (chosen, looked_at), "the same again");
}

fn offers_strategy(forces: usize, capabilities: usize) -> impl Strategy<Value = Vec<Offer>> {
    let stock = proptest::collection::vec(prop_oneof![2 => Just(0_u32), 3 => 1_u32..4], capabilities);
    let one =
        (1_u32..7200, 1_u32..30, any::<bool>(), stock).prop_map(|(judged_s, people, own, stock)| Offer {
            judged_s,
            people,
            own,
            stock: stock.into_iter().enumerate().filter(|(_, n)| *n > 0).collect(),
            manned: Vec::new(),
        });
    proptest::collection::vec(one, 0..=forces)
}

fn needs_strategy(most: usize, capabilities: usize) -> impl Strategy<Value = Vec<Need>> {
    let one =
        (0..capabilities, 0_u32..8, prop_oneof![2 => Just(0_u32), 1 => 1_u32..50], 5_u32..90, any::<bool>());
    let one = one.prop_map(|(capability, quantity, people, within_min, own_first)| Need {
        capability,
        quantity,
        people,
        within_min,
        own_first,
    });
    proptest::collection::vec(one, 0..=most)
}

/// One need for each capability, so that the whole can be compared with every possible choice.
fn distinct(needs: Vec<Need>) -> Vec<Need> {
    let mut seen = Vec::new();
    needs
        .into_iter()
        .filter(|n| {
            !seen.contains(&n.capability) && {
                seen.push(n.capability);
                true
            }
        })
        .collect()
}

/// The last arrival of a need if exactly these forces may come, by the rule itself: own stations in time first where
/// the need says so, then soonest. `None` where the need gets less than all forces together could give it.
fn last_minute(need: &Need, offers: &[Offer], may: &[usize]) -> Option<u32> {
    let taken = |among: &[usize]| -> (u32, u32, u32) {
        let mut order = among.to_vec();
        order.retain(|i| offers[*i].has(need.capability) > 0);
        let early = |i: usize| need.own_first && offers[i].own && offers[i].minutes() <= need.within_min;
        order.sort_by_key(|i| (!early(*i), offers[*i].judged_s, *i));
        let (mut quantity, mut people, mut last) = (0, 0, 0);
        for i in order {
            if quantity >= need.quantity && people >= need.people {
                break;
            }
            quantity += offers[i].has(need.capability);
            people += offers[i].people;
            last = last.max(offers[i].minutes());
        }
        (quantity.min(need.quantity), people.min(need.people), last)
    };
    let all: Vec<usize> = (0..offers.len()).collect();
    let (best, here) = (taken(&all), taken(may));
    let own = |among: &[usize]| -> (u32, u32) {
        let early = among.iter().filter(|i| {
            need.own_first
                && offers[**i].own
                && offers[**i].minutes() <= need.within_min
                && offers[**i].has(need.capability) > 0
        });
        early.fold((0, 0), |(q, p), i| (q + offers[*i].has(need.capability), p + offers[*i].people))
    };
    let (own_all, own_here) = (own(&all), own(may));
    let enough = |(q, p): (u32, u32)| q >= need.quantity && p >= need.people;
    let own_first = if enough(own_all) { enough(own_here) } else { own_here == own_all };
    ((here.0, here.1) == (best.0, best.1) && own_first).then_some(here.2)
}

/// Every choice of forces; the best by (last arrival of each need, number of forces).
fn best_of_all(needs: &[Need], offers: &[Offer]) -> (Vec<u32>, usize) {
    let mut best: Option<(Vec<u32>, usize)> = None;
    for mask in 0_u32..(1 << offers.len()) {
        let may: Vec<usize> = (0..offers.len()).filter(|i| mask & (1 << i) != 0).collect();
        let lasts: Option<Vec<u32>> = needs.iter().map(|n| last_minute(n, offers, &may)).collect();
        if let Some(lasts) = lasts {
            let this = (lasts, may.len());
            if best.as_ref().is_none_or(|b| this < *b) {
                best = Some(this);
            }
        }
    }
    best.expect("all forces together are a choice")
}

fn last_of(shares: &[Share], offers: &[Offer]) -> u32 {
    shares.iter().map(|(i, _)| offers[*i].minutes()).max().unwrap_or(0)
}

fn forces_of(shares: &[Vec<Share>]) -> Vec<usize> {
    let mut forces: Vec<usize> = shares.iter().flatten().map(|(i, _)| *i).collect();
    forces.sort_unstable();
    forces.dedup();
    forces
}

/// Nearest first, each need for itself, as one does by hand.
fn greedy_nearest(need: &Need, offers: &[Offer]) -> u32 {
    let mut order: Vec<usize> = (0..offers.len()).filter(|i| offers[*i].has(need.capability) > 0).collect();
    order.sort_by_key(|i| offers[*i].judged_s);
    let (mut quantity, mut people, mut last) = (0, 0, 0);
    for i in order {
        if quantity >= need.quantity && people >= need.people {
            break;
        }
        quantity += offers[i].has(need.capability);
        people += offers[i].people;
        last = offers[i].minutes();
    }
    last
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Six forces, up to six needs: no choice of forces is sooner, and none as soon has fewer forces.
    #[test]
    fn small_cases_are_filled_as_well_as_any_choice_could(
        offers in offers_strategy(6, 6),
        needs in needs_strategy(8, 6).prop_map(distinct),
    ) {
        let shares = fill(&needs, &offers);
        let lasts: Vec<u32> = shares.iter().map(|s| last_of(s, &offers)).collect();
        prop_assert_eq!((lasts, forces_of(&shares).len()), best_of_all(&needs, &offers));
    }

    #[test]
    fn no_need_is_filled_later_than_by_taking_the_nearest(
        offers in offers_strategy(60, 8),
        needs in needs_strategy(12, 8).prop_map(distinct),
    ) {
        let needs: Vec<Need> = needs.into_iter().map(|n| Need { own_first: false, ..n }).collect();
        for (need, shares) in needs.iter().zip(fill(&needs, &offers)) {
            prop_assert!(last_of(&shares, &offers) <= greedy_nearest(need, &offers));
        }
    }

    #[test]
    fn no_stock_is_given_twice_and_no_need_gets_less_than_there_is(
        offers in offers_strategy(20, 3),
        needs in needs_strategy(6, 3),
    ) {
        let shares = fill(&needs, &offers);
        for capability in 0..3 {
            let of = |s: &&[Share]| -> u32 { s.iter().map(|(_, n)| *n).sum() };
            let mine: Vec<&[Share]> = needs.iter().zip(&shares).filter(|(n, _)| n.capability == capability).map(|(_, s)| s.as_slice()).collect();
            let (given, asked): (u32, u32) = (mine.iter().map(of).sum(), needs.iter().filter(|n| n.capability == capability).map(|n| n.quantity).sum());
            let there: u32 = offers.iter().map(|o| o.has(capability)).sum();
            prop_assert!(given >= asked.min(there) && given <= there);
            for (i, offer) in offers.iter().enumerate() {
                let of_one: u32 = mine.iter().flat_map(|s| s.iter()).filter(|(o, _)| *o == i).map(|(_, n)| *n).sum();
                prop_assert!(of_one <= offer.has(capability));
            }
        }
    }
}
