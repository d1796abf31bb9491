//! What an endpoint's function is given: the connection, the circumstances, and who asks.

use crate::app::App;
use crate::edit::Change;
use crate::paging::Page;
use crate::perform::Call;
use crate::principal::Principal;
use crate::problem::Problem;
use axum::http::{HeaderName, StatusCode};
use denghuo_office::disconnection::sweep_after;
use denghuo_office::error::OfficeError;
use denghuo_office::work::Work;
use denghuo_rules::access::Permission;
use denghuo_store::{Conn, audit};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// One request, ready to be worked on.
pub struct Ask<'a> {
    /// The database.
    pub conn: &'a mut Conn,
    /// The circumstances; `by` is the login of who asks.
    pub work: &'a Work<'a>,
    /// Who asks.
    pub who: &'a Principal,
    /// The account that the path names.
    pub(crate) account_id: Option<i64>,
    /// The business date.
    pub today: Date,
    /// Beijing time.
    pub now: DateTime,
    /// The page, for a list.
    pub page: Page,
    /// What the request showed.
    pub call: &'a Call,
    /// The application.
    pub app: &'a App,
    /// What is answered beside the body.
    pub extra: Extra,
}

/// What is answered beside the body.
#[derive(Default)]
pub struct Extra {
    /// Another status than the usual one.
    pub status: Option<StatusCode>,
    /// Headers.
    pub headers: Vec<(HeaderName, String)>,
    /// What an edit came to, for the audit log.
    pub change: Option<Change>,
    /// Will what was shown change by itself? A stream of events goes on then.
    pub goes_on: bool,
}

impl Ask<'_> {
    /// The unit whose accounts are seen; 0 for all.
    ///
    /// # Errors
    /// Who asks sees no accounts at all.
    pub fn root(&self) -> Result<i64, Problem> {
        self.who.person.scope.ok_or_else(Problem::foreign_account)
    }

    /// The account that the path names. It exists and is in the scope of who asks: that was checked before.
    ///
    /// # Errors
    /// The path names none, which is a defect of the endpoint.
    pub fn account(&self) -> Result<i64, Problem> {
        self.account_id.ok_or_else(Problem::not_found)
    }

    /// Does something with money and what follows from it, in one transaction: a warrant of the accounts whose money moved ends, and power
    /// that was cut is ordered back.
    ///
    /// # Errors
    /// The deed's, or the database's.
    pub fn with_money<T>(
        &mut self,
        deed: impl FnOnce(&mut Conn, &Work<'_>) -> Result<(T, Vec<i64>), OfficeError>,
    ) -> Result<T, Problem> {
        let (work, now) = (self.work, self.now);
        let system = Work { by: "system".to_owned(), ..work.clone() };
        let done: Result<T, OfficeError> = self.conn.write(|conn| {
            let (done, accounts) = deed(conn, work)?;
            sweep_after(conn, &system, &accounts, now)?;
            Ok(done)
        });
        Ok(done?)
    }

    /// Is personal data shown in full? Only when it is asked for and the right is held; the look is kept.
    ///
    /// # Errors
    /// Asked for without the right.
    pub fn in_full(&mut self, asked: bool, account_id: i64, what: &str) -> Result<bool, Problem> {
        if !asked {
            return Ok(false);
        }
        self.needs(Permission::SeePersonal)?;
        audit::look(self.conn, account_id, (&self.work.by, what), self.now, self.work.now)?;
        Ok(true)
    }

    /// Tells the audit log what a deed that is no edit has changed: what was there before and after.
    ///
    /// # Errors
    /// A value that is no JSON.
    pub fn changed(&mut self, before: &impl Serialize, after: &impl Serialize) -> Result<(), Problem> {
        let text = |value: serde_json::Result<String>| value.map_err(|error| Problem::failure(&error));
        let before = Some(text(serde_json::to_string(before))?);
        let after = Some(text(serde_json::to_string(after))?);
        self.extra.change = Some(Change { before, after });
        Ok(())
    }

    /// A paper of a template with its data, as PDF.
    ///
    /// # Errors
    /// The server prints nothing; the template or its data is wrong.
    pub fn paper(&self, template: &str, data: &serde_json::Value) -> Result<Vec<u8>, Problem> {
        let Some(papers) = &self.app.ports().papers else {
            let (zh, en) =
                ("本服务未配置打印(缺少中文字体)", "this server prints nothing: no Chinese font was found");
            return Err(Problem::new(StatusCode::CONFLICT, "papers.none", zh, en));
        };
        papers.pdf(template, &data.to_string()).map_err(|error| Problem::failure(&error))
    }

    /// The account with a number, in the scope of who asks: for accounts that a body names.
    ///
    /// # Errors
    /// There is none, or it belongs to another unit.
    pub fn account_named(&mut self, account_no: &str) -> Result<i64, Problem> {
        crate::perform::in_scope(self.conn, self.who, account_no)
    }

    /// Requires one more right than the endpoint's.
    ///
    /// # Errors
    /// It is not held.
    pub fn needs(&self, permission: Permission) -> Result<(), Problem> {
        if self.who.may(permission) { Ok(()) } else { Err(Problem::not_permitted(permission)) }
    }
}
