//! 供用电合同: what an account agreed about paying.

use super::super::intake::{Intake, Line, rows};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::due::{DueRule, InstalmentTerm};
use denghuo_rules::collections::late_fee::CrossYearMode;
use denghuo_rules::units::Ratio;
use denghuo_store::registry::{self as store, Contract, Registered};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// 合同
pub(in super::super) struct Contracts;

/// A contract and the number of its account.
pub(in super::super) struct ContractLine {
    contract: Contract,
    account_no: String,
}

/// The ways to agree the last payment day, as `DueRule` has them.
const DUE_RULES: [(&str, &str); 4] = [
    ("days_after_notice", "通知后天数"),
    ("days_after_issue", "发行后天数"),
    ("working_days_after_issue", "发行后工作日"),
    ("fixed_day", "固定日"),
];

fn due_word(text: &str) -> Option<&'static str> {
    DUE_RULES.iter().find(|(en, zh)| *en == text || *zh == text).map(|(en, _)| *en)
}

impl Kind for Contracts {
    type Row = ContractLine;

    const FORMAT: Format = Format {
        kind: "contracts",
        zh: "合同",
        about_zh: "每行一份供用电合同;同户后一份合同自生效日起接替前一份。",
        about_en: "One supply contract per row; a later contract of the account takes over from its first day.",
        columns: &[
            Column::required("account_no", "户号", Form::Ref("accounts"), "3700000001"),
            Column::required("contract_no", "合同编号", Form::Code(40), "HT-2020-0001"),
            Column::required("from", "生效日期", Form::Date, "2020-01-01"),
            Column::optional("until", "终止日期", Form::Date, ""),
            Column::optional(
                "due_rule",
                "缴费期限规则",
                Form::Word { accepts: |text| due_word(text).is_some(), list: || DUE_RULES.to_vec() },
                "固定日",
            )
            .help("留空按一般规则", "the general rule when empty"),
            Column::optional("due_days", "缴费期限天数", Form::Whole(1, 90), "15")
                .help("天数,或固定日的日", "days, or the day of the month"),
            Column::optional("due_months_later", "缴费期限月数", Form::Whole(0, 12), "1")
                .help("固定日在电费年月之后几个月", "fixed day: months after the charging month"),
            Column::required("late_fee_clause", "违约金条款", Form::Flag, "是"),
            Column::optional(
                "late_fee_rate",
                "违约金日费率",
                Form::Decimal { scale: 6, min: 0, max: 10_000, unit: "(千分之一=0.001)" },
                "",
            )
            .help("留空按一般规则", "the general rule when empty"),
            Column::optional("cross_year_mode", "跨年计算方式", word_form!(CrossYearMode), ""),
            Column::optional("allocation", "清偿顺序", Form::Code(32), "")
                .help("规则库中的清偿顺序,如 civil_code", "an order of the rulebook, such as civil_code"),
            Column::optional("instalments", "分次结算", Form::Text(200), "")
                .help("如 10:0.3;20:0.3;31:0.4 (日:比例)", "such as 10:0.3;20:0.3;31:0.4 (day:share)"),
            Column::optional("guarantee", "担保", Form::Text(200), ""),
        ],
    };

    fn row(record: &Record<'_>) -> Result<ContractLine, RowError> {
        let contract = Contract {
            account_id: 0,
            from_on: record.date("from").unwrap_or(Date::ZERO),
            until_on: record.date("until"),
            contract_no: record.text("contract_no").to_owned(),
            due_rule: due_rule(record)?.map(|rule| json(&rule)),
            late_fee_clause: record.flag("late_fee_clause").unwrap_or(false),
            late_fee_rate: record.number("late_fee_rate").map(Ratio),
            cross_year_mode: record
                .word("cross_year_mode", CrossYearMode::from_word)
                .map(|m| m.word().to_owned()),
            allocation: record.text_if_any("allocation"),
            instalments: instalments(record)?.map(|terms| json(&terms)),
            guarantee: record.text_if_any("guarantee"),
        };
        Ok(ContractLine { contract, account_no: record.text("account_no").to_owned() })
    }

    fn load(mut lines: Vec<Line<ContractLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let account = |r: &mut ContractLine, id| r.contract.account_id = id;
        intake.resolve(Registered::Account, "account_no", &mut lines, |r| Some(&r.account_no), account)?;
        for line in &lines {
            intake.check_order(line.line, "until", line.row.contract.from_on, line.row.contract.until_on);
        }
        if !intake.is_clean() {
            return Ok(());
        }
        let ended = chain(&mut lines, intake)?;
        if intake.is_clean() {
            store::close_contracts(intake.conn, &ended)?;
            let contracts: Vec<Contract> = rows(lines).into_iter().map(|r| r.contract).collect();
            store::insert_contracts(intake.conn, &contracts)?;
        }
        Ok(())
    }
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain values become JSON")
}

fn due_rule(record: &Record<'_>) -> Result<Option<DueRule>, RowError> {
    let Some(word) = record.word("due_rule", due_word) else { return Ok(None) };
    let Some(days) = record.number("due_days").and_then(|days| u16::try_from(days).ok()) else {
        return Err(record.wrong(
            "due_days",
            "registry.due_days_missing",
            "须填缴费期限天数",
            "the days are missing",
        ));
    };
    Ok(Some(match word {
        "days_after_notice" => DueRule::DaysAfterNotice { days, exclude_start: true, roll: false },
        "days_after_issue" => DueRule::DaysAfterIssue { days, roll: false },
        "working_days_after_issue" => DueRule::WorkingDaysAfterIssue { days },
        _ => {
            let day = i8::try_from(days).ok().filter(|day| (1..=31).contains(day)).ok_or_else(|| {
                record.wrong(
                    "due_days",
                    "registry.no_such_day",
                    "固定日应为1至31",
                    "a day of the month is 1 to 31",
                )
            })?;
            let months_later = u8::try_from(record.number("due_months_later").unwrap_or(0)).unwrap_or(0);
            DueRule::FixedDay { day, months_later, roll: false }
        }
    }))
}

/// `10:0.3;20:0.3;31:0.4`: day and share, shares summing to one.
fn instalments(record: &Record<'_>) -> Result<Option<Vec<InstalmentTerm>>, RowError> {
    let text = record.text("instalments").replace('\u{ff1a}', ":").replace('\u{ff1b}', ";");
    if text.is_empty() {
        return Ok(None);
    }
    let term = |part: &str| {
        let (day, share) = part.split_once(':')?;
        let day = day.trim().parse::<i8>().ok().filter(|day| (1..=31).contains(day))?;
        let share: Ratio = share.trim().parse().ok().filter(|share| *share > Ratio::ZERO)?;
        Some(InstalmentTerm { day, months_later: 0, share })
    };
    let terms: Option<Vec<InstalmentTerm>> = text.split(';').map(term).collect();
    let whole = |terms: &Vec<InstalmentTerm>| {
        let days_rise = terms.windows(2).all(|pair| pair[0].day < pair[1].day);
        days_rise && terms.iter().map(|t| t.share).sum::<Ratio>() == Ratio::ONE
    };
    terms.filter(whole).map(Some).ok_or_else(|| {
        record.wrong(
            "instalments",
            "registry.bad_instalments",
            "应如10:0.3;20:0.3;31:0.4,日期递增,比例合计为1",
            "such as 10:0.3;20:0.3;31:0.4 with rising days and shares that sum to 1",
        )
    })
}

/// A contract among the others of its account: its days, and its line when it is new.
struct Link {
    from: Date,
    until: Option<Date>,
    new: Option<usize>,
}

/// Lets each open contract end where the next begins; contracts that overlap otherwise are told. Gives what has to be
/// ended in the database: account, first day, last day.
fn chain(
    lines: &mut [Line<ContractLine>],
    intake: &mut Intake<'_>,
) -> Result<Vec<(i64, Date, Date)>, OfficeError> {
    let mut chains: BTreeMap<i64, Vec<Link>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let contract = &line.row.contract;
        let link = Link { from: contract.from_on, until: contract.until_on, new: Some(at) };
        chains.entry(contract.account_id).or_default().push(link);
    }
    let (Some(first), Some(last)) = (chains.keys().next().copied(), chains.keys().last().copied()) else {
        return Ok(Vec::new());
    };
    for old in store::contracts(intake.conn, first, last)? {
        if let Some(links) = chains.get_mut(&old.account_id) {
            links.push(Link { from: old.from_on, until: old.until_on, new: None });
        }
    }
    let mut ended = Vec::new();
    for (account_id, links) in &mut chains {
        links.sort_by_key(|link| link.from);
        for pair in links.windows(2) {
            let day_before = plus_days(pair[1].from, -1);
            if pair[0].from == pair[1].from || pair[0].until.is_some_and(|until| until > day_before) {
                let Some(at) = pair[1].new.or(pair[0].new) else { continue };
                let reason = ["与该户另一合同期间重叠", "overlaps with another contract of the account"];
                intake.wrong(lines[at].line, "from", "", "registry.contracts_overlap", reason);
            } else if pair[0].until.is_none() {
                match pair[0].new {
                    Some(at) => lines[at].row.contract.until_on = Some(day_before),
                    None => ended.push((*account_id, pair[0].from, day_before)),
                }
            }
        }
    }
    Ok(ended)
}
