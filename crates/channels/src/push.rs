//! Web push: a message to a browser by its maker's push service (RFC 8030), sealed for that browser (RFC 8291) and
//! signed by the node (VAPID, RFC 8292).
//!
//! The service sees who is told and when, never what. Handed over means that the service took it; where a network lets
//! nobody out to these services the fault says so, and the courier goes on to the next channel.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderValue, StatusCode, Uri, header};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Deserialize;
use serde_json::json;

use crate::channel::{HandedOver, Kind, Outgoing, SendFault, Sending};
use crate::http::{Http, post};
use crate::limits::PUSH_BYTES;
use crate::paced::Carrier;
use crate::settings::PushSettings;
use crate::text::now_ms;

/// The services of Chrome and Edge's Android builds, Firefox, Edge, Safari.
const SERVICES: [&str; 4] =
    ["fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com"];
/// How long a signature is good, in seconds; RFC 8292 allows a day.
const SIGNED_S: i64 = 12 * 3_600;
/// Length of the one record (RFC 8188).
const RECORD: u32 = 4_096;

/// What a browser gives the page when somebody allows messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub endpoint: Uri,
    /// The browser's key, an uncompressed point.
    pub key: Vec<u8>,
    pub auth: Vec<u8>,
}

#[derive(Deserialize)]
struct Written {
    endpoint: String,
    keys: WrittenKeys,
}

#[derive(Deserialize)]
struct WrittenKeys {
    p256dh: String,
    auth: String,
}

/// Reads a subscription as `PushSubscription.toJSON()` writes it.
pub fn parse_subscription(text: &str) -> Result<Subscription, String> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &URL_SAFE,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let written: Written = serde_json::from_str(text).map_err(|_| "this is no browser's subscription")?;
    let endpoint: Uri = written.endpoint.parse().map_err(|_| "the subscription's endpoint is no address")?;
    let decoded = |text: &str| LENIENT.decode(text).map_err(|_| "the subscription's keys are no base64");
    let (key, auth) = (decoded(&written.keys.p256dh)?, decoded(&written.keys.auth)?);
    if key.len() != 65 || key[0] != 4 || auth.len() != 16 {
        return Err("the subscription's keys have not the length of keys".to_owned());
    }
    if endpoint.scheme_str() != Some("https") || endpoint.host().is_none_or(str::is_empty) {
        return Err("the subscription's endpoint is not https".to_owned());
    }
    Ok(Subscription { endpoint, key, auth })
}

pub(crate) struct Push {
    http: Http,
    contact: String,
    key: EcdsaKeyPair,
    services: Vec<String>,
    keep_s: u32,
    random: SystemRandom,
}

impl Push {
    pub(crate) fn new(settings: &PushSettings, key: &str, http: Http) -> Result<Self, String> {
        let random = SystemRandom::new();
        let how = "make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
        let der = PrivatePkcs8KeyDer::from_pem_slice(key.as_bytes())
            .map_err(|_| format!("key is no private key in PEM; {how}"))?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.secret_pkcs8_der(), &random)
            .map_err(|_| format!("key is no P-256 key; {how}"))?;
        let contact = settings.contact.clone();
        if !(contact.starts_with("mailto:") || contact.starts_with("https://")) {
            return Err(format!("contact = {contact:?} begins neither with mailto: nor with https://"));
        }
        let services = settings.services.clone().unwrap_or_else(|| SERVICES.map(str::to_owned).to_vec());
        Ok(Self { http, contact, key, services, keep_s: settings.keep_s, random })
    }

    /// Nobody can make the node call a host by a subscription of his own making.
    fn check_service(&self, endpoint: &Uri) -> Result<(), SendFault> {
        let host = endpoint.host().unwrap_or_default().to_ascii_lowercase();
        let known = |service: &String| {
            host == *service || host.strip_suffix(service.as_str()).is_some_and(|rest| rest.ends_with('.'))
        };
        if self.services.iter().any(known) {
            return Ok(());
        }
        Err(SendFault::bad_address(format!("{host} is no push service of the settings")))
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<HandedOver, SendFault> {
        let subscription = parse_subscription(&message.address).map_err(SendFault::bad_address)?;
        self.check_service(&subscription.endpoint)?;
        let plain = json!({
            "id": message.id,
            "title": message.subject,
            "text": message.text,
            "short_code": message.short_code,
            "urgent": message.urgent,
        })
        .to_string();
        if plain.len() > PUSH_BYTES {
            let length = plain.len();
            return Err(SendFault::refused(format!(
                "the message has {length} bytes, and {PUSH_BYTES} are the limit"
            )));
        }
        let body = self.sealed(&subscription, plain.as_bytes())?;
        let mut request = post(&subscription.endpoint.to_string(), "application/octet-stream", body)?;
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
        headers.insert("ttl", HeaderValue::from(self.keep_s));
        headers.insert("urgency", HeaderValue::from_static(if message.urgent { "high" } else { "normal" }));
        // A repeated message takes the first one's place in the service.
        let topic = ring::digest::digest(&ring::digest::SHA256, message.id.as_bytes());
        let topic = URL_SAFE_NO_PAD.encode(&topic.as_ref()[..24]);
        headers.insert("topic", HeaderValue::try_from(topic).expect("base64 is a header's text"));
        headers.insert(header::AUTHORIZATION, self.vapid(&subscription.endpoint)?);
        let Some(answer) = self.http.send(request).await? else {
            return Ok(HandedOver::rehearsed(message, 1));
        };
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Err(SendFault::bad_address("the browser takes no messages any more"));
        }
        answer.accepted()?;
        let location = answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        Ok(HandedOver { references: location.map(str::to_owned).into_iter().collect(), parts: 1 })
    }

    /// RFC 8292: who sends, to which service, for how long.
    fn vapid(&self, endpoint: &Uri) -> Result<HeaderValue, SendFault> {
        let authority = endpoint.authority().map(ToString::to_string).unwrap_or_default();
        let claims = json!({
            "aud": format!("https://{authority}"),
            "exp": now_ms() / 1_000 + SIGNED_S,
            "sub": self.contact,
        });
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let no_random = |_| SendFault::unreachable("the machine gives no random numbers");
        let signature = self.key.sign(&self.random, signed.as_bytes()).map_err(no_random)?;
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        let public = URL_SAFE_NO_PAD.encode(self.key.public_key().as_ref());
        let value = format!("vapid t={signed}.{signature}, k={public}");
        Ok(HeaderValue::try_from(value).expect("base64 is a header's text"))
    }

    fn sealed(&self, subscription: &Subscription, plain: &[u8]) -> Result<Vec<u8>, SendFault> {
        let no_random = |_| SendFault::unreachable("the machine gives no random numbers");
        let own = EphemeralPrivateKey::generate(&ECDH_P256, &self.random).map_err(no_random)?;
        let public = own.compute_public_key().map_err(no_random)?;
        let mut salt = [0; 16];
        self.random.fill(&mut salt).map_err(no_random)?;
        let peer = UnparsedPublicKey::new(&ECDH_P256, &subscription.key);
        agree_ephemeral(own, &peer, |secret| seal(secret, subscription, public.as_ref(), salt, plain))
            .map_err(|_| SendFault::bad_address("the subscription's key is no point of P-256"))
    }
}

/// A length for `Prk::expand`.
struct Octets(usize);

impl KeyType for Octets {
    fn len(&self) -> usize {
        self.0
    }
}

fn derived<const N: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    let prk = Salt::new(HKDF_SHA256, salt).extract(secret);
    prk.expand(info, Octets(N))
        .and_then(|okm| okm.fill(&mut out))
        .expect("the length is far below the limit");
    out
}

/// The one record of RFC 8291, section 4, behind its header.
fn seal(secret: &[u8], subscription: &Subscription, public: &[u8], salt: [u8; 16], plain: &[u8]) -> Vec<u8> {
    let info: [&[u8]; 3] = [b"WebPush: info\0", &subscription.key, public];
    let keying: [u8; 32] = derived(&subscription.auth, secret, &info);
    let key: [u8; 16] = derived(&salt, &keying, &[b"Content-Encoding: aes128gcm\0"]);
    let nonce: [u8; 12] = derived(&salt, &keying, &[b"Content-Encoding: nonce\0"]);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("the key has the cipher's length"));
    let mut record = plain.to_vec();
    record.push(2); // the last record
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)
        .expect("a record is far below the cipher's limit");
    let mut body = salt.to_vec();
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(public.len()).expect("a point has 65 octets"));
    body.extend_from_slice(public);
    body.extend_from_slice(&record);
    body
}

impl Carrier for Push {
    fn kind(&self) -> Kind {
        Kind::Push
    }

    fn carry<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }

    fn public_key(&self) -> Option<String> {
        Some(URL_SAFE_NO_PAD.encode(self.key.public_key().as_ref()))
    }

    fn check_address(&self, address: &str) -> Result<(), SendFault> {
        let subscription = parse_subscription(address).map_err(SendFault::bad_address)?;
        self.check_service(&subscription.endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn a_message_is_sealed_as_in_the_standard() {
        let subscription = Subscription {
            endpoint: Uri::from_static("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"),
            key: octets(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: octets("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let sealed = seal(
            &octets("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
            &subscription,
            &octets(
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
            ),
            octets("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap(),
            b"When I grow up, I want to be a watermelon",
        );
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_subscription_that_is_none_is_an_address_to_correct() {
        for wrong in ["", "{}", "null", r#"{"endpoint":"https://a","keys":{"p256dh":"AA","auth":"AA"}}"#] {
            assert!(parse_subscription(wrong).is_err(), "{wrong}");
        }
    }
}
