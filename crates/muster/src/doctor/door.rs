//! What others meet: the certificate, and the port.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use domain::types::Time;
use server::config::{Config, TlsMode};
use server::limits;
use server::tls::{self, Validity};

use super::finding::{Finding, words};

const DAY_MS: i64 = 86_400_000;
/// Longest that a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Can the certificate be used, and how long does it hold?
pub(super) fn certificate(config: &Config, now: Time) -> Vec<Finding> {
    let Some(path) = tls::certificate_of(config) else { return Vec::new() };
    // Asking for a certificate that is not there, or has no key, would make one.
    if config.tls == TlsMode::SelfSigned && !(path.exists() && path.with_file_name("key.pem").exists()) {
        let what = words("第一次启动时自制证书", "the node makes a certificate at its first start");
        return vec![Finding::good("certificate", what)];
    }
    let unusable = |why: String| {
        let shown = path.display();
        vec![Finding::bad(
            "certificate",
            words(
                format!("证书 {shown} 不能用：{why}"),
                format!("the certificate {shown} cannot be used: {why}"),
            ),
            words(
                "检查设置里的 cert 和 key：须为 PEM，须成对，节点的用户须能读",
                "check cert and key in the settings: PEM, a pair, readable by the node's user",
            ),
        )]
    };
    if let Err(error) = tls::acceptor(config) {
        return unusable(format!("{:#}", anyhow::Error::from(error)));
    }
    match tls::validity_of(&path) {
        Ok(Some(validity)) => vec![valid(validity, now)],
        Ok(None) => unusable("no validity".to_owned()),
        Err(error) => unusable(error.to_string()),
    }
}

fn valid(validity: Validity, now: Time) -> Finding {
    let Validity { from, until } = validity;
    let renew = words(
        "换上新证书（设置里的 cert 和 key），然后重启节点",
        "put a new certificate in place (cert and key in the settings), then restart the node",
    );
    if now < from {
        return Finding::bad(
            "certificate",
            words(format!("证书 {from} 才生效"), format!("the certificate holds from {from} on only")),
            words(
                "核对本机时钟；时钟无误就换证书",
                "check the clock; if it is right, take another certificate",
            ),
        );
    }
    if now > until {
        let what = words(format!("证书已于 {until} 过期"), format!("the certificate ended on {until}"));
        return Finding::bad("certificate", what, renew);
    }
    let days = (until.0 - now.0) / DAY_MS;
    let what = words(
        format!("证书还有 {days} 天（至 {until}）"),
        format!("the certificate holds {days} days more (until {until})"),
    );
    if days < i64::from(limits::CERTIFICATE_DAYS) {
        Finding::warning("certificate", what, renew)
    } else {
        Finding::good("certificate", what)
    }
}

/// Does the node answer where it serves; is the port free where it doesn't?
pub(super) fn port(config: &Config, holder: Option<String>) -> Vec<Finding> {
    let listen = config.listen;
    if listen.port() == 0 {
        return Vec::new();
    }
    vec![match holder {
        Some(process) => served(config, &process),
        None => free(listen),
    }]
}

fn free(listen: SocketAddr) -> Finding {
    match TcpListener::bind(listen) {
        Ok(_) => Finding::good(
            "port",
            words(format!("没有节点在运行，{listen} 可用"), format!("no node runs; {listen} is free")),
        ),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::bad(
            "port",
            words(format!("{listen} 已被别的程序占用"), format!("{listen} is taken by another program")),
            words(
                format!("ss -ltnp 'sport = :{}' 看是谁；停掉它，或换 listen", listen.port()),
                format!(
                    "ss -ltnp 'sport = :{}' tells by which; end it, or set another listen",
                    listen.port()
                ),
            ),
        ),
        Err(error) => Finding::bad(
            "port",
            words(format!("不能监听 {listen}：{error}"), format!("{listen} cannot be listened on: {error}")),
            words(
                "改设置里的 listen：须是本机地址",
                "correct listen in the settings: an address of this machine",
            ),
        ),
    }
}

fn served(config: &Config, process: &str) -> Finding {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        let loopback = if address.is_ipv4() {
            IpAddr::from([127, 0, 0, 1])
        } else {
            IpAddr::from([0_u16, 0, 0, 0, 0, 0, 0, 1])
        };
        address.set_ip(loopback);
    }
    let stream = match TcpStream::connect_timeout(&address, PATIENCE) {
        Ok(stream) => stream,
        Err(error) => {
            return Finding::bad(
                "port",
                words(
                    format!("进程 {process} 在写日志，但 {address} 没有应答：{error}"),
                    format!("process {process} writes the journal, and {address} does not answer: {error}"),
                ),
                words(
                    "若它用别的 listen 启动则无妨；否则看它的日志，必要时重启",
                    "fine if it was started with another listen; else read its log, and restart it if need be",
                ),
            );
        }
    };
    let answer = if config.tls == TlsMode::Off { readiness(stream) } else { Ok(200) };
    match answer {
        Ok(200) => Finding::good(
            "port",
            words(
                format!("节点在运行（进程 {process}），{address} 有应答"),
                format!("the node runs (process {process}); {address} answers"),
            ),
        ),
        Ok(503) => Finding::bad(
            "port",
            words("节点在运行，但不接收操作", "the node runs, and takes no acts"),
            words(
                "多半是磁盘写不进：看上面的磁盘一项和节点日志",
                "most likely its disk cannot be written: see disk above, and the node's log",
            ),
        ),
        other => Finding::bad(
            "port",
            words(
                format!("{address} 的应答不像节点：{other:?}"),
                format!("{address} does not answer as a node does: {other:?}"),
            ),
            words(
                "别的程序占了这个端口，或 TLS 设置与运行中的不同",
                "another program has the port, or tls differs from what runs",
            ),
        ),
    }
}

/// The status of `/readyz`.
fn readiness(mut stream: TcpStream) -> std::io::Result<u16> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let status =
        std::str::from_utf8(&head).ok().and_then(|head| head.strip_prefix("HTTP/1.1 ")?.parse().ok());
    status.ok_or_else(|| ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_certificate_is_told_of_before_it_ends() {
        let level = |now: i64| {
            let validity = Validity { from: Time(10 * DAY_MS), until: Time(100 * DAY_MS) };
            valid(validity, Time(now)).level
        };
        assert_eq!(level(10 * DAY_MS - 1), Level::Bad, "not yet");
        assert_eq!(level(69 * DAY_MS), Level::Good);
        assert_eq!(level(71 * DAY_MS), Level::Warning);
        assert_eq!(level(100 * DAY_MS + 1), Level::Bad, "ended");
    }
}
