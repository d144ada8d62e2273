//! Random histories: acts drawn from what is known, mostly lawful, by whom they are due, sometimes by somebody else.
//! The same numbers draw the same history.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::deck;
use crate::context::{OnBehalfOf, Through};
use crate::state::{IncidentFile, State};
use crate::types::{IncidentId, Time};
use crate::{Act, Actor, Told};

/// Small numbers, given by a property test (so that it can shrink them) or made from a seed.
#[derive(Debug, Clone)]
pub enum Draw {
    /// These, then zeros.
    Given(Vec<u16>, usize),
    /// Splitmix64.
    Seeded(u64),
}

impl Draw {
    /// From a test's numbers.
    pub fn given(numbers: &[u16]) -> Self {
        Self::Given(numbers.to_vec(), 0)
    }

    /// From a seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        match self {
            Self::Given(numbers, at) => {
                let number = numbers.get(*at).copied().unwrap_or_default();
                *at += 1;
                u64::from(number)
            }
            Self::Seeded(seed) => {
                *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut z = *seed;
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                z ^ (z >> 31)
            }
        }
    }

    /// A number below `count`, which is not zero.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.number() % (count.max(1) as u64)).expect("below a usize")
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, in_hundred: usize) -> bool {
        self.below(100) >= 100 - in_hundred.min(100)
    }

    /// One of a list, where it has any.
    pub fn one<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() { None } else { Some(list[self.below(list.len())].clone()) }
    }

    /// Some of a list, at least one, each once.
    pub fn some<T: Clone>(&mut self, list: &[T], most: usize) -> Vec<T> {
        let mut left = list.to_vec();
        let count = (1 + self.below(most)).min(left.len());
        (0..count).map(|_| left.remove(self.below(left.len()))).collect()
    }
}

/// The node's own acts are asked under this name.
pub(super) const NODE: &str = "clock";

/// An act that somebody asks, as often as it must be sent.
#[derive(Clone)]
pub struct Asked {
    /// By which account.
    pub account: String,
    /// What it says of itself.
    pub told: Told,
    make: Rc<dyn Fn() -> Act>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} asks {:?}", self.account, self.act())?;
        if self.told == Told::default() { Ok(()) } else { write!(f, " {:?}", self.told) }
    }
}

impl Asked {
    /// An account asks this, said as over HTTP. Panics where the body has not the act's shape.
    pub fn new<A>(account: &str, body: &Value) -> Self
    where
        A: DeserializeOwned + Clone + Into<Act> + 'static,
    {
        let act: A = serde_json::from_value(body.clone()).unwrap_or_else(|fault| panic!("{body}: {fault}"));
        Self { account: account.to_owned(), told: Told::default(), make: Rc::new(move || act.clone().into()) }
    }

    /// The act, once more.
    pub fn act(&self) -> Act {
        (self.make)()
    }

    /// Who asks it, as the position that the account stands for.
    pub fn actor(&self, state: &State) -> Actor {
        if self.account == NODE {
            return Actor::clock();
        }
        let id = self.account.parse().expect("an account of the cast");
        state.org.account(&id).expect("an account of the cast").actor()
    }

    /// Typed in for somebody.
    #[must_use]
    pub fn on_behalf_of(mut self, who: &str) -> Self {
        self.told.on_behalf_of = Some(OnBehalfOf { who: who.to_owned(), through: Through::Radio });
        self
    }

    /// It happened then.
    #[must_use]
    pub fn that_happened(mut self, at: Time) -> Self {
        self.told.occurred_at = Some(at);
        self
    }
}

/// What an act is drawn from.
#[derive(Debug)]
pub struct Hand<'a> {
    /// What is known.
    pub state: &'a State,
    /// The numbers.
    pub draw: &'a mut Draw,
    /// Now.
    pub now: Time,
    /// An incident in memory.
    pub incident: IncidentId,
    /// All of it.
    pub file: &'a IncidentFile,
}

/// One way to draw an act; `None` where there is nothing to draw it from.
pub type Card = fn(&mut Hand<'_>) -> Option<Asked>;

/// The next act of a history.
pub fn ask(state: &State, draw: &mut Draw, now: Time) -> Asked {
    let open: Vec<IncidentId> = state.incidents.keys().copied().collect();
    let Some(incident) = draw.one(&open).filter(|_| open.len() > 1 || !draw.chance(10)) else {
        let same_as = draw.one(&open).filter(|_| draw.chance(30));
        return deck::call(draw, same_as);
    };
    if let Some(over) = state.archive.keys().next_back().copied().filter(|_| draw.chance(5)) {
        return deck::afterwards(draw, over);
    }
    let file = state.hot(incident).expect("it was among the open ones");
    let mut hand = Hand { state, draw, now, incident, file };
    for _ in 0..12 {
        let (_, card) = deck::DECK[hand.pick()];
        if let Some(asked) = card(&mut hand) {
            return hand.estranged(asked);
        }
    }
    deck::note(&mut hand)
}

impl Hand<'_> {
    fn pick(&mut self) -> usize {
        let all: usize = deck::DECK.iter().map(|(weight, _)| weight).sum();
        let mut left = self.draw.below(all);
        deck::DECK
            .iter()
            .position(|(weight, _)| {
                let here = left < *weight;
                left = left.saturating_sub(*weight);
                here
            })
            .expect("below the sum of the weights")
    }

    /// Now and then somebody asks what is not his, or says a time that cannot be.
    fn estranged(&mut self, mut asked: Asked) -> Asked {
        if self.draw.chance(4) {
            let all: Vec<String> = self.state.org.accounts.keys().map(ToString::to_string).collect();
            asked.account = self.draw.one(&all).unwrap_or(asked.account);
        }
        if self.draw.chance(3) {
            asked.told.occurred_at = Some(self.now.plus_s(3600));
        }
        asked
    }

    /// Who commands, as an account.
    pub fn commander(&self) -> &'static str {
        if self.file.command.is_commanded_by(crate::authority::Role::Commander) {
            "commander"
        } else {
            "post"
        }
    }

    /// Asked by its owner, or typed in for him; now, or a little while ago.
    pub fn by<A>(&mut self, owner: &str, body: &Value) -> Asked
    where
        A: DeserializeOwned + Clone + Into<Act> + 'static,
    {
        let typed = self.draw.chance(30);
        let mut asked = Asked::new::<A>(if typed { "dispatcher" } else { owner }, body);
        if typed {
            asked = asked.on_behalf_of(owner);
        }
        if self.draw.chance(40) {
            let back_s = i64::try_from(self.draw.below(300)).expect("below 300");
            asked = asked.that_happened(self.now.plus_s(-back_s));
        }
        asked
    }
}

/// Where an incident may be.
pub(super) fn place(draw: &mut Draw) -> Value {
    let places = [
        json!({ "text": "石岛油库", "place": "place-shidao-youku" }),
        json!({ "text": "码头", "town": "371082002" }),
        json!({ "text": "浓烟", "point": [122.44, 37.15] }),
        json!({ "text": "路边" }),
    ];
    draw.one(&places).expect("there are places")
}
