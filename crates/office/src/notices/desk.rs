//! 收发台 of the real office: what the sender asks of this column.

use super::outbox::{Desk, Message, Paper, Prepared};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_store::Conn;
use denghuo_store::day::Range;
use denghuo_store::notices::outbox::OutboxRow;
use denghuo_store::notices::{NoticeRow, notices_of};
use jiff::civil::{Date, DateTime};
use std::collections::HashMap;

/// The desk of a site.
#[derive(Clone, Debug)]
pub struct NoticeDesk {
    /// Are papers attached to mails?
    pub with_papers: bool,
}

impl Desk for NoticeDesk {
    fn messages(
        &self,
        conn: &mut Conn,
        _: &Work<'_>,
        rows: &[OutboxRow],
        _: Date,
    ) -> Result<Vec<Prepared>, OfficeError> {
        let notices = notices_for(conn, rows)?;
        Ok(rows
            .iter()
            .map(|row| match notices.get(&(row.key.account_id, row.key.notice_no)) {
                Some(notice) if notice.state == "withdrawn" => {
                    Prepared::NotNeeded("the notice was withdrawn".to_owned())
                }
                Some(notice) => Prepared::Ready(self.told(notice, row.channel)),
                None => Prepared::Broken("there is no such notice".to_owned()),
            })
            .collect())
    }

    fn calm(&self, _: Channel, at: DateTime) -> DateTime {
        at
    }

    fn arrived(&self, _: &mut Conn, _: &Work<'_>, _: &[(OutboxRow, DateTime)]) -> Result<(), OfficeError> {
        Ok(())
    }

    fn failed(&self, _: &mut Conn, _: &Work<'_>, _: &[OutboxRow], _: DateTime) -> Result<(), OfficeError> {
        Ok(())
    }
}

impl NoticeDesk {
    fn told(&self, notice: &NoticeRow, channel: Channel) -> Message {
        let data = notice.content.clone().unwrap_or_else(|| "{}".to_owned());
        let wants_paper = self.with_papers && channel == Channel::Email;
        Message {
            subject: notice.kind.zh().to_owned(),
            text: summary(notice),
            paper: wants_paper.then(|| Paper {
                template: notice.kind.word().to_owned(),
                data,
                file_name: format!("{}-{}-{}.pdf", notice.kind.word(), notice.account_id, notice.notice_no),
            }),
        }
    }
}

/// The short form: what, how much, by when.
fn summary(notice: &NoticeRow) -> String {
    let mut text = notice.kind.zh().to_owned();
    if notice.kind != NoticeKind::Restoration {
        text.push_str(&format!(":{}元", notice.amount + notice.fee));
    }
    if let Some(deadline) = notice.deadline_on {
        text.push_str(&format!(",请于{deadline}前缴纳"));
    }
    text.push('。');
    text
}

/// The notices of some deliveries, read by ranges of accounts that lie near each other.
fn notices_for(conn: &mut Conn, rows: &[OutboxRow]) -> Result<HashMap<(i64, i64), NoticeRow>, OfficeError> {
    const NEAR: i64 = 64;
    let mut accounts: Vec<i64> = rows.iter().map(|row| row.key.account_id).collect();
    accounts.sort_unstable();
    let mut ranges: Vec<Range> = Vec::new();
    for account in accounts {
        match ranges.last_mut() {
            Some(last) if account - last.to <= NEAR => last.to = account,
            _ => ranges.push(Range { from: account, to: account }),
        }
    }
    let mut found = HashMap::new();
    for range in ranges {
        found.extend(
            notices_of(conn, range)?
                .into_iter()
                .map(|notice| ((notice.account_id, notice.notice_no), notice)),
        );
    }
    Ok(found)
}
