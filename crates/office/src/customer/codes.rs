//! Codes: made, sent once, entered; and the sessions that they open.

use super::CustomerRefusal;
use crate::access::secret;
use crate::error::OfficeError;
use crate::ports::{Mail, Mailer, PortError, SmsGateway};
use crate::work::Work;
use denghuo_rules::customer::{CustomerRule, TOPIC};
use denghuo_rules::registry::ContactKind;
use denghuo_store::customer::{self as store, CodeRow, CustomerSession, OwnAccount};
use denghuo_store::day::Range;
use denghuo_store::{Conn, audit, ledger, registry};
use jiff::civil::Date;

/// What a code for signing in is for.
pub(super) const SIGN_IN: &str = "sign_in";

/// The rule in force.
///
/// # Errors
/// There is none.
pub fn customer_rule(work: &Work<'_>, on: Date) -> Result<CustomerRule, OfficeError> {
    Ok(work.book.pick::<CustomerRule>(TOPIC, &work.site, on)?.params)
}

/// Sends a code to a contact of the account that is known to be its customer's, when there is such an account and contact; who asks is
/// told the same in every case, and it takes as long. Gives for how many minutes a code is good.
///
/// # Errors
/// A missing rule, or the database's.
pub fn code_request(
    conn: &mut Conn,
    work: &Work<'_>,
    account_no: &str,
    on: Date,
) -> Result<i64, OfficeError> {
    let rule = customer_rule(work, on)?;
    let code = secret::code();
    let hash = secret::hash(&code);
    let Some(account) = store::account(conn, account_no)? else { return Ok(rule.code_minutes) };
    let account_id = account.account_id;
    let known = registry::known_contacts(conn, Range { from: account_id, to: account_id })?;
    let usable = known.iter().filter(|contact| {
        contact.verified_on.is_some() && contact.trouble.is_none() && channel_of(&contact.kind).is_some()
    });
    // The preferred one first, then the newest proof.
    let Some(contact) = usable.max_by_key(|contact| (contact.preferred, contact.verified_on)) else {
        return Ok(rule.code_minutes);
    };
    let to = (contact.kind.as_str(), contact.value.as_str());
    conn.write(|conn| make(conn, work, (account_id, SIGN_IN), to, (&rule, &code, &hash)).map(|_| ()))?;
    Ok(rule.code_minutes)
}

/// The channel that reaches a kind of contact by itself.
pub(super) fn channel_of(kind: &str) -> Option<&'static str> {
    match ContactKind::from_word(kind) {
        Some(ContactKind::Mobile) => Some("sms"),
        Some(ContactKind::Email) => Some("email"),
        _ => None,
    }
}

/// Queues a code, unless too many were sent; tells whether.
pub(super) fn make(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, purpose): (i64, &str),
    (kind, address): (&str, &str),
    (rule, code, hash): (&CustomerRule, &str, &str),
) -> Result<bool, OfficeError> {
    let Some(channel) = channel_of(kind) else { return Ok(false) };
    ledger::lock(conn, account_id)?;
    if store::codes_since(conn, account_id, rule.hour_before(work.now))? >= rule.codes_per_hour {
        return Ok(false);
    }
    let minutes = rule.code_minutes;
    let message = format!(
        "【供电公司】验证码{code},{minutes}分钟内有效,请勿告知他人。Your code is {code}, good for {minutes} minutes; tell nobody."
    );
    let row = CodeRow {
        account_id,
        code_no: 0,
        purpose: purpose.to_owned(),
        channel: channel.to_owned(),
        address: address.to_owned(),
        code_hash: hash.to_owned(),
        made_at: work.now,
        ends_at: rule.code_ends_at(work.now),
        tries: 0,
        state: "open".to_owned(),
        message: Some(message),
        sending: "queued".to_owned(),
    };
    store::insert_code(conn, &row)?;
    Ok(true)
}

/// Is it the open code of an account for a purpose? A right one is used up, too many wrong ones end it. Takes its time in every case.
pub(super) fn entered(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, purpose): (Option<i64>, &str),
    code: &str,
    rule: &CustomerRule,
) -> Result<Option<CodeRow>, OfficeError> {
    let open = match account_id {
        Some(account_id) => store::open_code(conn, account_id, purpose)?,
        None => None,
    };
    let good = open.filter(|row| work.now < row.ends_at);
    let is_right = secret::matches(good.as_ref().map(|row| row.code_hash.as_str()), code);
    let Some(row) = good else { return Ok(None) };
    if is_right {
        // Of two who enter it at once, one has it.
        return Ok(store::settle_code(conn, &row, "used", row.tries)?.then_some(row));
    }
    let tries = row.tries + 1;
    let state = if tries >= rule.tries { "locked" } else { "open" };
    store::settle_code(conn, &row, state, tries)?;
    Ok(None)
}

/// A session that has begun, with the secrets that its owner is given once.
#[derive(Clone, Debug)]
pub struct CustomerBegun {
    /// What the cookie carries.
    pub token: String,
    /// What unsafe requests repeat.
    pub csrf: String,
    /// Its last moment, ms since 1970.
    pub ends_at: i64,
    /// Whose it is.
    pub who: CustomerWho,
}

/// A customer who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerWho {
    /// The customer.
    pub customer_id: i64,
    /// The account with which he signed in.
    pub account_no: String,
    /// What unsafe requests repeat.
    pub csrf: String,
}

impl CustomerWho {
    /// What he is called where staff have a login: `customer:` and his account.
    #[must_use]
    pub fn name(&self) -> String {
        format!("customer:{}", self.account_no)
    }
}

/// Signs a customer in with the code that was sent.
///
/// # Errors
/// [`CustomerRefusal::WrongCode`] for everything that is wrong; a missing rule; the database's.
pub fn customer_sign_in(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_no, code): (&str, &str),
    on: Date,
) -> Result<CustomerBegun, OfficeError> {
    let rule = customer_rule(work, on)?;
    let account = store::account(conn, account_no)?;
    let account_id = account.as_ref().map(|account| account.account_id);
    let wrong = || OfficeError::refuse(CustomerRefusal::WrongCode);
    entered(conn, work, (account_id, SIGN_IN), code, &rule)?.ok_or_else(wrong)?;
    let OwnAccount { account_id, account_no, customer_id, .. } = account.ok_or_else(wrong)?;
    let (token, csrf) = (secret::fresh(), secret::fresh());
    let session = CustomerSession {
        token_hash: secret::digest(&token),
        customer_id,
        account_no: account_no.clone(),
        csrf: csrf.clone(),
        begun_at: work.now,
        seen_at: work.now,
        ends_at: rule.session_ends_at(work.now),
    };
    store::insert_session(conn, &session)?;
    let who = CustomerWho { customer_id, account_no, csrf: csrf.clone() };
    audit::mark(
        conn,
        &audit::Mark {
            account_id,
            happened_on: on,
            subject: "customer",
            action: "customer.sign_in",
            who: &who.name(),
            before: None,
            after: None,
            recorded_at: work.now,
        },
    )?;
    Ok(CustomerBegun { token, csrf, ends_at: session.ends_at, who })
}

/// How often a session's last use is written, in ms.
const TOUCH: i64 = 60_000;

/// The customer behind a token; its use is noted. None when there is no live session.
///
/// # Errors
/// A missing rule, or the database's.
pub fn customer_session(
    conn: &mut Conn,
    work: &Work<'_>,
    token: &str,
    on: Date,
) -> Result<Option<CustomerWho>, OfficeError> {
    let rule = customer_rule(work, on)?;
    let hash = secret::digest(token);
    let live =
        store::session(conn, &hash)?.filter(|session| rule.lives(session.seen_at, session.ends_at, work.now));
    let Some(session) = live else { return Ok(None) };
    if work.now - session.seen_at >= TOUCH {
        store::touch_session(conn, &hash, work.now)?;
    }
    let CustomerSession { customer_id, account_no, csrf, .. } = session;
    Ok(Some(CustomerWho { customer_id, account_no, csrf }))
}

/// Ends a session.
///
/// # Errors
/// The database's.
pub fn customer_sign_out(conn: &mut Conn, token: &str) -> Result<(), OfficeError> {
    Ok(store::end_session(conn, &secret::digest(token))?)
}

/// 验证码发送: what a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CodePost {
    /// Taken by the carrier.
    pub sent: usize,
    /// Not taken, or over before they left: the customer asks for another.
    pub failed: usize,
}

/// Codes that wait, the oldest first.
///
/// # Errors
/// The database's.
pub fn codes_waiting(conn: &mut Conn) -> Result<Vec<CodeRow>, OfficeError> {
    Ok(store::queued_codes(conn, 1_000)?)
}

/// Sends what waits, each code at most once: a claim is committed before it is handed over, and what comes of it is not tried again.
///
/// # Errors
/// The database's.
pub fn codes_send(
    conn: &mut Conn,
    (mail, sms): (Option<&dyn Mailer>, Option<&dyn SmsGateway>),
    now: i64,
) -> Result<CodePost, OfficeError> {
    let mut post = CodePost::default();
    for row in codes_waiting(conn)? {
        let has_carrier = if row.channel == "sms" { sms.is_some() } else { mail.is_some() };
        if !has_carrier && row.ends_at > now {
            continue;
        }
        let text = row.message.clone().filter(|_| row.ends_at > now && row.state == "open");
        if !store::move_code(conn, &row, ("queued", "handing"))? {
            continue;
        }
        let done = match text {
            None => Err(PortError::Never("over".to_owned())),
            Some(text) => hand_over(&row, &text, (mail, sms)),
        };
        let state = if done.is_ok() { "sent" } else { "failed" };
        store::move_code(conn, &row, ("handing", state))?;
        post.sent += usize::from(done.is_ok());
        post.failed += usize::from(done.is_err());
    }
    Ok(post)
}

fn hand_over(
    row: &CodeRow,
    text: &str,
    (mail, sms): (Option<&dyn Mailer>, Option<&dyn SmsGateway>),
) -> Result<String, PortError> {
    let key = format!("code-{}-{}", row.account_id, row.code_no);
    let none = || PortError::Never("no carrier".to_owned());
    if row.channel == "sms" {
        return sms.ok_or_else(none)?.send(&key, &row.address, text);
    }
    mail.ok_or_else(none)?.send(&Mail {
        key,
        to: row.address.clone(),
        subject: "验证码 / Your code".to_owned(),
        text: text.to_owned(),
        attachments: Vec::new(),
    })
}
