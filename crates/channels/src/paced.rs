//! What holds for every channel: its limits, its time, its memory of what it handed over.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::channel::{
    Callback, CallbackAnswer, CallbackFault, Channel, HandedOver, Kind, Limits, Outgoing, SendFault, Sending,
};
use crate::limits::REMEMBERED;
use crate::settings::LimitSettings;

/// What stands behind a channel and only knows how to talk to its peer.
pub(crate) trait Carrier: Send + Sync {
    fn kind(&self) -> Kind;

    /// What the message costs of the channel's rate: parts of an SMS.
    fn weight(&self, message: &Outgoing) -> u32 {
        let _ = message;
        1
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a>;

    fn public_key(&self) -> Option<String> {
        None
    }

    fn check_address(&self, address: &str) -> Result<(), SendFault> {
        let _ = address;
        Ok(())
    }

    fn callback(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        let _ = callback;
        Err(CallbackFault::NotSupported)
    }
}

/// A carrier within its limits.
///
/// There is no queue: one here would let a hundred notices stand before an order. What is too much at the moment is
/// answered with the time after which there is room.
pub(crate) struct Paced {
    name: Arc<str>,
    limits: Limits,
    price_hao: u64,
    carrier: Box<dyn Carrier>,
    places: Semaphore,
    /// When the messages so far will have been sent at the channel's rate.
    booked: Mutex<Instant>,
    memory: Mutex<Memory>,
}

/// The part of a second for which a channel may run ahead of its rate; gateways count by the second.
const BURST: Duration = Duration::from_millis(200);
/// When to come again if every place is taken: a gateway answers in tens of milliseconds.
const PLACE_REST: Duration = Duration::from_millis(50);

impl Paced {
    pub(crate) fn new(name: &str, limits: Limits, price_hao: u64, carrier: Box<dyn Carrier>) -> Self {
        Self {
            name: Arc::from(name),
            limits,
            price_hao,
            carrier,
            places: Semaphore::new(limits.at_once as usize),
            booked: Mutex::new(Instant::now()),
            memory: Mutex::new(Memory::default()),
        }
    }

    /// Books the message's share of the rate, or says when there is room.
    fn book(&self, weight: u32) -> Result<(), SendFault> {
        let now = Instant::now();
        let mut booked = self.booked.lock();
        let begin = (*booked).max(now);
        let ahead = begin - now;
        if let Some(retry_after) = ahead.checked_sub(BURST).filter(|rest| !rest.is_zero()) {
            return Err(SendFault::Throttled { retry_after });
        }
        *booked = begin + Duration::from_secs(1) * weight / self.limits.per_s;
        Ok(())
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        if let Some(before) = self.memory.lock().of(message) {
            return Ok(before);
        }
        let Some(_flight) = Flight::begin(&self.memory, message) else {
            return Err(SendFault::Throttled { retry_after: PLACE_REST });
        };
        let Ok(_place) = self.places.try_acquire() else {
            return Err(SendFault::Throttled { retry_after: PLACE_REST });
        };
        self.book(self.carrier.weight(message))?;
        let sent = tokio::time::timeout(self.limits.timeout, self.carrier.carry(message)).await;
        let handed_over = sent.unwrap_or(Err(SendFault::TimedOut))?;
        self.memory.lock().keep(message, &handed_over);
        Ok(handed_over)
    }
}

impl Channel for Paced {
    fn name(&self) -> &Arc<str> {
        &self.name
    }

    fn kind(&self) -> Kind {
        self.carrier.kind()
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn price_hao(&self) -> u64 {
        self.price_hao
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let began = Instant::now();
            let outcome = self.hand_over(message).await;
            let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            match &outcome {
                Ok(_) => tracing::debug!(channel = %self.name, message.id, duration_ms, "handed over"),
                Err(fault @ SendFault::Throttled { .. }) => {
                    tracing::debug!(channel = %self.name, message.id, %fault, "not handed over");
                }
                Err(fault) => {
                    tracing::warn!(channel = %self.name, message.id, duration_ms, %fault, "not handed over");
                }
            }
            outcome
        })
    }

    fn public_key(&self) -> Option<String> {
        self.carrier.public_key()
    }

    fn check_address(&self, address: &str) -> Result<(), SendFault> {
        self.carrier.check_address(address)
    }

    fn callback(&self, callback: Callback<'_>) -> Result<CallbackAnswer, CallbackFault> {
        self.carrier.callback(callback)
    }
}

/// What was handed over lately.
#[derive(Default)]
struct Memory {
    known: HashMap<(String, String), HandedOver>,
    /// On their way now.
    flying: HashSet<(String, String)>,
    order: VecDeque<(String, String)>,
}

impl Memory {
    fn of(&self, message: &Outgoing) -> Option<HandedOver> {
        self.known.get(&(message.id.clone(), message.address.clone())).cloned()
    }

    fn keep(&mut self, message: &Outgoing, handed_over: &HandedOver) {
        let key = (message.id.clone(), message.address.clone());
        if self.known.insert(key.clone(), handed_over.clone()).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

/// A message on its way, until it is dropped: the same one is not sent beside it.
struct Flight<'a> {
    memory: &'a Mutex<Memory>,
    key: (String, String),
}

impl<'a> Flight<'a> {
    fn begin(memory: &'a Mutex<Memory>, message: &Outgoing) -> Option<Self> {
        let key = (message.id.clone(), message.address.clone());
        let begins = memory.lock().flying.insert(key.clone());
        begins.then(|| Self { memory, key })
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.memory.lock().flying.remove(&self.key);
    }
}

/// A kind's usual limits, with what the settings say instead.
pub(crate) fn limits(usual: Limits, settings: LimitSettings) -> Result<Limits, String> {
    let limits = Limits {
        per_s: settings.per_s.unwrap_or(usual.per_s),
        at_once: settings.at_once.unwrap_or(usual.at_once),
        timeout: settings.timeout_s.map_or(usual.timeout, |seconds| Duration::from_secs(seconds.into())),
    };
    if !(1..=10_000).contains(&limits.per_s) {
        return Err(format!("limits.per_s = {} is not within 1 to 10,000", limits.per_s));
    }
    if !(1..=1_000).contains(&limits.at_once) {
        return Err(format!("limits.at_once = {} is not within 1 to 1,000", limits.at_once));
    }
    let (shortest, longest) = (Duration::from_secs(1), Duration::from_mins(2));
    if !(shortest..=longest).contains(&limits.timeout) {
        return Err(format!("limits.timeout_s = {} is not within 1 to 120", limits.timeout.as_secs()));
    }
    Ok(limits)
}

/// A price in 元, as the settings write it (`"0.045"`), in 毫: money is counted in whole numbers.
pub(crate) fn price_hao(price: &str) -> Result<u64, String> {
    let odd = || {
        format!(
            "price = {price:?} is not an amount in 元 like \"0.045\", with at most 4 digits behind the point and below 1000"
        )
    };
    let (whole, part) = price.split_once('.').unwrap_or((price, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(part, 4) {
        return Err(odd());
    }
    format!("{whole}{part:0<4}").parse().map_err(|_| odd())
}

#[cfg(test)]
mod tests {
    use super::price_hao;

    #[test]
    fn a_price_is_read_as_it_is_written() {
        let read = [
            ("0.045", 450),
            ("0.1", 1_000),
            ("1", 10_000),
            ("12.3456", 123_456),
            ("0", 0),
            ("999.9999", 9_999_999),
        ];
        for (text, hao) in read {
            assert_eq!(price_hao(text), Ok(hao), "{text}");
        }
        for odd in ["", ".", "1.", ".5", "-1", "+1", "1e3", "0.00001", "1000", "0,05", " 1", "1 元", "０.1"]
        {
            let error = price_hao(odd).unwrap_err();
            assert!(error.starts_with("price = "), "{error}");
        }
    }
}
