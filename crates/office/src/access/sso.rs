//! 统一身份认证: signing in by the word of the company's identity provider. The provider says who somebody is; what he may do is
//! written here, so who has no login here gets none by it.

use super::people::{known, note};
use super::{Begun, LoginRefusal, secret, session_begin};
use crate::error::OfficeError;
use crate::ports::{IdentityProvider, PortError};
use crate::work::Work;
use denghuo_store::Conn;
use denghuo_store::access::{self as store, DepartureRow, LoginRow};
use jiff::civil::Date;

/// How long somebody may be on his way, in ms.
const AWAITED: i64 = 600_000;

/// Where a browser goes, and what it carries meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentAway {
    /// The address at the provider.
    pub url: String,
    /// What its cookie carries, so that nobody else comes back in its place.
    pub browser: String,
    /// Seconds that it is awaited.
    pub seconds: i64,
}

/// Sends a browser to the provider.
///
/// # Errors
/// The provider does not answer, or the database's.
pub fn sso_begin(
    conn: &mut Conn,
    work: &Work<'_>,
    provider: &dyn IdentityProvider,
) -> Result<SentAway, OfficeError> {
    let departure = provider.begin().map_err(|error| failed(&error))?;
    let browser = secret::fresh();
    let row = DepartureRow {
        state_hash: secret::digest(&departure.state),
        browser_hash: secret::digest(&browser),
        nonce: departure.nonce,
        verifier: departure.verifier,
        until_at: work.now + AWAITED,
    };
    conn.write(|conn| store::insert_departure(conn, &row, work.now))?;
    Ok(SentAway { url: departure.url, browser, seconds: AWAITED / 1000 })
}

/// Takes somebody in who comes back from the provider with a state and a code: once, in the browser that was sent away, in time.
///
/// # Errors
/// A [`LoginRefusal`], or the database's.
pub fn sso_finish(
    conn: &mut Conn,
    work: &Work<'_>,
    provider: &dyn IdentityProvider,
    (state, code, browser): (&str, &str, &str),
    on: Date,
) -> Result<(String, Begun), OfficeError> {
    let departure = conn.write(|conn| store::take_departure(conn, &secret::digest(state)))?;
    let lost = || OfficeError::refuse(LoginRefusal::NotAwaited);
    let departure = departure
        .filter(|row| row.browser_hash == secret::digest(browser) && work.now < row.until_at)
        .ok_or_else(lost)?;
    let name =
        provider.finish(code, &departure.nonce, &departure.verifier).map_err(|error| failed(&error))?;
    conn.write(|conn| {
        let login = store::login(conn, &name)?.filter(|login| login.disabled_on.is_none());
        let login = login.ok_or_else(|| OfficeError::refuse(LoginRefusal::NoLoginFor(name.clone())))?;
        if login.must_change {
            // He has proved who he is: the first password that he was to change is good for nothing from now on.
            let password_hash = secret::hash(&secret::fresh());
            let login = LoginRow { password_hash, must_change: false, changed_at: work.now, ..login };
            store::save_login(conn, &login)?;
        }
        store::clear_failures(conn, &name)?;
        let login = known(conn, &name)?;
        let his = Work { by: name.clone(), ..work.clone() };
        note(conn, &his, (&name, "login.sign_in"), on, Some("sso"))?;
        Ok((name.clone(), session_begin(conn, work, &login, on)?))
    })
}

fn failed(error: &PortError) -> OfficeError {
    OfficeError::refuse(LoginRefusal::ProviderFailed(error.to_string()))
}
