//! A channel that sends nowhere, for a kind that has no settings.

use crate::channel::{HandedOver, Kind, Outgoing, SendFault, Sending};
use crate::paced::Carrier;
use crate::sms;
use crate::sms::linked::within_parts;
use crate::sms::parts::parts;

impl HandedOver {
    /// What a rehearsal answers: a reference by which everybody sees that nothing left.
    pub(crate) fn rehearsed(message: &Outgoing, parts: u16) -> Self {
        let reference = |part| format!("rehearsal:{}:{part}", message.id);
        Self { references: (1..=parts).map(reference).collect(), parts }
    }
}

/// Checks the address and counts the parts as a real one would.
pub(crate) struct Unsent(pub(crate) Kind);

impl Unsent {
    fn rehearse(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let parts = match self.0 {
            Kind::Sms => {
                sms::mobile(&message.address)?;
                within_parts(parts(&message.text, 0).len())?
            }
            Kind::Voice => sms::telephone(&message.address).map(|_| 1)?,
            Kind::Mail if !message.address.contains('@') => {
                return Err(SendFault::bad_address("this is no mail address: it is of the form name@host"));
            }
            _ if message.address.is_empty() => return Err(SendFault::bad_address("the address is empty")),
            _ => 1,
        };
        Ok(HandedOver::rehearsed(message, parts.into()))
    }
}

impl Carrier for Unsent {
    fn kind(&self) -> Kind {
        self.0
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(std::future::ready(self.rehearse(message)))
    }
}
