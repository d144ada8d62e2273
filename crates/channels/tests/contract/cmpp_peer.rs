//! The gateway's side of CMPP, as small as the tests need it. It reads the fields by their published places.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use channels::cmpp::pdu;
use channels::settings::CmppVersion;
use channels::sms::parts::ucs2_text;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One `CMPP_SUBMIT` as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Submitted {
    pub(crate) to: String,
    pub(crate) source: String,
    pub(crate) total: u8,
    pub(crate) index: u8,
    pub(crate) header: Vec<u8>,
    pub(crate) text: String,
}

#[derive(Default)]
struct Book {
    submitted: Mutex<Vec<Submitted>>,
    deliver_answers: AtomicU64,
    tests: AtomicU64,
    terminated: AtomicBool,
    connects: AtomicU64,
    ids: AtomicU64,
}

pub(crate) struct CmppPeer {
    pub(crate) port: u16,
    book: Arc<Book>,
    doors: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
}

impl CmppPeer {
    pub(crate) async fn open(version: CmppVersion, password: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let book = Arc::new(Book::default());
        let doors = Arc::new(Mutex::new(Vec::new()));
        let (kept, open) = (Arc::clone(&book), Arc::clone(&doors));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let session = Session { stream, version, password, book: Arc::clone(&kept) };
                let task = tokio::spawn(session.run());
                open.lock().unwrap().push(task.abort_handle());
            }
        });
        Self { port, book, doors }
    }

    pub(crate) fn submitted(&self) -> Vec<Submitted> {
        self.book.submitted.lock().unwrap().clone()
    }

    pub(crate) fn deliver_answers(&self) -> u64 {
        self.book.deliver_answers.load(Ordering::SeqCst)
    }

    pub(crate) fn tests(&self) -> u64 {
        self.book.tests.load(Ordering::SeqCst)
    }

    pub(crate) fn connects(&self) -> u64 {
        self.book.connects.load(Ordering::SeqCst)
    }

    pub(crate) fn terminated(&self) -> bool {
        self.book.terminated.load(Ordering::SeqCst)
    }

    /// Cuts every connection.
    pub(crate) fn cut(&self) {
        for door in self.doors.lock().unwrap().drain(..) {
            door.abort();
        }
    }
}

struct Session {
    stream: TcpStream,
    version: CmppVersion,
    password: &'static str,
    book: Arc<Book>,
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.iter().copied().take_while(|octet| *octet != 0).collect()).unwrap()
}

impl Session {
    async fn run(mut self) {
        let mut received = Vec::new();
        loop {
            while let Some((length, frame)) = pdu::parse_frame(&received).unwrap() {
                let mut out = Vec::new();
                let goes_on = self.answer(frame.command, frame.number, frame.body, &mut out);
                self.stream.write_all(&out).await.unwrap();
                if !goes_on {
                    return;
                }
                received.drain(..length);
            }
            if self.stream.read_buf(&mut received).await.unwrap_or(0) == 0 {
                return;
            }
        }
    }

    fn answer(&self, command: u32, number: u32, body: &[u8], out: &mut Vec<u8>) -> bool {
        match command {
            pdu::CONNECT => {
                self.book.connects.fetch_add(1, Ordering::SeqCst);
                let status = u32::from(!self.proves(number, body)) * 3;
                let mut answer = match self.version {
                    CmppVersion::V2 => vec![u8::try_from(status).unwrap()],
                    CmppVersion::V3 => status.to_be_bytes().to_vec(),
                };
                answer.extend_from_slice(&[0; 17]);
                pdu::frame(pdu::CONNECT | pdu::ANSWER, number, &answer, out);
                return status == 0;
            }
            pdu::SUBMIT => self.submit(number, body, out),
            pdu::ACTIVE_TEST => {
                self.book.tests.fetch_add(1, Ordering::SeqCst);
                pdu::frame(pdu::ACTIVE_TEST | pdu::ANSWER, number, &[0], out);
            }
            pdu::TERMINATE => {
                self.book.terminated.store(true, Ordering::SeqCst);
                pdu::frame(pdu::TERMINATE | pdu::ANSWER, number, &[], out);
            }
            command if command == pdu::DELIVER | pdu::ANSWER => {
                self.book.deliver_answers.fetch_add(1, Ordering::SeqCst);
            }
            other => panic!("an unknown command {other:#x}"),
        }
        true
    }

    /// Does the client know the password? The proof is compared with one made from the same time.
    fn proves(&self, number: u32, body: &[u8]) -> bool {
        let (account, version) = (text(&body[..6]), body[22]);
        assert_eq!(version, if self.version == CmppVersion::V2 { 0x20 } else { 0x30 });
        let timestamp = u32::from_be_bytes(body[23..27].try_into().unwrap());
        assert!((101_000_000..=1_231_235_959).contains(&timestamp), "MMDDHHMMSS, not {timestamp}");
        let mut known = Vec::new();
        pdu::Connect { account: &account, password: self.password, version, timestamp }
            .write(number, &mut known);
        known[12..] == *body
    }

    fn submit(&self, number: u32, body: &[u8], out: &mut Vec<u8>) {
        let wide = self.version == CmppVersion::V3;
        let (terminal, typed) = if wide { (32, 1) } else { (21, 0) };
        // Msg_Id 8, Pk_total, Pk_number, report, level, Service_Id 10, Fee_UserType, Fee_terminal …
        let after_fee = 8 + 4 + 10 + 1 + terminal + typed;
        let has_header = body[after_fee + 1] == 1;
        assert_eq!((body[10], body[after_fee + 2]), (1, 8), "a report is asked for, the coding is UCS-2");
        let source_at = after_fee + 3 + 6 + 2 + 6 + 17 + 17;
        let to_at = source_at + 21 + 1;
        let content_at = to_at + terminal + typed + 1;
        let length = usize::from(body[content_at - 1]);
        let content = &body[content_at..content_at + length];
        assert_eq!(
            body.len(),
            content_at + length + if wide { 20 } else { 8 },
            "the frame ends with its reserve"
        );
        let (header, words) = content.split_at(if has_header { 6 } else { 0 });
        let submitted = Submitted {
            to: text(&body[to_at..to_at + terminal]),
            source: text(&body[source_at..source_at + 21]),
            total: body[8],
            index: body[9],
            header: header.to_vec(),
            text: ucs2_text(words),
        };
        let result: u32 = match submitted.to.as_str() {
            "13900000013" => 13,
            "13900000088" => 8,
            _ => 0,
        };
        let id = 0xB4C5_5300_0001_0000 + self.book.ids.fetch_add(1, Ordering::SeqCst);
        let mut answer = id.to_be_bytes().to_vec();
        match self.version {
            CmppVersion::V2 => answer.push(u8::try_from(result).unwrap()),
            CmppVersion::V3 => answer.extend_from_slice(&result.to_be_bytes()),
        }
        pdu::frame(pdu::SUBMIT | pdu::ANSWER, number, &answer, out);
        if result == 0 {
            let state = if submitted.to.ends_with("05") { "UNDELIV" } else { "DELIVRD" };
            let report = [&id.to_be_bytes()[..], state.as_bytes(), &[b'0'; 20], &[0; 36]].concat();
            self.deliver(900 + number, &submitted, true, 0, &report[..if wide { 71 } else { 60 }], out);
            if submitted.index == submitted.total {
                let reply: Vec<u8> = "A7 1 㛃𠮷收到".encode_utf16().flat_map(u16::to_be_bytes).collect();
                self.deliver(901 + number, &submitted, false, 8, &reply, out);
            }
        }
        self.book.submitted.lock().unwrap().push(submitted);
    }

    fn deliver(
        &self,
        number: u32,
        to: &Submitted,
        is_report: bool,
        coding: u8,
        content: &[u8],
        out: &mut Vec<u8>,
    ) {
        let wide = self.version == CmppVersion::V3;
        let mut body = u64::from(number).to_be_bytes().to_vec();
        let field = |text: &str, width: usize, body: &mut Vec<u8>| {
            let end = body.len() + width;
            body.extend_from_slice(text.as_bytes());
            body.resize(end, 0);
        };
        field(&to.source, 21, &mut body);
        field("yj", 10, &mut body);
        body.extend_from_slice(&[0, 0, coding]);
        field(&format!("86{}", to.to), if wide { 32 } else { 21 }, &mut body);
        if wide {
            body.push(0);
        }
        body.push(is_report.into());
        body.push(u8::try_from(content.len()).unwrap());
        body.extend_from_slice(content);
        body.resize(body.len() + if wide { 20 } else { 8 }, 0);
        pdu::frame(pdu::DELIVER, number, &body, out);
    }
}
