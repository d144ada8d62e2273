//! Filling the needs: each as soon as it can be, and all of them with the fewest forces.
//!
//! Numbers only; what they stand for is `candidates`' and `reasons`' affair. First the window of each need: the
//! earliest minute by which the forces that may serve it suffice. Then the fewest forces that satisfy every need
//! within its window: exact while the search fits its steps, otherwise the best found. Minutes, not seconds: an
//! estimate is not worth a second vehicle. Needs of one capability share its stock and are filled one after the
//! other, the more urgent first.

/// A need of the composition, less what already stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    /// Which capability, as a number.
    pub(crate) capability: usize,
    /// How much is missing.
    pub(crate) quantity: u32,
    /// How many people are missing.
    pub(crate) people: u32,
    /// Asked for within so many minutes.
    pub(crate) within_min: u32,
    /// Own stations that arrive in time are taken before others.
    pub(crate) own_first: bool,
}

/// What a force brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Its judged arrival, seconds.
    pub(crate) judged_s: u32,
    /// Its people.
    pub(crate) people: u32,
    /// One of the brigade's own stations.
    pub(crate) own: bool,
    /// Capability and quantity; each capability once.
    pub(crate) stock: Vec<(usize, u32)>,
    /// Capabilities for which its people were counted already.
    pub(crate) manned: Vec<usize>,
}

impl Offer {
    pub(crate) fn minutes(&self) -> u32 {
        self.judged_s.div_ceil(60)
    }

    fn has(&self, capability: usize) -> u32 {
        self.stock.iter().find(|(c, _)| *c == capability).map_or(0, |(_, n)| *n)
    }

    fn people_for(&self, capability: usize) -> u32 {
        if self.manned.contains(&capability) { 0 } else { self.people }
    }
}

/// One force in one need: which offer, and how much of it.
pub(crate) type Share = (usize, u32);

/// Entries that the search for fewer forces may look at; about five milliseconds.
const SEARCH_STEPS: u32 = 1_500_000;

/// Fills the needs; one list of shares for each need.
pub(crate) fn fill(needs: &[Need], offers: &[Offer]) -> Vec<Vec<Share>> {
    let mut shares = vec![Vec::new(); needs.len()];
    let mut left = offers.to_vec();
    let mut coming = vec![false; offers.len()];
    for round in rounds(needs) {
        let windows: Vec<Window> = round.iter().map(|i| Window::of(&needs[*i], &left)).collect();
        let chosen = Cover::new(&windows, &left, &coming).solve();
        for (need, window) in round.iter().zip(&windows) {
            shares[*need] = window.share_out(&chosen, &mut left);
        }
        for offer in chosen {
            coming[offer] = true;
        }
    }
    shares
}

/// Needs whose capabilities differ can be filled together; a second need of the same capability waits its turn.
fn rounds(needs: &[Need]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..needs.len()).collect();
    order.sort_by_key(|i| (needs[*i].within_min, *i));
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    for i in order {
        let taken = |round: &Vec<usize>| round.iter().any(|j| needs[*j].capability == needs[i].capability);
        match rounds.iter_mut().find(|round| !taken(round)) {
            Some(round) => round.push(i),
            None => rounds.push(vec![i]),
        }
    }
    rounds
}

/// Who may serve a need, and how much of it can be had.
#[derive(Debug)]
struct Window {
    capability: usize,
    /// Needed whatever else is chosen.
    forced: Vec<usize>,
    /// The others, soonest first.
    open: Vec<usize>,
    /// What the open ones have to bring, people and quantity.
    quantity: u32,
    people: u32,
    /// What is shared out in all.
    whole_quantity: u32,
    whole_people: u32,
}

impl Window {
    fn of(need: &Need, offers: &[Offer]) -> Self {
        let mut able: Vec<usize> =
            (0..offers.len()).filter(|i| offers[*i].has(need.capability) > 0).collect();
        able.sort_by_key(|i| (offers[*i].judged_s, *i));
        let first = |i: &usize| need.own_first && offers[*i].own && offers[*i].minutes() <= need.within_min;
        let (own, others): (Vec<usize>, Vec<usize>) = able.into_iter().partition(first);
        let sum = |of: &[usize]| -> (u32, u32) {
            of.iter().fold((0, 0), |(q, p), i| {
                let offer = &offers[*i];
                (
                    q.saturating_add(offer.has(need.capability)),
                    p.saturating_add(offer.people_for(need.capability)),
                )
            })
        };
        let (own_quantity, own_people) = sum(&own);
        let enough = own_quantity >= need.quantity && own_people >= need.people;
        let (forced, open) = if enough { (Vec::new(), own) } else { (own, others) };
        let brought = if enough { (0, 0) } else { (own_quantity, own_people) };
        let (most_quantity, most_people) = sum(&open);
        let quantity = need.quantity.saturating_sub(brought.0).min(most_quantity);
        let people = need.people.saturating_sub(brought.1).min(most_people);
        let mut window = Self {
            capability: need.capability,
            forced,
            open,
            quantity,
            people,
            whole_quantity: need.quantity,
            whole_people: need.people,
        };
        window.close(offers);
        window
    }

    /// Lets go of the offers that come later than necessary. Until the last forced one is there, nothing is waited for.
    fn close(&mut self, offers: &[Offer]) {
        let (mut quantity, mut people) = (0_u32, 0_u32);
        let mut last = self.forced.iter().map(|i| offers[*i].minutes()).max();
        for i in &self.open {
            if quantity >= self.quantity && people >= self.people {
                break;
            }
            quantity = quantity.saturating_add(offers[*i].has(self.capability));
            people = people.saturating_add(offers[*i].people_for(self.capability));
            last = last.max(Some(offers[*i].minutes()));
        }
        self.open.retain(|i| Some(offers[*i].minutes()) <= last);
    }

    /// Shares the need out among the chosen, soonest first; takes it from their stock. People come once.
    fn share_out(&self, chosen: &[usize], left: &mut [Offer]) -> Vec<Share> {
        let mut shares = Vec::new();
        let (mut quantity, mut people) = (self.whole_quantity, self.whole_people);
        for i in self.forced.iter().chain(&self.open).filter(|i| chosen.binary_search(i).is_ok()) {
            if quantity == 0 && people == 0 {
                break;
            }
            let offer = &mut left[*i];
            let Some((_, stock)) = offer.stock.iter_mut().find(|(c, n)| *c == self.capability && *n > 0)
            else {
                continue;
            };
            // Where only people are missing, they still come with one of what they man.
            let taken = (*stock).min(quantity.max(1));
            *stock -= taken;
            quantity = quantity.saturating_sub(taken);
            people = people.saturating_sub(offer.people_for(self.capability));
            offer.manned.push(self.capability);
            shares.push((*i, taken));
        }
        shares
    }
}

/// One condition: the chosen among these bring at least so much.
#[derive(Debug)]
struct Row {
    demand: u32,
    /// Offer and what it brings, largest first.
    brings: Vec<(usize, u32)>,
}

/// The fewest offers that satisfy all rows; among as few, those that come soonest.
struct Cover<'a> {
    offers: &'a [Offer],
    rows: Vec<Row>,
    /// Which rows an offer helps, and how much.
    helps: Vec<Vec<(usize, u32)>>,
    /// Chosen before the search: forced, or coming already.
    given: Vec<usize>,
    candidates: Vec<usize>,
}

/// How good a choice is: how many, and the sum of their minutes.
type Cost = (u32, u64);

impl<'a> Cover<'a> {
    fn new(windows: &[Window], offers: &'a [Offer], coming: &[bool]) -> Self {
        let mut given: Vec<usize> = windows.iter().flat_map(|w| w.forced.iter().copied()).collect();
        given.extend((0..offers.len()).filter(|i| coming[*i]));
        given.sort_unstable();
        given.dedup();
        let mut rows = Vec::new();
        for window in windows {
            let quantity = |i: usize| offers[i].has(window.capability);
            let people = |i: usize| offers[i].people_for(window.capability);
            rows.push(row(window.quantity, &window.open, quantity));
            rows.push(row(window.people, &window.open, people));
        }
        rows.retain(|r| r.demand > 0);
        let mut helps = vec![Vec::new(); offers.len()];
        for (r, row) in rows.iter().enumerate() {
            for (i, n) in &row.brings {
                helps[*i].push((r, *n));
            }
        }
        let candidates =
            (0..offers.len()).filter(|i| !helps[*i].is_empty() && given.binary_search(i).is_err());
        let candidates = candidates.collect();
        Self { offers, rows, helps, given, candidates }
    }

    fn solve(self) -> Vec<usize> {
        self.search().0
    }

    /// The best choice, and the entries that were looked at to find it.
    fn search(&self) -> (Vec<usize>, u32) {
        let mut missing: Vec<u32> = self.rows.iter().map(|r| r.demand).collect();
        for i in &self.given {
            self.take(&mut missing, *i);
        }
        let greedy = self.greedy(&missing);
        let mut barred = vec![false; self.offers.len()];
        for i in &self.given {
            barred[*i] = true;
        }
        let mut search = Search {
            cover: self,
            best: greedy.clone(),
            best_cost: self.cost(&greedy),
            path: Vec::new(),
            barred,
            looked_at: 0,
        };
        search.descend(&missing, (0, 0));
        let mut chosen = search.best;
        chosen.extend(&self.given);
        chosen.sort_unstable();
        (chosen, search.looked_at)
    }

    fn take(&self, missing: &mut [u32], offer: usize) {
        for (row, n) in &self.helps[offer] {
            missing[*row] = missing[*row].saturating_sub(*n);
        }
    }

    fn cost(&self, chosen: &[usize]) -> Cost {
        let minutes = chosen.iter().map(|i| u64::from(self.offers[*i].minutes())).sum();
        (u32::try_from(chosen.len()).unwrap_or(u32::MAX), minutes)
    }

    /// Takes what helps most until all is satisfied, then lets go of what is not needed, the latest first.
    fn greedy(&self, missing: &[u32]) -> Vec<usize> {
        let (mut open, mut chosen) = (missing.to_vec(), Vec::new());
        while open.iter().any(|n| *n > 0) {
            let gain = |i: &usize| -> u64 {
                let of = |(row, n): &(usize, u32)| {
                    u64::from((*n).min(open[*row])) * 1_000_000 / u64::from(self.rows[*row].demand)
                };
                self.helps[*i].iter().map(of).sum()
            };
            let left = self.candidates.iter().filter(|i| !chosen.contains(*i));
            let best = left.max_by_key(|i| (gain(i), std::cmp::Reverse((self.offers[**i].judged_s, **i))));
            let Some(best) = best.filter(|i| gain(i) > 0) else { break };
            self.take(&mut open, *best);
            chosen.push(*best);
        }
        self.without_surplus(missing, chosen)
    }

    fn without_surplus(&self, missing: &[u32], mut chosen: Vec<usize>) -> Vec<usize> {
        let mut order = chosen.clone();
        order.sort_by_key(|i| std::cmp::Reverse((self.offers[*i].judged_s, *i)));
        for i in order {
            let mut open = missing.to_vec();
            for other in chosen.iter().filter(|o| **o != i) {
                self.take(&mut open, *other);
            }
            if open.iter().all(|n| *n == 0) {
                chosen.retain(|o| *o != i);
            }
        }
        chosen
    }
}

fn row(demand: u32, open: &[usize], brings: impl Fn(usize) -> u32) -> Row {
    let mut list: Vec<(usize, u32)> =
        open.iter().map(|i| (*i, brings(*i).min(demand))).filter(|(_, n)| *n > 0).collect();
    list.sort_by_key(|(i, n)| (std::cmp::Reverse(*n), *i));
    Row { demand, brings: list }
}

/// Branch and bound over the rows, by steps and never by the clock.
struct Search<'a> {
    cover: &'a Cover<'a>,
    best: Vec<usize>,
    best_cost: Cost,
    path: Vec<usize>,
    /// Not to be tried here: given already, or looked at with all that may follow.
    barred: Vec<bool>,
    looked_at: u32,
}

impl Search<'_> {
    fn descend(&mut self, missing: &[u32], cost: Cost) {
        let Some((least, row)) = self.hardest(missing) else {
            if cost < self.best_cost {
                self.best_cost = cost;
                self.best.clone_from(&self.path);
            }
            return;
        };
        if (cost.0.saturating_add(least), cost.1) >= self.best_cost {
            return;
        }
        let cover = self.cover;
        let mut tried = Vec::new();
        for (i, _) in &cover.rows[row].brings {
            if self.looked_at >= SEARCH_STEPS {
                break;
            }
            if self.barred[*i] || self.path.contains(i) {
                continue;
            }
            let mut open = missing.to_vec();
            cover.take(&mut open, *i);
            self.path.push(*i);
            self.descend(&open, (cost.0 + 1, cost.1 + u64::from(cover.offers[*i].minutes())));
            self.path.pop();
            // All choices with it were looked at: the next ones go without it.
            self.barred[*i] = true;
            tried.push(*i);
        }
        for i in tried {
            self.barred[i] = false;
        }
    }

    /// The unsatisfied row that needs the most further offers, and how many at least; `u32::MAX` where it cannot be
    /// satisfied any more. `None` when all rows are.
    fn hardest(&mut self, missing: &[u32]) -> Option<(u32, usize)> {
        let mut hardest: Option<(u32, usize)> = None;
        for (r, row) in self.cover.rows.iter().enumerate().filter(|(r, _)| missing[*r] > 0) {
            let (mut open, mut least) = (missing[r], 0_u32);
            for (i, n) in &row.brings {
                self.looked_at = self.looked_at.saturating_add(1);
                if self.barred[*i] || self.path.contains(i) {
                    continue;
                }
                open = open.saturating_sub(*n);
                least += 1;
                if open == 0 {
                    break;
                }
            }
            let least = if open > 0 { u32::MAX } else { least };
            if hardest.is_none_or(|(most, _)| least > most) {
                hardest = Some((least, r));
            }
        }
        hardest
    }
}

#[cfg(test)]
#[path = "fill_tests.rs"]
mod tests;
