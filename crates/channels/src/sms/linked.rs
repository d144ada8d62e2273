//! Text messages over a link to a gateway: what CMPP and SMPP have in common.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::channel::{HandedOver, Kind, Outgoing, SendFault, Sending};
use crate::limits::SMS_PARTS;
use crate::link::Link;
use crate::paced::Carrier;
use crate::sms;
use crate::sms::parts::Part;

/// One part to one number.
#[derive(Debug, Clone)]
pub struct Ask {
    pub to: String,
    pub part: Part,
    pub total: u8,
    /// From 1.
    pub index: u8,
    pub urgent: bool,
}

/// SMS over a link; without one it is a rehearsal.
pub(crate) struct Linked {
    pub(crate) link: Option<Link<Ask>>,
    pub(crate) signature: Option<String>,
    pub(crate) cut: fn(&str, u8) -> Vec<Part>,
    /// Tells the parts of one text from those of the next.
    pub(crate) reference: AtomicU8,
}

impl Linked {
    fn cut(&self, message: &Outgoing, reference: u8) -> Vec<Part> {
        (self.cut)(&sms::signed(&message.text, self.signature.as_deref()), reference)
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let to = sms::mobile(&message.address)?;
        let parts = self.cut(message, self.reference.fetch_add(1, Ordering::Relaxed));
        let total = within_parts(parts.len())?;
        let Some(link) = &self.link else { return Ok(HandedOver::rehearsed(message, total.into())) };
        let asks = (1..=total).zip(parts).map(|(index, part)| {
            link.ask(Ask { to: to.clone(), part, total, index, urgent: message.urgent })
        });
        let references = futures_util::future::try_join_all(asks).await?;
        Ok(HandedOver { references, parts: total.into() })
    }
}

/// A text of this many parts, if it may be sent.
pub(crate) fn within_parts(count: usize) -> Result<u8, SendFault> {
    u8::try_from(count).ok().filter(|count| usize::from(*count) <= SMS_PARTS).ok_or_else(|| {
        SendFault::refused(format!("the text takes {count} parts of SMS, and {SMS_PARTS} are the limit"))
    })
}

impl Carrier for Linked {
    fn kind(&self) -> Kind {
        Kind::Sms
    }

    fn weight(&self, message: &Outgoing) -> u32 {
        u32::try_from(self.cut(message, 0).len()).unwrap_or(u32::MAX)
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}
