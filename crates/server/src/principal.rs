//! Who asks: a session's cookie or a token, and what its owner may do.

use crate::perform::Call;
use crate::problem::Problem;
use axum::http::{HeaderMap, StatusCode, header};
use denghuo_office::access::{LoginRefusal, Person, person, session_of, token_login};
use denghuo_office::customer::{CustomerWho, customer_session};
use denghuo_office::work::Work;
use denghuo_rules::access::{Permission, Role, may};
use denghuo_store::Conn;
use jiff::civil::Date;

/// Name of the session's cookie.
pub const COOKIE: &str = "denghuo_session";
/// Name of the cookie of a customer's session.
pub const CUSTOMER_COOKIE: &str = "denghuo_customer";
/// Name of the cookie of who was sent to the identity provider.
pub const DEPARTED_COOKIE: &str = "denghuo_departed";
/// Header that repeats the session's secret on unsafe methods.
pub const CSRF: &str = "x-csrf-token";

/// What a request shows of who sends it.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The token of the cookie.
    pub session: Option<String>,
    /// The token of a customer's cookie.
    pub customer: Option<String>,
    /// What the cookie of who was sent to the identity provider carries.
    pub departed: Option<String>,
    /// The bearer token.
    pub bearer: Option<String>,
    /// The repeated secret.
    pub csrf: Option<String>,
}

impl Credentials {
    /// Out of the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let cookie = |name: &str| {
            headers
                .get_all(header::COOKIE)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|line| line.split(';'))
                .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
                .map(str::to_owned)
        };
        Self {
            session: cookie(COOKIE),
            customer: cookie(CUSTOMER_COOKIE),
            departed: cookie(DEPARTED_COOKIE),
            bearer: text("authorization").and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned),
            csrf: text(CSRF).map(str::to_owned),
        }
    }
}

/// The person behind a request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who it is; nobody for endpoints that are open.
    pub person: Person,
    /// The secret that unsafe requests of the session repeat.
    pub csrf: Option<String>,
    /// The customer that it is, when it is one; he is nobody of the house.
    pub customer: Option<CustomerWho>,
    /// What a token is limited to.
    limited_to: Option<Vec<Permission>>,
}

impl Principal {
    /// Nobody: for endpoints that are open.
    pub fn nobody() -> Self {
        let person = Person {
            name: "nobody".to_owned(),
            called: String::new(),
            roles: Vec::new(),
            scope: None,
            must_change: false,
        };
        Self { person, csrf: None, customer: None, limited_to: None }
    }

    /// May he do it?
    pub fn may(&self, permission: Permission) -> bool {
        let within = self.limited_to.as_ref().is_none_or(|limit| limit.contains(&permission));
        within && self.person.roles.iter().any(|role| may(*role, permission))
    }

    /// Everything that he may do, in the order of the table.
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|permission| self.may(*permission)).collect()
    }

    /// Does he hold a role?
    pub fn holds(&self, role: Role) -> bool {
        self.person.roles.contains(&role)
    }
}

/// Recognises who sends a request. An unsafe request of a session has to repeat the session's secret.
///
/// # Errors
/// Not signed in, a missing or wrong secret, or the machine's.
pub fn recognise(conn: &mut Conn, work: &Work<'_>, call: &Call, on: Date) -> Result<Principal, Problem> {
    let shown = &call.credentials;
    if let Some(token) = &shown.bearer {
        let (name, permissions) = token_login(conn, token, on)?;
        // Another system has no password to change: the administrator gave it the token.
        let person = Person { must_change: false, ..person(conn, &name, on)? };
        return Ok(Principal { person, csrf: None, customer: None, limited_to: Some(permissions) });
    }
    let Some(token) = &shown.session else { return Err(Problem::refuse(LoginRefusal::NotSignedIn)) };
    let session = session_of(conn, work, token, on)?;
    repeats(call, &session.csrf)?;
    let person = person(conn, &session.name, on)?;
    Ok(Principal { person, csrf: Some(session.csrf), customer: None, limited_to: None })
}

/// An unsafe request of a session has to repeat the session's secret.
fn repeats(call: &Call, csrf: &str) -> Result<(), Problem> {
    if call.method.is_safe() || call.credentials.csrf.as_deref() == Some(csrf) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "access.csrf",
        "缺少或错误的 X-CSRF-Token",
        "the header X-CSRF-Token is missing or wrong",
    ))
}

/// Recognises the customer who sends a request. Sessions of staff open nothing here, and his opens nothing of the house.
///
/// # Errors
/// Not signed in, a missing or wrong secret, or the machine's.
pub fn recognise_customer(
    conn: &mut Conn,
    work: &Work<'_>,
    call: &Call,
    on: Date,
) -> Result<Principal, Problem> {
    let not_signed_in = || Problem::refuse(LoginRefusal::NotSignedIn);
    let token = call.credentials.customer.as_ref().ok_or_else(not_signed_in)?;
    let who = customer_session(conn, work, token, on)?.ok_or_else(not_signed_in)?;
    repeats(call, &who.csrf)?;
    let nobody = Principal::nobody();
    let person = Person { name: who.name(), ..nobody.person };
    Ok(Principal { person, csrf: Some(who.csrf.clone()), customer: Some(who), limited_to: None })
}
