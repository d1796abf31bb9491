//! 账销案存: a debt leaves the books on proof and with approval, and is pursued all the same: money that comes later puts as
//! much of it back as it pays.

use crate::collections::waiver::ApprovalLevel;
use crate::derivation::Bilingual;
use crate::ledger::{Entry, EntryKind, EntryRefusal, LedgerAccount};
use crate::refusal::Refuse;
use crate::registry::words;
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 核销审批: parameters of the topic `write_off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteOffRule {
    /// The lowest level that may approve.
    pub level: ApprovalLevel,
}

words!(
    /// 核销依据
    WriteOffGround {
        /// 破产
        Bankruptcy = "bankruptcy" / "破产清偿不能",
        /// 注销吊销
        Deregistration = "deregistration" / "注销或吊销",
        /// 死亡
        Death = "death" / "死亡或失踪",
        /// 法院终结执行
        CourtTermination = "court_termination" / "法院终结执行",
        /// 超过诉讼时效
        LimitationPassed = "limitation_passed" / "超过诉讼时效",
    }
);

/// Why a debt is not written off, or money not taken for one; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOffRefusal {
    /// Nothing of it is open.
    NothingOpen(i64),
    /// The debt is not time-barred.
    NotExpired(Date),
    /// No proof is named, or it is not there.
    NoEvidence,
    /// One person asks and approves.
    OnePerson,
    /// The approver's level does not reach.
    LevelTooLow(ApprovalLevel),
    /// There is no such write-off, or all of it has come back.
    NothingWrittenOff(i64),
    /// The account has no prepayment to take it from.
    NoMoney,
}

impl Refuse for WriteOffRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingOpen(_) => "write_off.nothing_open",
            Self::NotExpired(_) => "write_off.not_expired",
            Self::NoEvidence => "write_off.no_evidence",
            Self::OnePerson => "write_off.one_person",
            Self::LevelTooLow(_) => "write_off.level_too_low",
            Self::NothingWrittenOff(_) => "write_off.nothing_written_off",
            Self::NoMoney => "write_off.no_money",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NothingOpen(bill) => Bilingual::new(
                format!("第{bill}号账单没有未收金额"),
                format!("nothing of bill {bill} is open"),
            ),
            Self::NotExpired(day) => Bilingual::new(
                format!("诉讼时效至{day}尚未届满"),
                format!("the term of limitation runs through {day}"),
            ),
            Self::NoEvidence => Bilingual::new("核销须有证据", "a write-off rests on evidence"),
            Self::OnePerson => {
                Bilingual::new("申请人与审批人不得为同一人", "one person may not ask and approve")
            }
            Self::LevelTooLow(level) => Bilingual::new(
                format!("须由{}审批", level.zh()),
                format!("the level `{}` must approve", level.word()),
            ),
            Self::NothingWrittenOff(no) => Bilingual::new(
                format!("核销{no}没有待追回金额"),
                format!("nothing of write-off {no} is left to recover"),
            ),
            Self::NoMoney => Bilingual::new("该户没有预收款", "the account has no prepayment"),
        }
    }
}

/// Decides a write-off: proof, two persons, and the level of the book.
///
/// # Errors
/// The first refusal that applies.
pub fn decide(
    rule: &WriteOffRule,
    has_evidence: bool,
    (asked_by, approved_by): (&str, &str),
    level: ApprovalLevel,
) -> Result<(), WriteOffRefusal> {
    if !has_evidence {
        return Err(WriteOffRefusal::NoEvidence);
    }
    if asked_by == approved_by {
        return Err(WriteOffRefusal::OnePerson);
    }
    if level < rule.level {
        return Err(WriteOffRefusal::LevelTooLow(rule.level));
    }
    Ok(())
}

/// 坏账核销: the entry of a write-off; negative amounts put it back.
///
/// # Errors
/// Both amounts are zero.
pub fn write_off_entry(on: Date, principal: Money, fee: Money) -> Result<Entry, EntryRefusal> {
    let lines = [
        (LedgerAccount::BadDebt, principal + fee),
        (LedgerAccount::Receivable, -principal),
        (LedgerAccount::LateFeeReceivable, -fee),
    ];
    Entry::new(EntryKind::WriteOff, on, lines)
}

#[cfg(test)]
mod tests {
    use super::{WriteOffRefusal as No, WriteOffRule, decide, write_off_entry};
    use crate::collections::waiver::ApprovalLevel as Level;
    use crate::ledger::LedgerAccount;
    use crate::units::Money;
    use jiff::civil::date;

    #[test]
    fn proof_two_persons_and_the_company() {
        let rule = WriteOffRule { level: Level::Company };
        assert_eq!(decide(&rule, true, ("S1", "S2"), Level::Company), Ok(()));
        assert_eq!(decide(&rule, false, ("S1", "S2"), Level::Company), Err(No::NoEvidence));
        assert_eq!(decide(&rule, true, ("S2", "S2"), Level::Company), Err(No::OnePerson));
        let low = decide(&rule, true, ("S1", "S2"), Level::Department);
        assert_eq!(low, Err(No::LevelTooLow(Level::Company)));
    }

    #[test]
    fn what_comes_back_mirrors_what_went() {
        let on = date(2026, 8, 1);
        let out = write_off_entry(on, Money(700), Money(30)).expect("an entry");
        let back = write_off_entry(on, Money(-700), Money(-30)).expect("an entry");
        assert_eq!(out.reversed(out.kind(), on), back);
        assert!(out.postings().iter().any(|p| p.account == LedgerAccount::BadDebt && p.amount == Money(730)));
    }
}
