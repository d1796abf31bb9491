//! 稽查规则: what a record gives away before, during and after an act.

use crate::derivation::Bilingual;
use crate::registry::words;
use crate::rulebook::Rule;
use serde::{Deserialize, Serialize};

words!(
    /// 稽查环节: when a rule looks.
    Phase {
        /// Before the act: it should not begin like this.
        Before = "before" / "事前",
        /// While it is done: how it is done gives it away.
        During = "during" / "事中",
        /// After it: what it came to.
        After = "after" / "事后",
    }
);

words!(
    /// 问题等级
    Severity {
        /// A slip.
        Minor = "minor" / "轻微",
        /// A fault.
        Ordinary = "ordinary" / "一般",
        /// It hurts a customer, the money or the trust in both.
        Serious = "serious" / "严重",
    }
);

words!(
    /// 稽查项目: what is looked for. The unit of a rule's `limit` is told with each.
    Check {
        /// A route is due soon and has no reader; days ahead.
        RouteWithoutReader = "route_without_reader" / "临近抄表日未派抄表员",
        /// The reader of a route verifies its bills too; the limit is 0.
        ReaderIsVerifier = "reader_is_verifier" / "抄表与核算为同一人",
        /// Who is to do it holds no valid certificate; the limit is 0.
        CertificateMissing = "certificate_missing" / "上岗证缺失或过期",
        /// Two readings of a route by one reader lie closer than is possible; seconds.
        ReadingTooFast = "reading_too_fast" / "抄表过快",
        /// One person held both keys of an act that needs two; the limit is 0.
        SamePersonBothKeys = "same_person_both_keys" / "同一人经办并审批",
        /// Estimated readings among those that were due; percent.
        EstimatedShare = "estimated_share" / "估抄占比过高",
        /// Readings that show what was shown before; percent.
        ReadEqualsLast = "read_equals_last" / "示数与上次相同占比过高",
        /// Notices that have not arrived by their day; pieces of a unit and day.
        LateNotice = "late_notice" / "通知逾期未送达",
        /// What one person waives of all that is waived; percent.
        WaiverShare = "waiver_share" / "个人减免占比过高",
        /// One waiver; fen.
        WaiverAmount = "waiver_amount" / "大额减免",
        /// Bills that are taken back or made anew, of those read; percent.
        BillTakenBack = "bill_taken_back" / "电费撤销重算占比过高",
        /// One debt that is taken off the books; fen.
        WriteOff = "write_off" / "坏账核销",
        /// A ticket ran out of a time limit; levels that it was told upwards.
        TicketLate = "ticket_late" / "工单超时",
    }
);

impl Check {
    /// When it looks.
    #[must_use]
    pub const fn phase(self) -> Phase {
        match self {
            Self::RouteWithoutReader | Self::ReaderIsVerifier | Self::CertificateMissing => Phase::Before,
            Self::ReadingTooFast | Self::SamePersonBothKeys => Phase::During,
            _ => Phase::After,
        }
    }

    /// Does it look at a whole month once it is over?
    #[must_use]
    pub const fn is_monthly(self) -> bool {
        matches!(self, Self::EstimatedShare | Self::ReadEqualsLast | Self::WaiverShare | Self::BillTakenBack)
    }
}

/// 稽查规则: parameters of the topic `supervision_check`. A rule selects on `check`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRule {
    /// How bad it is.
    pub severity: Severity,
    /// Above this it is a hit, in the unit of the check.
    pub limit: i64,
    /// So many records at least; fewer say nothing.
    #[serde(default)]
    pub least: i64,
    /// Is it left out?
    #[serde(default)]
    pub off: bool,
}

impl CheckRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "supervision_check";

    /// The form of the topic: it names checks, and limits that are none are refused.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        let named = rule.when.get("check").ok_or("a check is selected by `check`")?;
        for word in named {
            let check = Check::from_word(word).ok_or_else(|| format!("`{word}` is no check"))?;
            if check.is_monthly() && !(0..100).contains(&params.limit) {
                return Err(format!("the limit of `{word}` is a percentage below 100"));
            }
        }
        if params.limit < 0 || params.least < 0 {
            return Err("`limit` and `least` are not negative".to_owned());
        }
        Ok(())
    }
}

/// 占比: a part of a whole in a period, such as one reader's estimated readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Staff code; none for a unit as a whole.
    pub person: Option<String>,
    /// The unit.
    pub org_id: i64,
    /// The part.
    pub part: i64,
    /// The whole.
    pub whole: i64,
    /// Records of the part.
    pub count: i64,
    /// The account of one of them, 0 for none.
    pub account_id: i64,
    /// One of them, such as `reading:2026-03-05`.
    pub about: String,
}

/// 行为: something that was done, measured in the unit of its check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// What tells it from any other: the same act is found once.
    pub key: String,
    /// Staff code of who did it.
    pub person: Option<String>,
    /// The unit.
    pub org_id: i64,
    /// The account, 0 for none.
    pub account_id: i64,
    /// The record.
    pub about: String,
    /// What was measured.
    pub value: i64,
    /// Records of it.
    pub count: i64,
}

/// 抄表节拍: one reading in the field with its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Staff code of the reader.
    pub person: String,
    /// The route.
    pub route: String,
    /// The unit of the route.
    pub org_id: i64,
    /// The day, as a text.
    pub day: String,
    /// When, in milliseconds.
    pub at_ms: i64,
    /// The account.
    pub account_id: i64,
}

/// 命中: what a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which check.
    pub check: Check,
    /// How bad.
    pub severity: Severity,
    /// Id of the rule.
    pub rule: String,
    /// The same hit is found once.
    pub key: String,
    /// Staff code of whose act it is.
    pub person: Option<String>,
    /// The unit that answers.
    pub org_id: i64,
    /// The account, 0 for none.
    pub account_id: i64,
    /// The record.
    pub about: String,
    /// What was measured.
    pub measured: i64,
    /// The limit it was measured against.
    pub limit: i64,
    /// Records that it rests on.
    pub count: i64,
}

impl Hit {
    /// In words.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        statement(self.check, self.measured, self.limit, self.count)
    }
}

/// What a check says of what it measured.
#[must_use]
pub fn statement(check: Check, measured: i64, limit: i64, count: i64) -> Bilingual {
    let yuan = |fen: i64| crate::units::Money(fen);
    let (zh, en) = match check {
        Check::RouteWithoutReader => (
            format!("抄表段距抄表日不足{limit}天,尚未派抄表员"),
            format!("the route is due within {limit} days and has no reader"),
        ),
        Check::ReaderIsVerifier => (
            "抄表段的抄表员与核算员为同一人".to_owned(),
            "the reader of the route verifies its bills too".to_owned(),
        ),
        Check::CertificateMissing => (
            "承担该项工作的人员无有效证书".to_owned(),
            "who is to do it holds no valid certificate".to_owned(),
        ),
        Check::ReadingTooFast => (
            format!("同一抄表段相邻两户抄表间隔不足{limit}秒,共{count}次,最短{measured}秒"),
            format!(
                "{count} readings of the route follow each other in under {limit} s; the shortest gap is {measured} s"
            ),
        ),
        Check::SamePersonBothKeys => (
            "须两人办理的业务由同一人经办并审批".to_owned(),
            "one person asked for and approved what needs two".to_owned(),
        ),
        Check::EstimatedShare => (
            format!("当月估抄{count}户,占应抄{measured}%,上限{limit}%"),
            format!(
                "{count} estimated readings in the month, {measured} % of those due; the limit is {limit} %"
            ),
        ),
        Check::ReadEqualsLast => (
            format!("当月{count}户示数与上次相同,占{measured}%,上限{limit}%"),
            format!("{count} readings equal the last ones, {measured} %; the limit is {limit} %"),
        ),
        Check::LateNotice => {
            (format!("{count}份通知到期未送达"), format!("{count} notices had not arrived by their day"))
        }
        Check::WaiverShare => (
            format!("当月审批减免{count}笔,占全部减免金额{measured}%,上限{limit}%"),
            format!(
                "{count} waivers, {measured} % of all that was waived in the month; the limit is {limit} %"
            ),
        ),
        Check::WaiverAmount => (
            format!("减免违约金{}元,超过{}元", yuan(measured), yuan(limit)),
            format!("a waiver of {} yuan, above {} yuan", yuan(measured), yuan(limit)),
        ),
        Check::BillTakenBack => (
            format!("当月撤销或重算电费{count}笔,占应抄户数{measured}%,上限{limit}%"),
            format!(
                "{count} bills taken back or made anew, {measured} % of the accounts read; the limit is {limit} %"
            ),
        ),
        Check::WriteOff => (
            format!("核销坏账{}元,超过{}元", yuan(measured), yuan(limit)),
            format!("{} yuan taken off the books, above {} yuan", yuan(measured), yuan(limit)),
        ),
        Check::TicketLate => (
            format!("工单超时,已升级{measured}级"),
            format!("the ticket ran out of time and was told {measured} levels upwards"),
        ),
    };
    Bilingual::new(zh, en)
}

/// Parts above the limit of their wholes, in whole percent rounded down; each a hit of its period.
#[must_use]
pub fn shares(check: Check, (id, rule): (&str, &CheckRule), period: &str, rows: &[Share]) -> Vec<Hit> {
    let hit = |row: &Share| {
        if row.whole <= 0 || row.count < rule.least.max(1) {
            return None;
        }
        // 3.1 % is above 3 %, though it is told as 3 %.
        let (part, whole) = (i128::from(row.part) * 100, i128::from(row.whole));
        if part <= whole * i128::from(rule.limit) {
            return None;
        }
        let who = row.person.as_deref().unwrap_or("-");
        Some(Hit {
            check,
            severity: rule.severity,
            rule: id.to_owned(),
            key: format!("{}:{period}:{}:{who}", check.word(), row.org_id),
            person: row.person.clone(),
            org_id: row.org_id,
            account_id: row.account_id,
            about: row.about.clone(),
            measured: i64::try_from(part / whole).unwrap_or(i64::MAX),
            limit: rule.limit,
            count: row.count,
        })
    };
    rows.iter().filter_map(hit).collect()
}

/// Acts that measure more than the limit.
#[must_use]
pub fn acts(check: Check, (id, rule): (&str, &CheckRule), rows: &[Act]) -> Vec<Hit> {
    let is_hit = |row: &&Act| row.value > rule.limit && row.count >= rule.least;
    rows.iter().filter(is_hit).map(|row| of_act(check, (id, rule), row)).collect()
}

/// Acts that are closer than the limit: the value is what is left, such as days.
#[must_use]
pub fn acts_within(check: Check, (id, rule): (&str, &CheckRule), rows: &[Act]) -> Vec<Hit> {
    let is_hit = |row: &&Act| row.value <= rule.limit && row.count >= rule.least;
    rows.iter().filter(is_hit).map(|row| of_act(check, (id, rule), row)).collect()
}

fn of_act(check: Check, (id, rule): (&str, &CheckRule), row: &Act) -> Hit {
    Hit {
        check,
        severity: rule.severity,
        rule: id.to_owned(),
        key: format!("{}:{}", check.word(), row.key),
        person: row.person.clone(),
        org_id: row.org_id,
        account_id: row.account_id,
        about: row.about.clone(),
        measured: row.value,
        limit: rule.limit,
        count: row.count,
    }
}

/// 抄表过快: readers whose readings of a route follow each other faster than the limit, so often as the rule wants at least.
/// The readings come in order of person, route, day and moment.
#[must_use]
pub fn paces((id, rule): (&str, &CheckRule), rows: &[Pace]) -> Vec<Hit> {
    let same = |a: &Pace, b: &Pace| a.person == b.person && a.route == b.route && a.day == b.day;
    let mut hits = Vec::new();
    for group in rows.chunk_by(same) {
        let gaps = group.windows(2).map(|pair| ((pair[1].at_ms - pair[0].at_ms).div_euclid(1_000), &pair[1]));
        let fast: Vec<(i64, &Pace)> = gaps.filter(|(gap, _)| *gap < rule.limit).collect();
        let count = i64::try_from(fast.len()).unwrap_or(i64::MAX);
        if count < rule.least.max(1) {
            continue;
        }
        let Some((gap, worst)) = fast.into_iter().min_by_key(|(gap, _)| *gap) else { continue };
        let act = Act {
            key: format!("{}:{}:{}", worst.day, worst.route, worst.person),
            person: Some(worst.person.clone()),
            org_id: worst.org_id,
            account_id: worst.account_id,
            about: format!("reading:{}", worst.day),
            value: gap,
            count,
        };
        hits.push(of_act(Check::ReadingTooFast, (id, rule), &act));
    }
    hits
}
