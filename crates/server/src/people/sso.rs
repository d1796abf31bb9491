//! 统一身份认证: to the company's identity provider and back.

use super::{Me, come_in, cookie};
use crate::ask::Ask;
use crate::input::Nothing;
use crate::principal::DEPARTED_COOKIE;
use crate::problem::Problem;
use crate::route::{Access, Routes};
use axum::http::header;
use denghuo_office::access::{LoginRefusal, sso_begin, sso_finish};
use denghuo_office::ports::IdentityProvider;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    routes
        .get("/login/ways", Access::Open, ("登录方式", "How people sign in at this site"), ways)
        .post(
            "/login/sso",
            Access::Open,
            (
                "转到统一身份认证",
                "Sends the browser to the identity provider; sets a cookie to come back with",
            ),
            depart,
        )
        .alone()
        .post(
            "/login/sso/back",
            Access::Open,
            (
                "统一身份认证登录",
                "Signs in who comes back from the identity provider; sets the session's cookie",
            ),
            come_back,
        )
        .alone()
}

/// How people sign in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Ways {
    /// Name and password: always.
    password: bool,
    /// What the identity provider is called; none where there is none.
    sso: Option<String>,
}

fn ways(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Ways, Problem> {
    let provider = ask.app.ports().identity.as_ref();
    Ok(Ways { password: true, sso: provider.map(|provider| provider.called()) })
}

fn provider(ask: &Ask<'_>) -> Result<Arc<dyn IdentityProvider + Send + Sync>, Problem> {
    ask.app.ports().identity.clone().ok_or_else(|| Problem::refuse(LoginRefusal::NoProvider))
}

/// Where the browser goes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Away {
    /// The address at the provider.
    url: String,
}

fn depart(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Away, Problem> {
    let provider = provider(ask)?;
    let sent = sso_begin(ask.conn, ask.work, provider.as_ref())?;
    let carried = cookie(ask.app, DEPARTED_COOKIE, &sent.browser, sent.seconds);
    ask.extra.headers.push((header::SET_COOKIE, carried));
    Ok(Away { url: sent.url })
}

/// What the provider gave back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BackBody {
    /// The state, as it was sent.
    #[schemars(length(max = 256))]
    state: String,
    /// The code that stands for its word.
    #[schemars(length(max = 4096))]
    code: String,
}

fn come_back(ask: &mut Ask<'_>, _: &Nothing, body: &BackBody) -> Result<Me, Problem> {
    let provider = provider(ask)?;
    if body.state.len() > 256 || body.code.len() > 4_096 {
        return Err(Problem::refuse(LoginRefusal::NotAwaited));
    }
    let browser = ask.call.credentials.departed.clone().unwrap_or_default();
    let shown = (body.state.as_str(), body.code.as_str(), browser.as_str());
    let (name, begun) = sso_finish(ask.conn, ask.work, provider.as_ref(), shown, ask.today)?;
    ask.extra.headers.push((header::SET_COOKIE, cookie(ask.app, DEPARTED_COOKIE, "", 0)));
    come_in(ask, &name, begun)
}
