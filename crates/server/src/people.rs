//! 登录与人员: signing in and out, one's own password; logins and tokens for the administrator.

mod sso;

use crate::app::App;
use crate::ask::Ask;
use crate::input::Nothing;
use crate::principal::COOKIE;
use crate::problem::Problem;
use crate::route::{Access, Routes};
use axum::http::header;
use denghuo_office::access::{
    self as office, LoginEdit, LoginShown, TokenShown, login_add, login_disable, login_edit, login_list,
    login_reset, login_show, token_add, token_list, token_revoke,
};
use denghuo_rules::access::{Permission, Role};
use denghuo_rules::calendar::DateForm;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let manage = Permission::ManagePeople;
    let routes = Routes::of("people", "登录与人员")
        .post("/login", Access::Open, ("登录", "Sign in; sets the session's cookie"), login)
        .post("/logout", Access::Signed, ("退出登录", "Sign out"), logout)
        .get("/me", Access::Signed, ("我的登录、岗位与权限", "Who I am and what I may do"), me)
        .post("/me/password", Access::Signed, ("修改密码", "Change one's own password"), password)
        .get("/people", manage, ("登录一览", "Every login"), people_list)
        .post("/people", manage, ("新建登录", "Make a login; its first password is told once"), person_add)
        .get("/people/{name}", manage, ("登录", "One login"), person_show)
        .edit("/people/{name}", manage, ("修改登录", "Change what a login is"), (person_show, person_edit))
        .post("/people/{name}/reset", manage, ("重置密码", "A new first password, told once"), person_reset)
        .post("/people/{name}/disable", manage, ("停用登录", "Shut a login"), person_disable)
        .get("/tokens", manage, ("接口令牌一览", "Every token of other systems"), tokens)
        .post("/tokens", manage, ("新建接口令牌", "Make a token, told once"), token_make)
        .delete("/tokens/{token_no}", manage, ("收回接口令牌", "Take a token back"), token_end);
    sso::add(routes)
}

/// Name and password.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LoginBody {
    /// 登录名: the staff code.
    #[schemars(length(max = 64))]
    name: String,
    /// 密码
    #[schemars(length(max = 256))]
    password: String,
}

/// Who has signed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Me {
    /// 登录名
    name: String,
    /// What he is called.
    called: String,
    /// 岗位
    roles: Vec<Role>,
    /// 权限
    permissions: Vec<Permission>,
    /// Has the password to be changed before anything else?
    must_change: bool,
    /// What unsafe requests repeat in `X-CSRF-Token`; none for a token.
    csrf: Option<String>,
    /// The business date.
    #[schemars(with = "DateForm")]
    today: Date,
}

/// Done, with nothing to tell.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Done {
    /// Always true.
    pub done: bool,
}

/// It is done.
pub const DONE: Done = Done { done: true };

fn cookie(app: &App, name: &str, value: &str, seconds: i64) -> String {
    let secure = if app.options().behind_tls { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

fn login(ask: &mut Ask<'_>, _: &Nothing, body: &LoginBody) -> Result<Me, Problem> {
    if body.name.chars().count() > 64 || body.password.len() > 1_024 {
        return Err(Problem::refuse(office::LoginRefusal::Wrong));
    }
    let begun = office::sign_in(ask.conn, ask.work, &body.name, &body.password, ask.today)?;
    come_in(ask, &body.name, begun)
}

/// Gives the browser its session and says who has come in.
fn come_in(ask: &mut Ask<'_>, name: &str, begun: office::Begun) -> Result<Me, Problem> {
    let seconds = (begun.ends_at - ask.work.now).div_euclid(1_000);
    ask.extra.headers.push((header::SET_COOKIE, cookie(ask.app, COOKIE, &begun.token, seconds)));
    let person = office::person(ask.conn, name, ask.today)?;
    let permissions: Vec<Permission> = Permission::ALL
        .iter()
        .copied()
        .filter(|p| person.roles.iter().any(|role| denghuo_rules::access::may(*role, *p)))
        .collect();
    Ok(Me {
        name: person.name,
        called: person.called,
        roles: person.roles,
        permissions,
        must_change: begun.must_change,
        csrf: Some(begun.csrf),
        today: ask.today,
    })
}

fn logout(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Done, Problem> {
    if let Some(token) = &ask.call.credentials.session {
        office::sign_out(ask.conn, token)?;
    }
    ask.extra.headers.push((header::SET_COOKIE, cookie(ask.app, COOKIE, "", 0)));
    Ok(DONE)
}

fn me(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Me, Problem> {
    let person = ask.who.person.clone();
    Ok(Me {
        name: person.name,
        called: person.called,
        roles: person.roles,
        permissions: ask.who.permissions(),
        must_change: person.must_change,
        csrf: ask.who.csrf.clone(),
        today: ask.today,
    })
}

/// The old password and the new one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    /// 原密码
    #[schemars(length(max = 256))]
    old: String,
    /// 新密码
    #[schemars(length(max = 256))]
    new: String,
}

fn password(ask: &mut Ask<'_>, _: &Nothing, body: &PasswordBody) -> Result<Done, Problem> {
    let keep = ask.call.credentials.session.clone().unwrap_or_default();
    office::password_change(ask.conn, ask.work, (&body.old, &body.new), &keep, ask.today)?;
    Ok(DONE)
}

/// Every login.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct People {
    /// By name.
    people: Vec<LoginShown>,
}

fn people_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<People, Problem> {
    Ok(People { people: login_list(ask.conn, ask.work, ask.today)? })
}

/// A new login.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonBody {
    /// 登录名: the staff code.
    #[schemars(length(min = 1, max = 64))]
    name: String,
    /// Is it an administrator's?
    #[serde(default)]
    administrator: bool,
}

/// A first password, told once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FirstPassword {
    /// 登录名
    name: String,
    /// 初始密码: has to be changed when first used.
    password: String,
}

fn person_add(ask: &mut Ask<'_>, _: &Nothing, body: &PersonBody) -> Result<FirstPassword, Problem> {
    let name = body.name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Problem::unreadable("body", "name"));
    }
    let password = login_add(ask.conn, ask.work, name, body.administrator, ask.today)?;
    Ok(FirstPassword { name: name.to_owned(), password })
}

/// A login in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct NamePath {
    /// 登录名
    name: String,
}

fn person_show(ask: &mut Ask<'_>, path: &NamePath, _: &Nothing) -> Result<LoginShown, Problem> {
    Ok(login_show(ask.conn, ask.work, &path.name, ask.today)?)
}

/// What a login is to be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonEdit {
    /// Is it an administrator's?
    administrator: bool,
    /// Is it shut?
    disabled: bool,
}

fn person_edit(ask: &mut Ask<'_>, path: &NamePath, body: &PersonEdit) -> Result<LoginShown, Problem> {
    let edit = LoginEdit { administrator: body.administrator, disabled: body.disabled };
    login_edit(ask.conn, ask.work, &path.name, edit, ask.today)?;
    Ok(login_show(ask.conn, ask.work, &path.name, ask.today)?)
}

fn person_reset(ask: &mut Ask<'_>, path: &NamePath, _: &Nothing) -> Result<FirstPassword, Problem> {
    let before = login_show(ask.conn, ask.work, &path.name, ask.today)?;
    let password = login_reset(ask.conn, ask.work, &path.name, ask.today)?;
    let after = login_show(ask.conn, ask.work, &path.name, ask.today)?;
    ask.changed(&before, &after)?;
    Ok(FirstPassword { name: path.name.clone(), password })
}

fn person_disable(ask: &mut Ask<'_>, path: &NamePath, _: &Nothing) -> Result<Done, Problem> {
    let before = login_show(ask.conn, ask.work, &path.name, ask.today)?;
    login_disable(ask.conn, ask.work, &path.name, ask.today)?;
    let after = login_show(ask.conn, ask.work, &path.name, ask.today)?;
    ask.changed(&before, &after)?;
    Ok(DONE)
}

/// Every token.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Tokens {
    /// By number.
    tokens: Vec<TokenShown>,
}

fn tokens(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Tokens, Problem> {
    Ok(Tokens { tokens: token_list(ask.conn)? })
}

/// A new token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    /// The login that it acts as.
    name: String,
    /// What it is for.
    #[schemars(length(min = 1, max = 200))]
    purpose: String,
    /// What it may do at most; it may never do more than its login.
    permissions: Vec<Permission>,
    /// Last day.
    #[schemars(with = "DateForm")]
    until_on: Date,
}

/// A token, told once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct NewToken {
    /// Its number.
    token_no: i64,
    /// The token: sent as `Authorization: Bearer …`.
    token: String,
}

fn token_make(ask: &mut Ask<'_>, _: &Nothing, body: &TokenBody) -> Result<NewToken, Problem> {
    let words: Vec<String> = body.permissions.iter().map(|permission| permission.word().to_owned()).collect();
    let about = (body.name.as_str(), body.purpose.as_str());
    let (token_no, token) = token_add(ask.conn, ask.work, about, &words, (ask.today, body.until_on))?;
    Ok(NewToken { token_no, token })
}

/// A token in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TokenPath {
    /// Its number.
    token_no: i64,
}

fn token_end(ask: &mut Ask<'_>, path: &TokenPath, _: &Nothing) -> Result<Done, Problem> {
    token_revoke(ask.conn, ask.work, path.token_no, ask.today)?;
    Ok(DONE)
}
