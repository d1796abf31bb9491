//! 邮件: SMTP in its single steps, so that it is known how far a message came. Before the final dot the relay cannot have
//! taken it; after the dot only its answer tells.

use super::archive::Archive;
use super::config::{MailConfig, SMTP_PASSWORD, Tls, secret};
use anyhow::Context as _;
use denghuo_office::ports::{Mail, Mailer, PortError, Trace};
use lettre::address::Address;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::cell::Cell;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// 邮件中继, with connections that are kept open.
pub struct Relay {
    config: MailConfig,
    from: Mailbox,
    domain: String,
    credentials: Option<Credentials>,
    tls: Option<TlsParameters>,
    idle: Mutex<Vec<SmtpConnection>>,
    archive: Option<Archive>,
}

impl Relay {
    /// The relay of a configuration; nothing is connected yet.
    ///
    /// # Errors
    /// A sender that is no address, a missing password, no store of certificates.
    pub fn new(config: &MailConfig) -> anyhow::Result<Self> {
        let address: Address = config.from.parse().with_context(|| format!("mail.from = {}", config.from))?;
        let domain = config.message_id_domain.clone().unwrap_or_else(|| address.domain().to_owned());
        let credentials = match &config.user {
            Some(user) => Some(Credentials::new(user.clone(), secret(SMTP_PASSWORD)?)),
            None => None,
        };
        let tls = match config.tls {
            Tls::None => None,
            _ => Some(TlsParameters::new(config.server.clone()).context("no certificates of authorities")?),
        };
        Ok(Self {
            from: Mailbox::new(config.name.clone(), address),
            domain,
            credentials,
            tls,
            idle: Mutex::new(Vec::new()),
            archive: config.archive.clone().map(Archive::new),
            config: config.clone(),
        })
    }

    /// The Message-ID of a key: the same for every attempt.
    fn message_id(&self, key: &str) -> String {
        format!("<{key}@{}>", self.domain)
    }

    fn message(&self, mail: &Mail) -> Result<(Address, Vec<u8>), PortError> {
        let never = |error: &dyn std::fmt::Display| PortError::Never(format!("{}: {error}", mail.to));
        let to: Address = mail.to.parse().map_err(|e: lettre::address::AddressError| never(&e))?;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(mail.subject.clone())
            .message_id(Some(self.message_id(&mail.key)));
        let mut body = MultiPart::mixed().singlepart(SinglePart::plain(mail.text.clone()));
        for (name, media_type, bytes) in &mail.attachments {
            let media_type = ContentType::parse(media_type).map_err(|e| never(&e))?;
            body = body.singlepart(Attachment::new(name.clone()).body(bytes.clone(), media_type));
        }
        let message = builder.multipart(body).map_err(|e| never(&e))?;
        Ok((to, message.formatted()))
    }

    fn connect(&self) -> Result<SmtpConnection, SmtpError> {
        let timeout = Some(Duration::from_secs(self.config.timeout_seconds.max(1)));
        let hello = ClientId::Domain(self.domain.clone());
        let address = (self.config.server.as_str(), self.config.port);
        let implicit = self.tls.as_ref().filter(|_| self.config.tls == Tls::Implicit);
        let mut connection = SmtpConnection::connect(address, timeout, &hello, implicit, None)?;
        if let Some(tls) = self.tls.as_ref().filter(|_| self.config.tls == Tls::Starttls) {
            connection.starttls(tls, &hello)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials)?;
        }
        Ok(connection)
    }

    /// A connection on which the relay has heard who sends: one that was kept, else a new one.
    fn open(&self, is_ascii: bool) -> Result<SmtpConnection, PortError> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut kept) = kept
            && self.begin(&mut kept, is_ascii).is_ok()
        {
            return Ok(kept);
        }
        // Whatever the relay says here is about us, not about the recipient.
        let mut fresh = self.connect().map_err(|e| PortError::Later(e.to_string()))?;
        self.begin(&mut fresh, is_ascii).map_err(|e| PortError::Later(e.to_string()))?;
        Ok(fresh)
    }

    fn begin(&self, connection: &mut SmtpConnection, is_ascii: bool) -> Result<(), SmtpError> {
        let eight_bit = !is_ascii && connection.server_info().supports_feature(Extension::EightBitMime);
        let parameters =
            if eight_bit { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { Vec::new() };
        connection.command(MailFrom::new(Some(self.from.email.clone()), parameters)).map(drop)
    }

    fn keep(&self, mut connection: SmtpConnection, is_clean: bool) {
        if is_clean || connection.command(Rset).is_ok() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        } else {
            connection.abort();
        }
    }
}

/// What an error before the final dot means: nothing was taken over.
fn before_the_dot(error: &SmtpError, at_recipient: bool) -> PortError {
    let text = error.to_string();
    // 5.7: a policy of the relay (it does not relay for us), not a fault of the address.
    if error.is_permanent() && !(at_recipient && text.contains("5.7.")) {
        return PortError::Never(text);
    }
    PortError::Later(text)
}

impl Mailer for Relay {
    fn send(&self, mail: &Mail) -> Result<String, PortError> {
        let (to, bytes) = self.message(mail)?;
        let mut connection = self.open(bytes.is_ascii())?;
        if let Err(error) = connection.command(Rcpt::new(to, Vec::new())) {
            let told = before_the_dot(&error, true);
            self.keep(connection, false);
            return Err(told);
        }
        if let Err(error) = connection.command(Data) {
            let told = before_the_dot(&error, false);
            self.keep(connection, false);
            return Err(told);
        }
        // The dot is written when the message has been asked for more and has no more.
        let at_the_dot = Cell::new(false);
        let parts = std::iter::once(bytes.as_slice()).chain(std::iter::from_fn(|| {
            at_the_dot.set(true);
            None
        }));
        match connection.message_iter(parts) {
            Ok(response) => {
                self.keep(connection, true);
                Ok(response.first_line().unwrap_or_default().to_owned())
            }
            Err(error) if error.is_permanent() => {
                self.keep(connection, false);
                Err(PortError::Never(error.to_string()))
            }
            Err(error) if error.is_transient() => {
                self.keep(connection, false);
                Err(PortError::Later(error.to_string()))
            }
            Err(error) => {
                drop(connection);
                let text = error.to_string();
                Err(if at_the_dot.get() { PortError::Unknown(text) } else { PortError::Later(text) })
            }
        }
    }

    fn trace(&self, key: &str) -> Result<Trace, PortError> {
        match &self.archive {
            None => Ok(Trace::CannotTell),
            Some(archive) => match archive.holds(&self.message_id(key)) {
                Ok(true) => Ok(Trace::Taken(String::new())),
                Ok(false) => Ok(Trace::Absent),
                Err(error) => Err(PortError::Later(format!("the archive cannot be read: {error}"))),
            },
        }
    }

    fn can_trace(&self) -> bool {
        self.archive.is_some()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        for mut connection in self.idle.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = connection.quit();
        }
    }
}
