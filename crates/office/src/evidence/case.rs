//! 案件: which of an account's facts and proofs belong to one case.

use crate::error::OfficeError;
use denghuo_rules::evidence::{EvidenceRefusal, Record};
use denghuo_store::Conn;
use denghuo_store::evidence::{self, FACTS};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// What a bundle is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseKey {
    /// Everything of the account.
    Account,
    /// 停电流程
    Cut(i64),
    /// 法律案件
    Legal(i64),
    /// 通知单
    Notice(i64),
}

impl fmt::Display for CaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => f.write_str("account"),
            Self::Cut(no) => write!(f, "cut:{no}"),
            Self::Legal(no) => write!(f, "legal:{no}"),
            Self::Notice(no) => write!(f, "notice:{no}"),
        }
    }
}

impl FromStr for CaseKey {
    type Err = denghuo_rules::refusal::Refusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no = |rest: &str| rest.parse::<i64>().ok().filter(|no| *no > 0);
        let found = match text.split_once(':') {
            None if text == "account" => Some(Self::Account),
            Some(("cut", rest)) => no(rest).map(Self::Cut),
            Some(("legal", rest)) => no(rest).map(Self::Legal),
            Some(("notice", rest)) => no(rest).map(Self::Notice),
            _ => None,
        };
        found.ok_or_else(|| EvidenceRefusal::UnknownCase(text.to_owned()).into())
    }
}

/// A row of a table by the names of its columns.
pub(super) type Fact = Map<String, Value>;

/// The facts and proofs of a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    /// Rows by table.
    pub tables: BTreeMap<String, Vec<Fact>>,
    /// The bills it is about.
    pub bills: BTreeSet<i64>,
    /// Numbers of its proofs.
    pub proofs: BTreeSet<i64>,
}

/// A whole number of a fact; 0 when it is absent.
pub(super) fn int(fact: &Fact, name: &str) -> i64 {
    fact.get(name).and_then(Value::as_i64).unwrap_or(0)
}

/// A text of a fact; empty when it is absent.
pub(super) fn text<'f>(fact: &'f Fact, name: &str) -> &'f str {
    fact.get(name).and_then(Value::as_str).unwrap_or("")
}

impl Case {
    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[Fact] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Loads what belongs to a case.
    pub fn load(
        conn: &mut Conn,
        account_id: i64,
        key: CaseKey,
        chain: &[Record],
    ) -> Result<Self, OfficeError> {
        let mut case = Self::default();
        for (table, order) in FACTS {
            let rows = evidence::facts_of(conn, (table, order), account_id)?;
            case.tables.insert((*table).to_owned(), rows);
        }
        let scope = Scope::of(&case, key)
            .ok_or_else(|| OfficeError::refuse(EvidenceRefusal::UnknownCase(key.to_string())))?;
        for (table, rows) in &mut case.tables {
            rows.retain(|fact| scope.keeps(table, fact));
        }
        case.follow(key);
        let named: BTreeSet<i64> = case
            .tables
            .values()
            .flatten()
            .map(|fact| int(fact, "evidence_no"))
            .filter(|no| *no > 0)
            .collect();
        case.proofs = chain
            .iter()
            .filter(|link| scope.is_subject(&link.subject) || named.contains(&link.evidence_no))
            .map(|link| link.evidence_no)
            .collect();
        case.bills = match key {
            CaseKey::Account => case.rows("receivable").iter().map(|fact| int(fact, "bill_no")).collect(),
            _ => scope.bills,
        };
        Ok(case)
    }

    /// Drops what belongs to rows that were dropped.
    fn follow(&mut self, key: CaseKey) {
        if key == CaseKey::Account {
            return;
        }
        let numbers = |rows: &[Fact], name: &str| -> BTreeSet<i64> {
            rows.iter().map(|fact| int(fact, name)).collect()
        };
        let paid = numbers(self.rows("allocation"), "payment_no");
        let reached = numbers(self.rows("delivery"), "contact_no");
        let plans = numbers(self.rows("payment_plan"), "plan_no");
        for (table, name, kept) in [
            ("payment", "payment_no", paid),
            ("contact", "contact_no", reached.clone()),
            ("contact_event", "contact_no", reached),
            ("plan_part", "plan_no", plans),
        ] {
            if let Some(rows) = self.tables.get_mut(table) {
                rows.retain(|fact| kept.contains(&int(fact, name)));
            }
        }
    }
}

/// What a case reaches.
struct Scope {
    key: CaseKey,
    bills: BTreeSet<i64>,
    notices: BTreeSet<i64>,
    cuts: BTreeSet<i64>,
}

impl Scope {
    /// Nothing when there is no such case.
    fn of(case: &Case, key: CaseKey) -> Option<Self> {
        let mut scope = Self { key, bills: BTreeSet::new(), notices: BTreeSet::new(), cuts: BTreeSet::new() };
        let one =
            |table: &str, name: &str, no: i64| case.rows(table).iter().find(|fact| int(fact, name) == no);
        match key {
            CaseKey::Account => {}
            CaseKey::Notice(no) => scope.take_notice(one("notice", "notice_no", no)?),
            CaseKey::Cut(no) => {
                scope.bills.insert(int(one("cut_case", "case_no", no)?, "bill_no"));
                scope.cuts.insert(no);
            }
            CaseKey::Legal(no) => {
                one("legal_case", "case_no", no)?;
                let claimed = case.rows("legal_case_bill").iter().filter(|fact| int(fact, "case_no") == no);
                scope.bills.extend(claimed.map(|fact| int(fact, "bill_no")));
                let cuts =
                    case.rows("cut_case").iter().filter(|fact| scope.bills.contains(&int(fact, "bill_no")));
                scope.cuts = cuts.map(|fact| int(fact, "case_no")).collect();
            }
        }
        if !matches!(key, CaseKey::Account | CaseKey::Notice(_)) {
            let own = case.rows("notice").iter().filter(|fact| scope.is_own_subject(text(fact, "subject")));
            for notice in own.collect::<Vec<_>>() {
                scope.take_notice(notice);
            }
            let demands: Vec<i64> = case
                .rows("notice")
                .iter()
                .filter(|fact| scope.bills.iter().any(|no| text(fact, "subject") == format!("bill:{no}")))
                .map(|fact| int(fact, "notice_no"))
                .collect();
            scope.notices.extend(demands);
        }
        scope.bills.remove(&0);
        Some(scope)
    }

    /// A notice with every bill that it tells.
    fn take_notice(&mut self, notice: &Fact) {
        self.notices.insert(int(notice, "notice_no"));
        self.bills.insert(int(notice, "bill_no"));
        let content: Value = serde_json::from_str(text(notice, "content")).unwrap_or_default();
        let told = content.get("bills").and_then(Value::as_array).into_iter().flatten();
        self.bills.extend(told.filter_map(|bill| bill.get("bill_no")?.as_i64()));
    }

    /// Is it the case itself, or a round of it?
    fn is_own_subject(&self, subject: &str) -> bool {
        let of = |name: String| subject == name || subject.starts_with(&format!("{name}:"));
        of(self.key.to_string()) || self.cuts.iter().any(|no| of(format!("cut:{no}")))
    }

    fn is_subject(&self, subject: &str) -> bool {
        self.key == CaseKey::Account
            || self.is_own_subject(subject)
            || self.bills.iter().any(|no| subject == format!("bill:{no}"))
            || self.notices.iter().any(|no| subject == format!("notice:{no}"))
    }

    fn keeps(&self, table: &str, fact: &Fact) -> bool {
        let legal = matches!(self.key, CaseKey::Legal(_));
        let of_bill = |no: i64| self.bills.contains(&no);
        if self.key == CaseKey::Account {
            return true;
        }
        match table {
            "receivable" | "late_fee" | "allocation" | "waiver" | "limitation" | "write_off" => {
                of_bill(int(fact, "bill_no"))
            }
            "ladder_step" | "hold" | "limitation_event" => {
                int(fact, "bill_no") == 0 || of_bill(int(fact, "bill_no"))
            }
            "notice" | "delivery" | "delivery_attempt" => self.notices.contains(&int(fact, "notice_no")),
            "cut_case" | "cut_document" | "final_call" | "warrant" | "operation" => {
                self.cuts.contains(&int(fact, "case_no"))
            }
            "legal_case" | "legal_case_bill" | "legal_step" => {
                self.key == CaseKey::Legal(int(fact, "case_no"))
            }
            "payment_plan" => {
                text(fact, "bills").split(',').filter_map(|no| no.trim().parse().ok()).any(of_bill)
            }
            "security" | "insolvency" => legal,
            "refund" => false,
            _ => true,
        }
    }
}
