//! 重要性 and 保护类别 of accounts that are there.

use super::super::intake::{Intake, Line};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::registry::{Importance, Protection};
use denghuo_store::audit::{Mark, mark};
use denghuo_store::registry::{self as store, Registered};

/// 标志
pub(in super::super) struct Flags;

/// The flags of one account.
pub(in super::super) struct FlagLine {
    account_id: i64,
    account_no: String,
    importance: Importance,
    protection: Option<Protection>,
}

impl Kind for Flags {
    type Row = FlagLine;

    const FORMAT: Format = Format {
        kind: "flags",
        zh: "重要与保护标志",
        about_zh: "每行一个已有用电户的重要性等级和保护类别;变更记入审计。",
        about_en: "Importance and protection of an existing account per row; changes go to the audit log.",
        columns: &[
            Column::required("account_no", "户号", Form::Ref("accounts"), "3700000001"),
            Column::required("importance", "重要性等级", word_form!(Importance), "普通"),
            Column::optional("protection", "保护类别", word_form!(Protection), "医疗设备家庭")
                .help("留空为无", "none when empty"),
        ],
    };

    fn row(record: &Record<'_>) -> Result<FlagLine, RowError> {
        Ok(FlagLine {
            account_id: 0,
            account_no: record.text("account_no").to_owned(),
            importance: record.word("importance", Importance::from_word).unwrap_or(Importance::Ordinary),
            protection: record.word("protection", Protection::from_word),
        })
    }

    fn load(mut lines: Vec<Line<FlagLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let account = |r: &mut FlagLine, id| r.account_id = id;
        intake.resolve(Registered::Account, "account_no", &mut lines, |r| Some(&r.account_no), account)?;
        if !intake.is_clean() {
            return Ok(());
        }
        for Line { row, .. } in &lines {
            let Some(old) = store::accounts(intake.conn, row.account_id, row.account_id)?.pop() else {
                continue;
            };
            let protection = row.protection.map(Protection::word);
            let shown = |importance: &str, protection: Option<&str>| {
                format!("{importance}/{}", protection.unwrap_or("-"))
            };
            let before = shown(&old.importance, old.protection.as_deref());
            let after = shown(row.importance.word(), protection);
            if before == after {
                continue;
            }
            store::update_flags(intake.conn, row.account_id, row.importance.word(), protection)?;
            let line = Mark {
                account_id: row.account_id,
                happened_on: intake.on,
                subject: "account",
                action: "flags.set",
                who: intake.by,
                before: Some(&before),
                after: Some(&after),
                recorded_at: intake.now,
            };
            mark(intake.conn, &line)?;
        }
        Ok(())
    }
}
