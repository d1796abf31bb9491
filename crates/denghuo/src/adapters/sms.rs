//! 短信: an HTTP gateway with signed requests. The key of a message is its idempotency key, and its status can be asked.

use super::config::{SMS_KEY, SmsConfig, secret};
use crate::context::recorded_now;
use denghuo_office::notices::outbox::sign;
use denghuo_office::ports::{PortError, SmsGateway, Trace};
use serde::Deserialize;
use serde_json::json;
use std::io::ErrorKind;
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};

/// Most bytes of an answer that are read.
const MOST_ANSWER: u64 = 64 * 1024;

/// 短信网关
pub struct Gateway {
    agent: ureq::Agent,
    url: String,
    key: String,
}

/// What the gateway answers.
#[derive(Debug, Default, Deserialize)]
struct Answer {
    #[serde(default, rename = "ref")]
    reference: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
}

impl Gateway {
    /// The gateway of a configuration; nothing is connected yet.
    ///
    /// # Errors
    /// The key is not in the environment.
    pub fn new(config: &SmsConfig) -> anyhow::Result<Self> {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(config.timeout_seconds.max(1))))
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(tls)
            .build()
            .new_agent();
        Ok(Self { agent, url: config.url.trim_end_matches('/').to_owned(), key: secret(SMS_KEY)? })
    }

    /// Timestamp and signature of a body.
    fn signed(&self, body: &[u8]) -> (String, String) {
        let timestamp = (recorded_now() / 1000).to_string();
        let signature = sign(self.key.as_bytes(), &timestamp, body);
        (timestamp, signature)
    }
}

fn read(response: &mut ureq::http::Response<ureq::Body>) -> Result<(u16, String), ureq::Error> {
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(MOST_ANSWER).read_to_string()?;
    Ok((status, text))
}

/// Was no connection made, so that nothing can have been taken?
fn never_left(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::BadUri(_) => true,
        ureq::Error::Timeout(which) => {
            matches!(which, ureq::Timeout::Resolve | ureq::Timeout::Connect)
        }
        ureq::Error::Io(io) => io.kind() == ErrorKind::ConnectionRefused,
        _ => false,
    }
}

impl SmsGateway for Gateway {
    fn send(&self, key: &str, to: &str, text: &str) -> Result<String, PortError> {
        let body = json!({ "key": key, "to": to, "text": text }).to_string();
        let (timestamp, signature) = self.signed(body.as_bytes());
        let sent = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .header("X-Denghuo-Timestamp", timestamp)
            .header("X-Denghuo-Signature", signature)
            .send(&body);
        let (status, text) = match sent.and_then(|mut response| read(&mut response)) {
            Ok(answer) => answer,
            Err(error) if never_left(&error) => return Err(PortError::Later(error.to_string())),
            Err(error) => return Err(PortError::Unknown(error.to_string())),
        };
        let told = format!("HTTP {status}: {}", text.chars().take(200).collect::<String>());
        match status {
            200..=299 => {
                let answer: Answer = serde_json::from_str(&text).unwrap_or_default();
                Ok(if answer.reference.is_empty() { key.to_owned() } else { answer.reference })
            }
            // Too much at once, unavailable, or we are not let in: not a fault of the number.
            401 | 403 | 404 | 405 | 408 | 425 | 429 | 503 => Err(PortError::Later(told)),
            400..=499 => Err(PortError::Never(told)),
            _ => Err(PortError::Unknown(told)),
        }
    }

    fn trace(&self, key: &str) -> Result<Trace, PortError> {
        let path = format!("{}/{key}", self.url);
        let (timestamp, signature) = self.signed(key.as_bytes());
        let asked = self
            .agent
            .get(&path)
            .header("X-Denghuo-Timestamp", timestamp)
            .header("X-Denghuo-Signature", signature)
            .call();
        let (status, text) = asked
            .and_then(|mut response| read(&mut response))
            .map_err(|error| PortError::Later(error.to_string()))?;
        let answer: Answer = serde_json::from_str(&text).unwrap_or_default();
        // That it was never taken has to be said in words: a wrong address answers 404 too.
        match (status, answer.state.as_str()) {
            (200 | 404, "absent") => Ok(Trace::Absent),
            (200, "accepted") => Ok(Trace::Taken(answer.reference)),
            (200, "delivered") => Ok(Trace::Delivered),
            (200, "failed") => Ok(Trace::Failed(answer.reason)),
            _ => Err(PortError::Later(format!("HTTP {status}"))),
        }
    }

    fn can_trace(&self) -> bool {
        true
    }
}
