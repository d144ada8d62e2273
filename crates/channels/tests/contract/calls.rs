//! Calls by ARI, against a small Asterisk of ours that follows the published description of ARI.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use channels::{HandedOver, Inbound};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

use crate::{message, next, opened, until};

#[derive(Clone)]
struct Asterisk {
    asked: Arc<Mutex<Vec<String>>>,
    events: broadcast::Sender<String>,
    sockets: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
}

impl Asterisk {
    async fn open() -> (Self, u16) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asterisk =
            Self { asked: Arc::default(), events: broadcast::channel(64).0, sockets: Arc::default() };
        let answering = asterisk.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answering.clone().serve(stream));
            }
        });
        (asterisk, port)
    }

    fn asked(&self, begins: &str) -> Vec<String> {
        self.asked.lock().unwrap().iter().filter(|line| line.starts_with(begins)).cloned().collect()
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut received = Vec::new();
        while stream.read_buf(&mut received).await.unwrap_or(0) > 0 {
            while let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8(received.drain(..end + 4).collect()).unwrap();
                let line = head.lines().next().unwrap().to_owned();
                let known = base64::engine::general_purpose::STANDARD.encode("muster:geheim");
                if !head.to_lowercase().contains(&format!("authorization: basic {}", known.to_lowercase())) {
                    stream
                        .write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")
                        .await
                        .unwrap();
                    continue;
                }
                self.asked.lock().unwrap().push(line.clone());
                if line.starts_with("GET /ari/events?app=muster") {
                    let task = tokio::spawn(tell(stream, head, self.events.subscribe()));
                    self.sockets.lock().unwrap().push(task.abort_handle());
                    return;
                }
                let answer = self.answer(&line);
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    }

    fn answer(&self, line: &str) -> String {
        let call =
            line.split("channelId=").nth(1).or_else(|| line.split("/channels/").nth(1)).unwrap_or_default();
        let call = call.split(['&', '/', ' ']).next().unwrap();
        let tell = |event: String| drop(self.events.send(event));
        let status = if line.starts_with("POST /ari/channels?") {
            let dialled = self.asked("POST /ari/channels?").iter().filter(|line| line.contains(call)).count();
            if line.contains("13900000088") {
                "500 Allocation failed"
            } else if dialled > 1 {
                "409 Conflict"
            } else if line.contains("13900000005") {
                tell(format!(
                    r#"{{"type":"ChannelDestroyed","cause":17,"cause_txt":"User busy","channel":{{"id":"{call}"}}}}"#
                ));
                "200 OK"
            } else {
                tell(format!(r#"{{"type":"ChannelVarset","channel":{{"id":"{call}"}}}}"#));
                tell(format!(
                    r#"{{"type":"StasisStart","application":"muster","args":[],"channel":{{"id":"{call}","state":"Up"}}}}"#
                ));
                "200 OK"
            }
        } else if line.contains("/play?") {
            let played = self.asked("POST /ari/channels/").len();
            if played % 2 == 1 {
                tell(format!(
                    r#"{{"type":"PlaybackFinished","playback":{{"id":"p","target_uri":"channel:{call}","state":"done"}}}}"#
                ));
            } else {
                tell(format!(
                    r#"{{"type":"ChannelDtmfReceived","digit":"1","duration_ms":90,"channel":{{"id":"{call}"}}}}"#
                ));
            }
            "201 Created"
        } else if line.starts_with("DELETE") {
            tell(format!(
                r#"{{"type":"ChannelDestroyed","cause":16,"cause_txt":"Normal Clearing","channel":{{"id":"{call}"}}}}"#
            ));
            "204 No Content"
        } else {
            "200 OK"
        };
        let length = if status.starts_with("204") { "" } else { "content-length: 2\r\n\r\n{}" };
        let end = if length.is_empty() { "\r\n" } else { "" };
        format!("HTTP/1.1 {status}\r\n{length}{end}")
    }
}

/// The socket of events: shakes hands, then sends what happens, one event in two fragments.
async fn tell(mut stream: TcpStream, head: String, mut events: broadcast::Receiver<String>) {
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
    let accept = channels::ari::ws::accept(key);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.write_all(&[0x89, 2, b'h', b'i']).await.unwrap();
    let mut pong = [0; 8];
    stream.read_exact(&mut pong).await.unwrap();
    assert_eq!((pong[0], pong[1]), (0x8A, 0x82), "a ping is answered, masked");
    while let Ok(event) = events.recv().await {
        let (first, rest) = event.as_bytes().split_at(10);
        let mut frames = vec![0x01, 10];
        frames.extend_from_slice(first);
        frames.extend_from_slice(&[0x80, 126]);
        frames.extend_from_slice(&u16::try_from(rest.len()).unwrap().to_be_bytes());
        frames.extend_from_slice(rest);
        if rest.len() < 126 {
            frames.splice(12..16, [0x80, u8::try_from(rest.len()).unwrap()]);
        }
        if stream.write_all(&frames).await.is_err() {
            return;
        }
    }
}

fn calls(port: u16) -> String {
    format!(
        "[[ari]]\nname = \"pbx\"\nurl = \"http://127.0.0.1:{port}\"\nuser = \"muster\"\npassword = \"geheim\"\n\
         endpoint = \"PJSIP/{{to}}@trunk\"\ncaller = \"0631119\"\nprompt = \"确认收到请按1。\"\n\
         media = \"sound:http://tts.local/say.wav?text={{text}}\"\n"
    )
}

#[tokio::test]
async fn a_call_reads_the_order_out_until_a_key_is_pressed() {
    let (asterisk, port) = Asterisk::open().await;
    let (channel, mut inbound) = opened(&calls(port));
    let order = message("0631-7562119");
    let handed_over = channel.send(&order).await.unwrap();
    let HandedOver { references, parts: 1 } = &handed_over else { panic!("{handed_over:?}") };
    let dialled = &asterisk.asked("POST /ari/channels?")[0];
    assert!(
        dialled.contains("endpoint=PJSIP%2F06317562119%40trunk&app=muster&channelId=muster-"),
        "{dialled}"
    );
    assert!(dialled.contains("timeout=40&callerId=0631119"), "{dialled}");

    let Inbound::Delivered { reference, .. } = next(&mut inbound).await else {
        panic!("nobody took the call")
    };
    assert_eq!(reference, references[0]);
    let Inbound::Answer { from, text, reference, .. } = next(&mut inbound).await else { panic!("no key") };
    assert_eq!(
        (from.as_str(), text.as_str(), reference.as_ref()),
        ("06317562119", "1", Some(&references[0]))
    );
    until("the call is ended", || !asterisk.asked("DELETE /ari/channels/").is_empty()).await;

    // What was played: the text and what to press, once more after its end.
    let played = asterisk.asked("POST /ari/channels/");
    assert_eq!(played.len(), 2);
    let media = played[0].split("media=").nth(1).unwrap().split(' ').next().unwrap();
    let (_, media) = form_urlencoded::parse(format!("m={media}").as_bytes()).into_owned().next().unwrap();
    let (server, text) = media.split_once("?text=").unwrap();
    assert_eq!(server, "sound:http://tts.local/say.wav");
    let (_, text) = form_urlencoded::parse(format!("t={text}").as_bytes()).into_owned().next().unwrap();
    assert_eq!(text, format!("{} 确认收到请按1。", order.text));

    // Its end is no failure; the same key does not ring again.
    assert_eq!(channel.send(&order).await.unwrap(), handed_over);
    assert_eq!(asterisk.asked("POST /ari/channels?").len(), 1);
    assert!(inbound.try_recv().is_err());
}

#[tokio::test]
async fn a_call_that_nobody_takes_failed_and_one_that_is_under_way_is_not_doubled() {
    let (asterisk, port) = Asterisk::open().await;
    let (channel, mut inbound) = opened(&calls(port));
    let handed_over = channel.send(&message("13900000005")).await.unwrap();
    let Inbound::Failed { reference, reason, .. } = next(&mut inbound).await else { panic!("no failure") };
    assert_eq!((&reference, reason.as_str()), (&handed_over.references[0], "User busy"));
    let fault = channel.send(&message("13900000088")).await.unwrap_err();
    assert_eq!(fault.code(), "unreachable");
    // Another run of the node, which does not remember: Asterisk knows the call by its name.
    let (again, _inbound) = opened(&calls(port));
    assert_eq!(again.send(&message("13900000005")).await.unwrap(), handed_over);
    assert_eq!(asterisk.asked("POST /ari/channels?").len(), 3);
    let (stranger, _inbound) = opened(&calls(port).replace("geheim", "falsch"));
    assert_eq!(stranger.send(&message("13900000000")).await.unwrap_err().code(), "refused");
}

#[tokio::test]
async fn events_come_again_after_the_connection_for_them_broke() {
    let (asterisk, port) = Asterisk::open().await;
    let (channel, mut inbound) = opened(&calls(port));
    channel.send(&message("13900000005")).await.unwrap();
    next(&mut inbound).await;
    for socket in asterisk.sockets.lock().unwrap().drain(..) {
        socket.abort();
    }
    until("the events are asked for again", || asterisk.asked("GET /ari/events").len() == 2).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut other = message("13900000001");
    other.id = "2".into();
    channel.send(&other).await.unwrap();
    assert!(matches!(next(&mut inbound).await, Inbound::Delivered { .. }));
}
