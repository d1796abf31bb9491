//! 停电许可: a warrant has no constructor but [`Warrant::issue`] and [`Warrant::taken_up`], which ask every gate of the warrant, and is
//! used up by [`Warrant::consume`], which asks every gate of the operation. It cannot be copied, read from text or made by
//! hand, and the order that an operation needs comes from nowhere else:
//!
//! ```compile_fail
//! fn twice(warrant: &denghuo_rules::disconnection::Warrant) -> denghuo_rules::disconnection::Warrant {
//!     warrant.clone()
//! }
//! ```
//! ```compile_fail
//! fn forged() -> denghuo_rules::disconnection::CutOrder {
//!     denghuo_rules::disconnection::CutOrder { account_id: 1, case_no: 1, warrant_no: 1, findings: vec![], bills: vec![] }
//! }
//! ```

use super::CutFacts;
use super::gates::{Finding, Stage, all_gates, debts_that_ground, gates_of};
use super::law::CutLaw;
use super::window::last_moment;
use crate::calendar::YearNotCovered;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use jiff::civil::DateTime;

/// 停电许可: good for one operation on one account. Not `Clone`, not `Copy`, no public field.
#[derive(Debug)]
pub struct Warrant {
    account_id: i64,
    case_no: i64,
    warrant_no: i64,
    entry_no: i64,
    made_at: DateTime,
    expires_at: DateTime,
    findings: Vec<Finding>,
    bills: Vec<i64>,
}

/// A warrant as it is kept between its making and the operation. Keeping it proves nothing: it becomes a [`Warrant`] again only by
/// [`Warrant::taken_up`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptWarrant {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case_no: i64,
    /// Its number within the case.
    pub warrant_no: i64,
    /// Number of the next entry of the books on which it was made.
    pub entry_no: i64,
    /// When it was made.
    pub made_at: DateTime,
    /// The last moment at which it is good.
    pub expires_at: DateTime,
}

/// 停电指令: the one thing that an operation and the remote relay take. Made by [`Warrant::consume`] alone.
#[derive(Debug)]
pub struct CutOrder {
    account_id: i64,
    case_no: i64,
    warrant_no: i64,
    findings: Vec<Finding>,
    bills: Vec<i64>,
}

/// Why there is no warrant, or why it does not allow the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CutRefused {
    /// Gates that do not hold.
    Gates(Vec<Finding>),
    /// The warrant is of another case.
    OtherCase,
    /// It is not good yet.
    NotYet {
        /// From when it is.
        from: DateTime,
    },
    /// It has expired.
    Expired {
        /// Its last moment.
        at: DateTime,
    },
    /// The books have moved since it was made.
    BooksMoved,
    /// The calendar does not cover a year: nobody knows whether the day is protected.
    Calendar(YearNotCovered),
}

impl From<YearNotCovered> for CutRefused {
    fn from(year: YearNotCovered) -> Self {
        Self::Calendar(year)
    }
}

impl Refuse for CutRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Gates(_) => "cuts.gate_failed",
            Self::OtherCase => "cuts.other_case",
            Self::NotYet { .. } => "cuts.warrant_not_yet",
            Self::Expired { .. } => "cuts.warrant_expired",
            Self::BooksMoved => "cuts.books_moved",
            Self::Calendar(_) => "cuts.calendar_missing",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Gates(failed) => {
                let say = |text: fn(&Bilingual) -> &str| {
                    let parts: Vec<String> =
                        failed.iter().map(|f| format!("{} {}", f.gate.word(), text(&f.text))).collect();
                    parts.join("; ")
                };
                Bilingual::new(
                    format!("不得停电:{}", say(|text| &text.zh)),
                    format!("power may not be cut: {}", say(|text| &text.en)),
                )
            }
            Self::OtherCase => Bilingual::new("许可属于另一停电流程", "the warrant is of another case"),
            Self::NotYet { from } => {
                Bilingual::new(format!("许可自{from}起有效"), format!("the warrant is good only from {from}"))
            }
            Self::Expired { at } => {
                Bilingual::new(format!("许可已于{at}失效"), format!("the warrant expired at {at}"))
            }
            Self::BooksMoved => Bilingual::new(
                "许可签发后账务有变动,许可作废",
                "the books have moved since the warrant was made: it is void",
            ),
            Self::Calendar(year) => Bilingual::new(
                format!("日历未覆盖{}年,无法判断是否禁停", year.year),
                format!(
                    "the calendar does not cover {}: nobody knows whether the day is protected",
                    year.year
                ),
            ),
        }
    }
}

/// The findings of every gate, when those of a stage hold.
fn passed(
    facts: &CutFacts,
    law: &CutLaw<'_>,
    stage: Stage,
    at: DateTime,
) -> Result<Vec<Finding>, CutRefused> {
    let asked = gates_of(stage);
    let findings: Vec<Finding> =
        all_gates(facts, law, at)?.into_iter().filter(|finding| asked.contains(&finding.gate)).collect();
    let failed: Vec<Finding> = findings.iter().filter(|finding| !finding.holds).cloned().collect();
    if failed.is_empty() && findings.len() == asked.len() {
        Ok(findings)
    } else {
        Err(CutRefused::Gates(failed))
    }
}

fn grounds(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Vec<i64> {
    debts_that_ground(facts, law, at).into_iter().map(|debt| debt.bill_no).collect()
}

impl Warrant {
    /// Makes a warrant: every gate but the last call holds at this moment. It expires with the permitted hours of the day.
    ///
    /// # Errors
    /// The gates that do not hold, or a calendar that does not know the day.
    pub fn issue(
        facts: &CutFacts,
        law: &CutLaw<'_>,
        warrant_no: i64,
        at: DateTime,
    ) -> Result<Self, CutRefused> {
        Ok(Self {
            account_id: facts.account_id,
            case_no: facts.case_no,
            warrant_no,
            entry_no: facts.entry_no,
            made_at: at,
            expires_at: last_moment(law, at.date()),
            findings: passed(facts, law, Stage::Warrant, at)?,
            bills: grounds(facts, law, at),
        })
    }

    /// Takes a kept warrant up again: it is good at this moment, the books stand as they stood when it was made, and every gate of the
    /// warrant still holds.
    ///
    /// # Errors
    /// What has changed.
    pub fn taken_up(
        kept: &KeptWarrant,
        facts: &CutFacts,
        law: &CutLaw<'_>,
        at: DateTime,
    ) -> Result<Self, CutRefused> {
        if (kept.account_id, kept.case_no) != (facts.account_id, facts.case_no) {
            return Err(CutRefused::OtherCase);
        }
        if at < kept.made_at {
            return Err(CutRefused::NotYet { from: kept.made_at });
        }
        if at > kept.expires_at {
            return Err(CutRefused::Expired { at: kept.expires_at });
        }
        if kept.entry_no != facts.entry_no {
            return Err(CutRefused::BooksMoved);
        }
        let fresh = Self::issue(facts, law, kept.warrant_no, at)?;
        Ok(Self { made_at: kept.made_at, expires_at: kept.expires_at.min(fresh.expires_at), ..fresh })
    }

    /// Uses the warrant up for one operation at this moment: every gate, the last call included.
    ///
    /// # Errors
    /// The gates that do not hold, or what else has changed. The warrant is gone either way.
    pub fn consume(self, facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Result<CutOrder, CutRefused> {
        if (self.account_id, self.case_no) != (facts.account_id, facts.case_no) {
            return Err(CutRefused::OtherCase);
        }
        if self.entry_no != facts.entry_no {
            return Err(CutRefused::BooksMoved);
        }
        if at < self.made_at {
            return Err(CutRefused::NotYet { from: self.made_at });
        }
        if at > self.expires_at {
            return Err(CutRefused::Expired { at: self.expires_at });
        }
        Ok(CutOrder {
            account_id: self.account_id,
            case_no: self.case_no,
            warrant_no: self.warrant_no,
            findings: passed(facts, law, Stage::Operation, at)?,
            bills: grounds(facts, law, at),
        })
    }

    /// What is kept of it.
    #[must_use]
    pub fn kept(&self) -> KeptWarrant {
        KeptWarrant {
            account_id: self.account_id,
            case_no: self.case_no,
            warrant_no: self.warrant_no,
            entry_no: self.entry_no,
            made_at: self.made_at,
            expires_at: self.expires_at,
        }
    }

    /// What its gates said.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The bills that it rests on.
    #[must_use]
    pub fn bills(&self) -> &[i64] {
        &self.bills
    }
}

impl CutOrder {
    /// The account.
    #[must_use]
    pub fn account_id(&self) -> i64 {
        self.account_id
    }
    /// The case.
    #[must_use]
    pub fn case_no(&self) -> i64 {
        self.case_no
    }
    /// The warrant that was used up.
    #[must_use]
    pub fn warrant_no(&self) -> i64 {
        self.warrant_no
    }
    /// What every gate said.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
    /// The bills that it rests on.
    #[must_use]
    pub fn bills(&self) -> &[i64] {
        &self.bills
    }
}
