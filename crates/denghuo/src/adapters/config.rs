//! 外部接口设置: where mail and SMS go, in a TOML file. Secrets come from the environment only.

use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Password of the mail relay.
pub const SMTP_PASSWORD: &str = "DENGHUO_SMTP_PASSWORD";
/// Key with which requests to the SMS gateway are signed.
pub const SMS_KEY: &str = "DENGHUO_SMS_KEY";
/// Key with which the SMS gateway signs its receipts; that of the requests when it is not set.
pub const SMS_RECEIPT_KEY: &str = "DENGHUO_SMS_RECEIPT_KEY";

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The mail relay.
    pub mail: Option<MailConfig>,
    /// The SMS gateway.
    pub sms: Option<SmsConfig>,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// From the first byte on (port 465).
    Implicit,
    /// After STARTTLS, which has to be offered (port 587).
    Starttls,
    /// Not at all; only to this machine.
    None,
}

/// 邮件中继
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Name of the relay, as in its certificate.
    pub server: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub tls: Tls,
    /// User; none where the relay asks for no password.
    pub user: Option<String>,
    /// Address of the sender.
    pub from: String,
    /// Name of the sender.
    pub name: Option<String>,
    /// Right part of the Message-ID; the domain of `from` when not given. Two companies never share one.
    pub message_id_domain: Option<String>,
    /// Folder (a Maildir or plain files) into which the relay copies every mail that it accepted.
    pub archive: Option<PathBuf>,
    /// Seconds to wait for an answer.
    #[serde(default = "minute")]
    pub timeout_seconds: u64,
}

/// 短信网关
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    /// Address to which messages are posted; `{url}/{key}` tells what became of one.
    pub url: String,
    /// Seconds to wait for an answer.
    #[serde(default = "minute")]
    pub timeout_seconds: u64,
}

const fn minute() -> u64 {
    60
}

impl Config {
    /// Reads the file; without one nothing is configured.
    ///
    /// # Errors
    /// It cannot be read, or is not of this form.
    pub fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let config: Self =
            toml::from_str(&text).with_context(|| format!("{} is not usable", path.display()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(mail) = &self.mail
            && mail.tls == Tls::None
            && !is_loopback(&mail.server)
        {
            bail!("mail.tls = \"none\" is only for a relay on this machine, not for {}", mail.server);
        }
        if let Some(sms) = &self.sms {
            let host = sms.url.strip_prefix("http://").map(host_of);
            if host.is_some_and(|host| !is_loopback(host)) || !sms.url.starts_with("http") {
                bail!(
                    "sms.url has to begin with https:// unless the gateway is on this machine: {}",
                    sms.url
                );
            }
        }
        Ok(())
    }
}

fn host_of(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or(rest);
    authority
        .strip_suffix(|c: char| c.is_ascii_digit())
        .map_or(authority, |_| authority.rsplit_once(':').map_or(authority, |(host, _)| host))
}

/// Is it this machine?
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A secret from the environment.
///
/// # Errors
/// It is not set, or empty.
pub fn secret(name: &str) -> anyhow::Result<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .with_context(|| format!("set the environment variable {name}: secrets are never read from a file"))
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn said(text: &str) -> Result<(), String> {
        let config: Config = toml::from_str(text).map_err(|e| e.to_string())?;
        config.check().map_err(|e| e.to_string())
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted() {
        let mail = |server: &str, tls: &str| {
            said(&format!("[mail]\nserver = \"{server}\"\nport = 25\ntls = \"{tls}\"\nfrom = \"a@b.cn\""))
        };
        assert_eq!(mail("127.0.0.1", "none"), Ok(()));
        assert_eq!(mail("mail.example.cn", "starttls"), Ok(()));
        assert!(mail("mail.example.cn", "none").unwrap_err().contains("only for a relay on this machine"));
        assert!(mail("mail.example.cn", "maybe").is_err());
        let sms = |url: &str| said(&format!("[sms]\nurl = \"{url}\""));
        assert_eq!(sms("https://sms.example.cn/v1"), Ok(()));
        assert_eq!(sms("http://127.0.0.1:8080/v1"), Ok(()));
        assert_eq!(sms("http://localhost/v1"), Ok(()));
        assert!(sms("http://127.0.0.1.example.cn/v1").is_err());
        assert!(sms("http://sms.example.cn:80/v1").is_err());
        assert!(sms("ftp://sms.example.cn").is_err());
        assert!(said("[mail]\npassword = \"x\"").is_err(), "a secret has no place in the file");
    }
}
