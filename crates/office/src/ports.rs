//! 外部接口: what the office needs of the world outside. The binary wires the real adapters, tests wire fakes.

use denghuo_rules::disconnection::CutOrder;

/// Why the outside did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// It may succeed later: nothing was taken over.
    #[error("{0}")]
    Later(String),
    /// It will never succeed: the address is unknown, the content is refused.
    #[error("{0}")]
    Never(String),
    /// Nobody knows whether it was taken over.
    #[error("{0}")]
    Unknown(String),
}

/// Somebody who is sent to the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The address at the provider.
    pub url: String,
    /// What the provider gives back with him.
    pub state: String,
    /// What the provider's word has to repeat.
    pub nonce: String,
    /// The secret that proves that who fetches the word sent him.
    pub verifier: String,
}

/// 统一身份认证: says who somebody is.
pub trait IdentityProvider {
    /// What it is called on the button.
    fn called(&self) -> String;

    /// Prepares a departure.
    ///
    /// # Errors
    /// It does not answer.
    fn begin(&self) -> Result<Departure, PortError>;

    /// The login name of who came back with this code.
    ///
    /// # Errors
    /// It does not answer, or does not know the code, or its word does not hold.
    fn finish(&self, code: &str, nonce: &str, verifier: &str) -> Result<String, PortError>;
}

/// 打印: papers as PDF.
pub trait Papers: Sync {
    /// The PDF of a template with its data, a JSON object.
    ///
    /// # Errors
    /// The template or its data is wrong, or no Chinese font is there.
    fn pdf(&self, template: &str, data: &str) -> Result<Vec<u8>, PortError>;
}

/// 电子邮件: one message as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Idempotency key; also the left part of the Message-ID.
    pub key: String,
    /// The recipient.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Attachments: name, media type, bytes.
    pub attachments: Vec<(String, String, Vec<u8>)>,
}

/// 核对结果: what a carrier knows about a message, asked by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// It never took the message.
    Absent,
    /// It took it; its reference.
    Taken(String),
    /// It brought it to the recipient.
    Delivered,
    /// It took it and could not bring it.
    Failed(String),
    /// It cannot be asked.
    CannotTell,
}

/// 邮件网关
pub trait Mailer: Sync {
    /// Hands a message over; gives the carrier's reference.
    ///
    /// # Errors
    /// It was not handed over, or nobody knows.
    fn send(&self, mail: &Mail) -> Result<String, PortError>;

    /// Whether the relay took the message with this key, as far as its archive tells.
    ///
    /// # Errors
    /// The archive cannot be read now.
    fn trace(&self, _key: &str) -> Result<Trace, PortError> {
        Ok(Trace::CannotTell)
    }

    /// Does an archive settle doubts?
    fn can_trace(&self) -> bool {
        false
    }
}

/// 短信网关
pub trait SmsGateway: Sync {
    /// Hands a text message over under its idempotency key; gives the gateway's reference.
    ///
    /// # Errors
    /// It was not handed over, or nobody knows.
    fn send(&self, key: &str, to: &str, text: &str) -> Result<String, PortError>;

    /// What the gateway knows about the message with this key.
    ///
    /// # Errors
    /// It does not answer.
    fn trace(&self, _key: &str) -> Result<Trace, PortError> {
        Ok(Trace::CannotTell)
    }

    /// Can the gateway be asked?
    fn can_trace(&self) -> bool {
        false
    }
}

/// 远程停复电: the relay of a meter. Opening it takes a [`CutOrder`], which comes from a used-up warrant and from nowhere else.
pub trait RemoteRelay: Sync {
    /// Opens (cuts) the relay of a meter under an idempotency key.
    ///
    /// # Errors
    /// The meter did not do it, or nobody knows.
    fn open(&self, order: &CutOrder, key: &str, meter_no: &str) -> Result<(), PortError>;
    /// Closes it under an idempotency key, or permits closing at the meter; true when somebody has to confirm there.
    ///
    /// # Errors
    /// The meter did not do it, or nobody knows.
    fn close(&self, key: &str, meter_no: &str) -> Result<bool, PortError>;
}
