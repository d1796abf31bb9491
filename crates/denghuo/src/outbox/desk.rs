//! The wiring of a sender: what the site's configuration says, as carriers.

use super::ConfigArg;
use crate::adapters::config::Config;
use crate::adapters::sms::Gateway;
use crate::adapters::smtp::Relay;

/// The carriers of a site; one that is not configured is absent, and its messages wait.
pub struct Wired {
    /// The mail relay.
    pub mail: Option<Relay>,
    /// The SMS gateway.
    pub sms: Option<Gateway>,
}

impl Wired {
    /// Reads the configuration; nothing is connected yet.
    ///
    /// # Errors
    /// It cannot be used, or a secret is missing.
    pub fn new(arg: &ConfigArg) -> anyhow::Result<Self> {
        let config = Config::read(arg.config.as_deref())?;
        Ok(Self {
            mail: config.mail.as_ref().map(Relay::new).transpose()?,
            sms: config.sms.as_ref().map(Gateway::new).transpose()?,
        })
    }
}
