//! 登录: logins are made, shut and reset, passwords are checked and changed, sessions begin and end.

use super::secret;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::access::{LoginRule, Role, TOPIC, Unit, scope_root};
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::registry::{OrgKind, StaffRole};
use denghuo_store::access::{self as store, LoginRow, SessionRow};
use denghuo_store::{Conn, audit, registry};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Why somebody does not come in; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginRefusal {
    /// Locked after wrong passwords, for so many minutes more.
    Locked(i64),
    /// No such login, a wrong password, or a login that is shut: all the same to who asks.
    Wrong,
    /// No session, or it is over.
    NotSignedIn,
    /// The password has to be changed before anything else.
    MustChange,
    /// The new password is the old one.
    SamePassword,
    /// There is no such login.
    Unknown(String),
    /// There is one already.
    Exists(String),
    /// Nobody on the staff list has this code, and it is no administrator's.
    NotOnStaff(String),
    /// The last administrator cannot be shut out.
    LastAdministrator,
    /// There is no such token that lives.
    UnknownToken(i64),
    /// A permission that does not exist.
    UnknownPermission(String),
    /// The site has no identity provider.
    NoProvider,
    /// Nobody is awaited with this state in this browser, or no longer.
    NotAwaited,
    /// The identity provider did not say who it is.
    ProviderFailed(String),
    /// The identity provider knows him, but he has no login here, or it is shut.
    NoLoginFor(String),
}

impl Refuse for LoginRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Locked(_) => "login.locked",
            Self::Wrong => "login.wrong",
            Self::NotSignedIn => "login.not_signed_in",
            Self::MustChange => "login.must_change_password",
            Self::SamePassword => "password.same",
            Self::Unknown(_) => "login.unknown",
            Self::Exists(_) => "login.exists",
            Self::NotOnStaff(_) => "login.not_on_staff",
            Self::LastAdministrator => "login.last_administrator",
            Self::UnknownToken(_) => "token.unknown",
            Self::UnknownPermission(_) => "token.unknown_permission",
            Self::NoProvider => "login.no_provider",
            Self::NotAwaited => "login.not_awaited",
            Self::ProviderFailed(_) => "login.provider_failed",
            Self::NoLoginFor(_) => "login.no_login_for",
        }
    }
    fn text(&self) -> Bilingual {
        let say = |zh: String, en: String| Bilingual::new(zh, en);
        match self {
            Self::Locked(minutes) => say(
                format!("密码错误次数过多,已锁定,{minutes}分钟后再试"),
                format!("locked after too many wrong passwords; try again in {minutes} minutes"),
            ),
            Self::Wrong => say("登录名或密码不正确".into(), "wrong name or password".into()),
            Self::NotSignedIn => say("请先登录".into(), "sign in first".into()),
            Self::MustChange => say("请先修改密码".into(), "change the password first".into()),
            Self::SamePassword => {
                say("新密码不得与原密码相同".into(), "the new password is the old one".into())
            }
            Self::Unknown(name) => say(format!("没有登录名{name}"), format!("there is no login {name}")),
            Self::Exists(name) => {
                say(format!("登录名{name}已存在"), format!("there is a login {name} already"))
            }
            Self::NotOnStaff(name) => {
                say(format!("人员{name}不存在或已离岗"), format!("{name} is not on the staff list"))
            }
            Self::LastAdministrator => {
                say("不能停用最后一个系统管理员".into(), "the last administrator cannot be shut out".into())
            }
            Self::UnknownToken(no) => {
                say(format!("没有有效的令牌{no}"), format!("there is no live token {no}"))
            }
            Self::UnknownPermission(word) => {
                say(format!("没有权限“{word}”"), format!("there is no permission `{word}`"))
            }
            Self::NoProvider => {
                say("本单位未启用统一身份认证".into(), "this site has no identity provider".into())
            }
            Self::NotAwaited => say(
                "认证已过期或不是在本浏览器发起,请重新登录".into(),
                "this sign-in is over or was begun in another browser; begin again".into(),
            ),
            Self::ProviderFailed(why) => say(
                format!("统一身份认证未能确认您的身份: {why}"),
                format!("the identity provider did not say who you are: {why}"),
            ),
            Self::NoLoginFor(name) => say(
                format!("{name}在本系统没有可用的登录名,请找系统管理员"),
                format!("{name} has no login here; ask the administrator"),
            ),
        }
    }
}

/// The rule in force for logins.
///
/// # Errors
/// There is none.
pub fn login_rule(work: &Work<'_>, on: Date) -> Result<LoginRule, OfficeError> {
    Ok(work.book.pick::<LoginRule>(TOPIC, &work.site, on)?.params)
}

/// A session that has begun, with the secrets that its owner is given once.
#[derive(Clone, Debug)]
pub struct Begun {
    /// What the cookie carries.
    pub token: String,
    /// What unsafe requests repeat.
    pub csrf: String,
    /// Its last moment, ms since 1970.
    pub ends_at: i64,
    /// Has the password to be changed first?
    pub must_change: bool,
}

/// Signs somebody in. A wrong password is counted; too many lock the login.
///
/// # Errors
/// A [`LoginRefusal`], a missing rule, or the database's.
pub fn sign_in(
    conn: &mut Conn,
    work: &Work<'_>,
    name: &str,
    password: &str,
    on: Date,
) -> Result<Begun, OfficeError> {
    let rule = login_rule(work, on)?;
    let login = store::login(conn, name)?;
    if let Some(until) = login.as_ref().and_then(|login| login.locked_until).filter(|until| work.now < *until)
    {
        return Err(OfficeError::refuse(LoginRefusal::Locked((until - work.now).div_euclid(60_000) + 1)));
    }
    let open = login.filter(|login| login.disabled_on.is_none());
    // An unknown name costs the same time as a wrong password.
    if !secret::matches(open.as_ref().map(|login| login.password_hash.as_str()), password) {
        if open.is_some() {
            let failures = store::count_failure(conn, name)?;
            if let Some(until) = rule.locked_until(failures, work.now) {
                store::lock_login(conn, name, until)?;
                note(conn, work, (name, "login.locked"), on, None)?;
            }
        }
        return Err(OfficeError::refuse(LoginRefusal::Wrong));
    }
    let login = open.ok_or_else(|| OfficeError::refuse(LoginRefusal::Wrong))?;
    store::clear_failures(conn, name)?;
    note(conn, &Work { by: name.to_owned(), ..work.clone() }, (name, "login.sign_in"), on, None)?;
    session_begin(conn, work, &login, on)
}

/// Begins a session of a login whose owner was recognised.
///
/// # Errors
/// A missing rule, or the database's.
pub fn session_begin(
    conn: &mut Conn,
    work: &Work<'_>,
    login: &LoginRow,
    on: Date,
) -> Result<Begun, OfficeError> {
    let rule = login_rule(work, on)?;
    let (token, csrf) = (secret::fresh(), secret::fresh());
    let session = SessionRow {
        token_hash: secret::digest(&token),
        name: login.name.clone(),
        csrf: csrf.clone(),
        begun_at: work.now,
        seen_at: work.now,
        ends_at: rule.ends_at(work.now),
    };
    store::forget_sessions(conn, work.now)?;
    store::insert_session(conn, &session)?;
    Ok(Begun { token, csrf, ends_at: session.ends_at, must_change: login.must_change })
}

/// Who somebody is: his login, his roles, and the unit whose accounts he sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The login: a staff code.
    pub name: String,
    /// What he is called.
    pub called: String,
    /// What he holds.
    pub roles: Vec<Role>,
    /// The unit whose accounts he sees; 0 for all, none for nobody's.
    pub scope: Option<i64>,
    /// Has his password to be changed first?
    pub must_change: bool,
}

/// The person behind a login on a day.
///
/// # Errors
/// The login is shut or unknown (not signed in), or the database's.
pub fn person(conn: &mut Conn, name: &str, on: Date) -> Result<Person, OfficeError> {
    let login = store::login(conn, name)?
        .filter(|login| login.disabled_on.is_none())
        .ok_or_else(|| OfficeError::refuse(LoginRefusal::NotSignedIn))?;
    let place = store::staff_place(conn, name, on)?;
    let mut roles = Vec::new();
    let mut scope = None;
    if let Some(place) = &place {
        roles.push(StaffRole::from_word(&place.role).map_or(Role::Other, Role::from));
        let units: Vec<Unit> = registry::orgs(conn)?
            .into_iter()
            .map(|org| Unit {
                org_id: org.org_id,
                kind: OrgKind::from_word(&org.kind).unwrap_or(OrgKind::Team),
                parent_id: org.parent_id,
            })
            .collect();
        let root = scope_root(&units, place.org_id);
        let is_top = units.iter().any(|unit| unit.org_id == root && unit.parent_id.is_none());
        scope = Some(if is_top { 0 } else { root });
    }
    if login.administrator {
        roles.push(Role::Administrator);
    }
    if roles.is_empty() {
        // He has left: the login opens nothing any more.
        return Err(OfficeError::refuse(LoginRefusal::NotSignedIn));
    }
    let called = place.map_or_else(|| name.to_owned(), |place| place.name);
    Ok(Person { name: name.to_owned(), called, roles, scope, must_change: login.must_change })
}

/// How often a session's last use is written, in ms: not with every request.
const TOUCH: i64 = 60_000;

/// The live session of a token and its login; its use is noted.
///
/// # Errors
/// There is none or it is over, a missing rule, or the database's.
pub fn session_of(
    conn: &mut Conn,
    work: &Work<'_>,
    token: &str,
    on: Date,
) -> Result<SessionRow, OfficeError> {
    let rule = login_rule(work, on)?;
    let hash = secret::digest(token);
    let session = store::session(conn, &hash)?
        .filter(|session| rule.lives(session.seen_at, session.ends_at, work.now))
        .ok_or_else(|| OfficeError::refuse(LoginRefusal::NotSignedIn))?;
    if work.now - session.seen_at >= TOUCH {
        store::touch_session(conn, &hash, work.now)?;
    }
    Ok(session)
}

/// Ends the session of a token.
///
/// # Errors
/// The database's.
pub fn sign_out(conn: &mut Conn, token: &str) -> Result<(), OfficeError> {
    Ok(store::end_session(conn, &secret::digest(token))?)
}

/// Changes one's own password; every other session of the login ends.
///
/// # Errors
/// A [`LoginRefusal`], a password that is not good enough, a missing rule, or the database's.
pub fn password_change(
    conn: &mut Conn,
    work: &Work<'_>,
    (old, new): (&str, &str),
    keep_token: &str,
    on: Date,
) -> Result<(), OfficeError> {
    let rule = login_rule(work, on)?;
    let login = known(conn, &work.by)?;
    if !secret::matches(Some(&login.password_hash), old) {
        let failures = store::count_failure(conn, &login.name)?;
        if let Some(until) = rule.locked_until(failures, work.now) {
            store::lock_login(conn, &login.name, until)?;
            store::end_sessions_of(conn, &login.name, "")?;
        }
        return Err(OfficeError::refuse(LoginRefusal::Wrong));
    }
    if old == new {
        return Err(OfficeError::refuse(LoginRefusal::SamePassword));
    }
    rule.check_password(&login.name, new).map_err(OfficeError::refuse)?;
    let password_hash = secret::hash(new);
    conn.write(|conn| {
        let login =
            LoginRow { password_hash, must_change: false, failures: 0, changed_at: work.now, ..login };
        store::save_login(conn, &login)?;
        store::end_sessions_of(conn, &login.name, &secret::digest(keep_token))?;
        note(conn, work, (&login.name, "login.password"), on, None)
    })
}

/// 登录一览: a login as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LoginShown {
    /// 登录名
    pub name: String,
    /// What he is called.
    pub called: String,
    /// What he holds; empty when he has left.
    pub roles: Vec<Role>,
    /// 单位编码
    pub org: Option<String>,
    /// Has his password to be changed first?
    pub must_change: bool,
    /// Is the login locked now?
    pub locked: bool,
    /// Shut since.
    #[schemars(with = "Option<DateForm>")]
    pub disabled_on: Option<Date>,
    /// Who made it.
    pub made_by: String,
}

/// Every login, by name.
///
/// # Errors
/// The database's.
pub fn login_list(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Vec<LoginShown>, OfficeError> {
    let orgs = registry::orgs(conn)?;
    let mut shown = Vec::new();
    for login in store::logins(conn)? {
        let place = store::staff_place(conn, &login.name, on)?;
        let mut roles: Vec<Role> =
            place.iter().map(|p| StaffRole::from_word(&p.role).map_or(Role::Other, Role::from)).collect();
        roles.extend(login.administrator.then_some(Role::Administrator));
        let org = place.as_ref().and_then(|place| orgs.iter().find(|org| org.org_id == place.org_id));
        shown.push(LoginShown {
            roles,
            org: org.map(|org| org.code.clone()),
            called: place.map_or_else(|| login.name.clone(), |place| place.name),
            must_change: login.must_change,
            locked: login.locked_until.is_some_and(|until| work.now < until),
            disabled_on: login.disabled_on,
            made_by: login.made_by,
            name: login.name,
        });
    }
    Ok(shown)
}

/// Makes a login for a member of staff, or for an administrator; gives its first password, told once.
///
/// # Errors
/// A [`LoginRefusal`], or the database's.
pub fn login_add(
    conn: &mut Conn,
    work: &Work<'_>,
    name: &str,
    administrator: bool,
    on: Date,
) -> Result<String, OfficeError> {
    if store::login(conn, name)?.is_some() {
        return Err(OfficeError::refuse(LoginRefusal::Exists(name.to_owned())));
    }
    if !administrator && store::staff_place(conn, name, on)?.is_none() {
        return Err(OfficeError::refuse(LoginRefusal::NotOnStaff(name.to_owned())));
    }
    let password = secret::password();
    let password_hash = secret::hash(&password);
    conn.write(|conn| {
        let login = LoginRow {
            name: name.to_owned(),
            password_hash,
            administrator,
            must_change: true,
            failures: 0,
            locked_until: None,
            disabled_on: None,
            made_by: work.by.clone(),
            changed_at: work.now,
        };
        store::save_login(conn, &login)?;
        let role = if administrator { Role::Administrator.word() } else { "staff" };
        note(conn, work, (name, "login.add"), on, Some(role))
    })?;
    Ok(password)
}

/// Gives a login a new first password, told once; opens it again when it was shut or locked. Its sessions end.
///
/// # Errors
/// A [`LoginRefusal`], or the database's.
pub fn login_reset(conn: &mut Conn, work: &Work<'_>, name: &str, on: Date) -> Result<String, OfficeError> {
    let login = known(conn, name)?;
    let password = secret::password();
    let password_hash = secret::hash(&password);
    conn.write(|conn| {
        let login = LoginRow {
            password_hash,
            must_change: true,
            failures: 0,
            locked_until: None,
            disabled_on: None,
            changed_at: work.now,
            ..login
        };
        store::save_login(conn, &login)?;
        store::end_sessions_of(conn, name, "")?;
        note(conn, work, (name, "login.reset"), on, None)
    })?;
    Ok(password)
}

/// Shuts a login; its sessions end. One that is shut stays as it is.
///
/// # Errors
/// A [`LoginRefusal`], or the database's.
pub fn login_disable(conn: &mut Conn, work: &Work<'_>, name: &str, on: Date) -> Result<(), OfficeError> {
    let login = known(conn, name)?;
    if login.disabled_on.is_some() {
        return Ok(());
    }
    conn.write(|conn| {
        let others =
            store::logins(conn)?.iter().any(|l| l.administrator && l.disabled_on.is_none() && l.name != name);
        if login.administrator && !others {
            return Err(OfficeError::refuse(LoginRefusal::LastAdministrator));
        }
        store::save_login(conn, &LoginRow { disabled_on: Some(on), changed_at: work.now, ..login })?;
        store::end_sessions_of(conn, name, "")?;
        note(conn, work, (name, "login.disable"), on, None)
    })
}

/// 首次启动: makes the first administrator where there is no login at all; gives his password, told once.
///
/// # Errors
/// The database's.
pub fn first_administrator(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
) -> Result<Option<(String, String)>, OfficeError> {
    if store::has_logins(conn)? {
        return Ok(None);
    }
    let name = "admin";
    Ok(Some((name.to_owned(), login_add(conn, work, name, true, on)?)))
}

pub(super) fn known(conn: &mut Conn, name: &str) -> Result<LoginRow, OfficeError> {
    store::login(conn, name)?.ok_or_else(|| OfficeError::refuse(LoginRefusal::Unknown(name.to_owned())))
}

pub(super) fn note(
    conn: &mut Conn,
    work: &Work<'_>,
    (name, action): (&str, &str),
    on: Date,
    after: Option<&str>,
) -> Result<(), OfficeError> {
    let subject = format!("login:{name}");
    let mark = audit::Mark {
        account_id: 0,
        happened_on: on,
        subject: &subject,
        action,
        who: &work.by,
        before: None,
        after,
        recorded_at: work.now,
    };
    Ok(audit::mark(conn, &mark)?)
}
