//! Everything that the gates look at, loaded for a range of accounts with a fixed number of queries; a command asks for a range of one.

use crate::access;
use crate::error::OfficeError;
use denghuo_rules::disconnection::{Decision, Declared};
use denghuo_rules::registry::ApprovalLevel;
use denghuo_store::Conn;
use denghuo_store::day::Range;
use denghuo_store::disconnection::{
    self as store, CallRow, CutNotice, CutUser, DocumentRow, EstateRow, HoldRow, NoticeFact, PlanFact,
    SecurityRow, UnpaidBill, WindowRow,
};
use denghuo_store::ledger::Balance;
use denghuo_store::registry::{self, Org};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// Rows of many accounts.
type Of<T> = HashMap<i64, Vec<T>>;

/// 已知情况: what is known of the accounts of a range on a day.
#[derive(Debug, Default)]
pub struct Known {
    users: HashMap<i64, CutUser>,
    balances: HashMap<i64, Balance>,
    bills: Of<UnpaidBill>,
    notices: Of<CutNotice>,
    holds: Of<HoldRow>,
    plans: Of<PlanFact>,
    insolvencies: Of<Date>,
    securities: Of<SecurityRow>,
    documents: Of<DocumentRow>,
    calls: Of<CallRow>,
    estates: HashMap<i64, EstateRow>,
    /// Codes and names of developers and property companies.
    companies: HashSet<String>,
    /// Homes of an estate without power, or that would be.
    dark: HashMap<i64, HashSet<i64>>,
    estate_documents: Of<DocumentRow>,
    windows: Vec<WindowRow>,
    orgs: Vec<Org>,
    levels: HashMap<(String, Date), Option<ApprovalLevel>>,
}

/// Rows by their accounts, in the order in which they come.
pub(super) fn grouped<T>(rows: impl IntoIterator<Item = (i64, T)>) -> Of<T> {
    let mut of: Of<T> = HashMap::new();
    for (account_id, row) in rows {
        of.entry(account_id).or_default().push(row);
    }
    of
}

fn rows<T>(of: &Of<T>, account_id: i64) -> &[T] {
    of.get(&account_id).map_or(&[], Vec::as_slice)
}

impl Known {
    /// Loads a range: its accounts with a live case or a step that asks for one; of a range of one account, that one.
    ///
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Conn, range: Range, on: Date) -> Result<Self, OfficeError> {
        let users = store::cut_users(conn, range, on)?;
        let at_estates = users.iter().any(|user| user.estate_id.is_some());
        let estates = store::estates(conn)?;
        let companies = estates
            .iter()
            .flat_map(|estate| [&estate.property_company, &estate.developer])
            .filter_map(Clone::clone);
        let windows = store::windows_from(conn, on)?;
        let mut known = Self {
            balances: store::cut_balances(conn, range)?.into_iter().map(|b| (b.account_id, b)).collect(),
            bills: grouped(store::unpaid_bills(conn, range)?),
            notices: grouped(store::cut_notices(conn, range)?.into_iter().map(|n| (n.account_id, n))),
            holds: grouped(store::cut_holds(conn, range, on)?),
            plans: grouped(store::plans_running(conn, range)?),
            insolvencies: grouped(store::open_insolvencies(conn, range, on)?),
            securities: grouped(store::securities_of(conn, range, on)?),
            documents: grouped(store::live_documents(conn, range)?.into_iter().map(|d| (d.account_id, d))),
            calls: grouped(store::live_calls(conn, range)?.into_iter().map(|c| (c.account_id, c))),
            companies: companies.collect(),
            orgs: if windows.is_empty() { Vec::new() } else { registry::orgs(conn)? },
            windows,
            ..Self::default()
        };
        if at_estates {
            for (estate_id, account_id) in store::estate_households_cut(conn, range)? {
                known.dark.entry(estate_id).or_default().insert(account_id);
            }
            known.estate_documents = grouped(store::estate_documents(conn, range)?);
        }
        known.estates = estates.into_iter().map(|estate| (estate.estate_id, estate)).collect();
        known.users = users.into_iter().map(|user| (user.account_id, user)).collect();
        Ok(known)
    }

    /// The user of an account.
    pub fn user(&self, account_id: i64) -> Option<&CutUser> {
        self.users.get(&account_id)
    }

    /// Its balance.
    pub fn balance(&self, account_id: i64) -> Balance {
        self.balances.get(&account_id).copied().unwrap_or_else(|| Balance::new(account_id))
    }

    /// Its bills that are not settled, in order.
    pub fn bills(&self, account_id: i64) -> &[UnpaidBill] {
        rows(&self.bills, account_id)
    }

    /// Its demands that were served, in order.
    pub fn demands(&self, account_id: i64) -> impl Iterator<Item = &NoticeFact> {
        rows(&self.notices, account_id).iter().filter(|n| n.kind == "demand").map(|n| &n.fact)
    }

    /// Its notice of a kind about a subject.
    pub fn notice(&self, account_id: i64, kind: &str, subject: &str) -> Option<&NoticeFact> {
        let found = rows(&self.notices, account_id).iter().find(|n| n.kind == kind && n.subject == subject);
        found.map(|notice| &notice.fact)
    }

    /// Its holds.
    pub fn holds(&self, account_id: i64) -> &[HoldRow] {
        rows(&self.holds, account_id)
    }

    /// Its running plans and promises.
    pub fn plans(&self, account_id: i64) -> &[PlanFact] {
        rows(&self.plans, account_id)
    }

    /// Days on which its open insolvencies were accepted.
    pub fn insolvencies(&self, account_id: i64) -> &[Date] {
        rows(&self.insolvencies, account_id)
    }

    /// Its securities in force.
    pub fn securities(&self, account_id: i64) -> &[SecurityRow] {
        rows(&self.securities, account_id)
    }

    /// The papers of its case, and the talks and postings of every other live case of its estate.
    pub fn documents(&self, account_id: i64, case_no: i64, estate_id: Option<i64>) -> Vec<&DocumentRow> {
        let own = rows(&self.documents, account_id).iter().filter(|d| d.case_no == case_no);
        let of_estate = estate_id.map_or(&[][..], |estate_id| rows(&self.estate_documents, estate_id));
        own.chain(of_estate.iter().filter(|d| d.account_id != account_id)).collect()
    }

    /// The last calls of its case, in order.
    pub fn calls(&self, account_id: i64, case_no: i64) -> impl Iterator<Item = &CallRow> {
        rows(&self.calls, account_id).iter().filter(move |call| call.case_no == case_no)
    }

    /// Is a customer, by code or name, the developer or property company of some estate?
    pub fn is_company_of_estate(&self, user: &CutUser) -> bool {
        self.companies.contains(&user.customer_code) || self.companies.contains(&user.customer_name)
    }

    /// Households of an estate.
    pub fn households(&self, estate_id: i64) -> i64 {
        self.estates.get(&estate_id).map_or(0, |estate| estate.households)
    }

    /// Homes of an estate, one account excepted, that are without power or would be by a case that was approved.
    pub fn dark_homes(&self, estate_id: i64, except: i64) -> i64 {
        let dark = self.dark.get(&estate_id);
        dark.map_or(0, |homes| homes.len() as i64 - i64::from(homes.contains(&except)))
    }

    /// Windows declared for an organisation or one above it.
    pub fn declared(&self, org_id: i64) -> Vec<Declared> {
        let mut line = vec![0, org_id];
        while let Some(parent) =
            self.orgs.iter().find(|org| line.last() == Some(&org.org_id)).and_then(|org| org.parent_id)
        {
            if line.contains(&parent) {
                break;
            }
            line.push(parent);
        }
        let ours = self.windows.iter().filter(|window| line.contains(&window.org_id));
        ours.map(|window| Declared {
            kind: window.kind.clone(),
            reason: window.reason.clone(),
            from_on: window.from_on,
            until_on: window.until_on,
        })
        .collect()
    }

    /// What a person decided on a day, with the level of that day; a level is asked for once.
    ///
    /// # Errors
    /// The database's.
    pub fn decision(&mut self, conn: &mut Conn, by: &str, on: Date) -> Result<Decision, OfficeError> {
        let key = (by.to_owned(), on);
        let level = match self.levels.get(&key) {
            Some(level) => *level,
            None => {
                let level = access::level_of(conn, by, on)?;
                self.levels.insert(key, level);
                level
            }
        };
        Ok(Decision { by: by.to_owned(), level, on })
    }
}
