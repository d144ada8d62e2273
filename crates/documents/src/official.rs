//! What every official document has besides its matter.

use crate::text::Date;

/// Heading, date and imprint of a document (GB/T 9704-2012, 7.2 to 7.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Official {
    /// 发文机关: the red mark, and the signature.
    pub issuer: String,
    /// 发文字号, such as 荣消调〔2026〕15号.
    pub number: Option<String>,
    /// 紧急程度, such as 特急.
    pub urgency: Option<String>,
    /// 密级和保密期限, such as 机密★1年.
    pub secrecy: Option<String>,
    /// 签发人: required of upward documents (7.2.6); elsewhere it stands where the document has a place for it.
    pub signed_by: Option<String>,
    /// 成文日期.
    pub date: Date,
    /// 抄送.
    pub copied_to: Vec<String>,
    /// 印发机关; without it, the imprint has no such line.
    pub printed_by: Option<String>,
    /// 印发日期; the document's date where it is not given.
    pub printed_on: Option<Date>,
    /// 附注: whom to ask.
    pub contact: Option<Contact>,
    /// 演练: said in the title and in the header of every page.
    pub drill: bool,
}

/// Whom to ask about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub phone: String,
}

impl Official {
    /// A document with nothing but issuer and date; the rest is set by the caller.
    pub fn new(issuer: impl Into<String>, date: Date) -> Self {
        Self {
            issuer: issuer.into(),
            number: None,
            urgency: None,
            secrecy: None,
            signed_by: None,
            date,
            copied_to: Vec::new(),
            printed_by: None,
            printed_on: None,
            contact: None,
            drill: false,
        }
    }
}
