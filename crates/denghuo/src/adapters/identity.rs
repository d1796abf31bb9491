//! 统一身份认证 by OpenID Connect: the authorization code flow with PKCE and a nonce. The provider's description and keys are read
//! when somebody comes, so a key that the provider has changed needs no restart.

use denghuo_office::ports::{Departure, IdentityProvider, PortError};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::http;
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _,
};
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};

/// Address of the provider, as its tokens name it.
const ISSUER: &str = "DENGHUO_OIDC_ISSUER";
/// What we are called there.
const CLIENT: &str = "DENGHUO_OIDC_CLIENT";
/// The secret that we share with it.
const SECRET: &str = "DENGHUO_OIDC_SECRET";
/// Where browsers reach this service, such as `https://denghuo.example`.
const PUBLIC: &str = "DENGHUO_PUBLIC_URL";
/// Which claim is the login name: `preferred_username` or `sub`.
const CLAIM: &str = "DENGHUO_OIDC_CLAIM";
/// What stands on the button.
const CALLED: &str = "DENGHUO_OIDC_NAME";

/// The page of the console to which the provider sends back.
const BACK: &str = "/login/back";
/// How long the provider may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The claim that is the login name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    PreferredUsername,
    Subject,
}

/// The provider of the site.
#[derive(Debug)]
pub struct Provider {
    agent: ureq::Agent,
    issuer: IssuerUrl,
    client: ClientId,
    secret: ClientSecret,
    back: RedirectUrl,
    claim: Claim,
    called: String,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// The provider that the environment names; none where it names none.
    ///
    /// # Errors
    /// It is named in part only, or an address is none.
    pub fn of_environment() -> anyhow::Result<Option<Self>> {
        let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let needed =
            |name: &str| named(name).ok_or_else(|| anyhow::anyhow!("{ISSUER} is set, but {name} is not"));
        let Some(issuer) = named(ISSUER) else { return Ok(None) };
        let public = needed(PUBLIC)?;
        let claim = match named(CLAIM).as_deref() {
            None | Some("preferred_username") => Claim::PreferredUsername,
            Some("sub") => Claim::Subject,
            Some(other) => anyhow::bail!("{CLAIM}: {other} is neither preferred_username nor sub"),
        };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        Ok(Some(Self {
            agent: config.into(),
            issuer: IssuerUrl::new(issuer)?,
            client: ClientId::new(needed(CLIENT)?),
            secret: ClientSecret::new(needed(SECRET)?),
            back: RedirectUrl::new(format!("{}{BACK}", public.trim_end_matches('/')))?,
            claim,
            called: named(CALLED).unwrap_or_else(|| "统一身份认证".to_owned()),
        }))
    }

    fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        let answer = self.agent.run(request).map_err(|error| Unreachable(error.to_string()))?;
        let (parts, mut body) = answer.into_parts();
        let body = body.read_to_vec().map_err(|error| Unreachable(error.to_string()))?;
        Ok(http::Response::from_parts(parts, body))
    }

    fn client(&self) -> Result<Client, PortError> {
        let metadata = CoreProviderMetadata::discover(&self.issuer, &|request| self.send(request))
            .map_err(|error| PortError::Later(whole(&error)))?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client.clone(), Some(self.secret.clone()));
        Ok(client.set_redirect_uri(self.back.clone()))
    }
}

/// The provider was not reached.
#[derive(Debug)]
struct Unreachable(String);

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreachable {}

/// An error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl IdentityProvider for Provider {
    fn called(&self) -> String {
        self.called.clone()
    }

    fn begin(&self) -> Result<Departure, PortError> {
        let client = self.client()?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Departure {
            url: url.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    fn finish(&self, code: &str, nonce: &str, verifier: &str) -> Result<String, PortError> {
        let never = |error: &dyn std::error::Error| PortError::Never(whole(error));
        let client = self.client()?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| never(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
            .request(&|request| self.send(request))
            .map_err(|error| never(&error))?;
        let token = answer.id_token().ok_or_else(|| PortError::Never("no ID token".to_owned()))?;
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(nonce.to_owned()))
            .map_err(|error| never(&error))?;
        match self.claim {
            Claim::Subject => Ok(claims.subject().to_string()),
            Claim::PreferredUsername => claims
                .preferred_username()
                .map(|name| name.to_string())
                .ok_or_else(|| PortError::Never("the ID token names no preferred_username".to_owned())),
        }
    }
}
