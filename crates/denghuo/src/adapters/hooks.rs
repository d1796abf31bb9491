//! 推送: posts events by HTTP. An address inside our own network is refused when it is looked up, not when it is written down: a name may
//! lead anywhere later.

use crate::context::recorded_now;
use denghuo_office::webhooks::{HookPort, Posted, is_public, target_of};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Hosts inside our own network that may be told, with commas between: `127.0.0.1,erp.inner.example`.
pub const INSIDE: &str = "DENGHUO_WEBHOOK_INSIDE";
/// How long an endpoint may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sender.
pub struct Hooks {
    agent: ureq::Agent,
}

impl Hooks {
    /// The sender of this process; hosts of our own network are those of the environment.
    #[must_use]
    pub fn new() -> Self {
        let named = std::env::var(INSIDE).unwrap_or_default();
        let inside: BTreeSet<String> = named
            .split(',')
            .map(|host| host.trim().to_ascii_lowercase())
            .filter(|host| !host.is_empty())
            .collect();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        let outward = Outward { usual: DefaultResolver::default(), inside: Arc::new(inside) };
        Self { agent: ureq::Agent::with_parts(config, DefaultConnector::default(), outward) }
    }
}

impl HookPort for Hooks {
    fn post(&self, request: &Posted<'_>) -> Result<u16, String> {
        target_of(request.url)?;
        let mut post = self.agent.post(request.url);
        for (name, value) in &request.headers {
            post = post.header(*name, value);
        }
        // What the endpoint says beside the status is of no use to us.
        post.send(request.body).map(|response| response.status().as_u16()).map_err(|error| error.to_string())
    }

    fn secret(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|secret| !secret.is_empty())
    }

    fn now(&self) -> i64 {
        recorded_now()
    }
}

/// Looks names up and refuses what leads inside.
#[derive(Debug)]
struct Outward {
    usual: DefaultResolver,
    inside: Arc<BTreeSet<String>>,
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hooks")
    }
}

impl Resolver for Outward {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.usual.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
        if self.inside.contains(&host) || found.iter().all(|address| is_public(address.ip())) {
            return Ok(found);
        }
        let why = format!("{host} leads into our own network; {INSIDE} does not name it: 地址指向内部网络");
        Err(ureq::Error::Other(why.into()))
    }
}
