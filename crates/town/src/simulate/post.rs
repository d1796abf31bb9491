//! 收发室: how the town's notices reach its people: messages by a gateway, slips by the readers, papers by hand and by post.

use super::fate::Fate;
use super::recovery::Recovery;
use crate::crew::Tally;
use crate::error::TownError;
use crate::lots::{Lots, Topic};
use crate::pictures;
use denghuo_office::notices::desk::NoticeDesk;
use denghuo_office::notices::outbox::{Carriers, SendOptions, Sender, send_due};
use denghuo_office::notices::{
    ServiceReport, Templates, delivery_ended, notice_refused, notice_serve, papers_arrived, papers_print,
};
use denghuo_office::ports::{Mail, Mailer, PortError, SmsGateway, Trace};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_store::Conn;
use denghuo_store::notices::{self, NoticeRow};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// The gateway and the relay of a town.
pub struct Gateway {
    /// Accounts whose address is dead.
    pub dead: Vec<i64>,
    /// Accounts whose telephone says nothing.
    pub mute: Vec<i64>,
}

impl Gateway {
    /// A number that was put right is not dead.
    fn taken(&self, key: &str, to: &str) -> Result<String, PortError> {
        match account_of(key) {
            Some(account)
                if self.dead.contains(&account) && !to.starts_with(super::recovery::NEW_NUMBERS) =>
            {
                Err(PortError::Never("空号".to_owned()))
            }
            _ => Ok(format!("G{key}")),
        }
    }
}

fn account_of(key: &str) -> Option<i64> {
    key.split('-').next()?.parse().ok()
}

impl SmsGateway for Gateway {
    fn send(&self, key: &str, to: &str, _: &str) -> Result<String, PortError> {
        self.taken(key, to)
    }
    fn trace(&self, key: &str) -> Result<Trace, PortError> {
        let is_mute = account_of(key).is_some_and(|account| self.mute.contains(&account));
        Ok(if is_mute { Trace::CannotTell } else { Trace::Delivered })
    }
    fn can_trace(&self) -> bool {
        true
    }
}

impl Mailer for Gateway {
    fn send(&self, mail: &Mail) -> Result<String, PortError> {
        self.taken(&mail.key, &mail.to)
    }
}

/// A paper on its way.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    account_id: i64,
    notice_no: i64,
    kind: NoticeKind,
}

/// Papers by the day on which they come to their door.
pub type Bag = BTreeMap<Date, Vec<Carried>>;

impl Recovery<'_, '_> {
    /// 发送: the messages of the evening leave, and those of yesterday have arrived.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub fn send(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        let at = on.at(20, 30, 0, 0);
        let work = self.work("system", on);
        let desk = NoticeDesk::open(conn, &work, (Templates::embedded()?, false), on)?;
        let turn = move || at;
        let carriers =
            Carriers { mail: Some(&self.gateway), sms: Some(&self.gateway), papers: None, turn: &turn };
        let options = SendOptions { workers: 1, alone: true, ..SendOptions::default() };
        let sender = Sender::new(carriers, &desk, options)
            .map_err(|error| TownError::Data { file: "sender".to_owned(), reason: error.to_string() })?;
        let report = send_due(&sender, conn, &work, at)?;
        *tally.entry("message:sent".to_owned()).or_default() += report.sent as u64;
        *tally.entry("message:bounced".to_owned()).or_default() += report.bounced as u64;
        Ok(())
    }

    /// 派发: the papers of the morning are printed, and carried; what comes to its door today is handed over.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub fn carry(&mut self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        let at = on.at(8, 30, 0, 0);
        let work = self.work(&self.collector, on);
        for channel in [Channel::PaperOwn, Channel::Door, Channel::Post] {
            let Some(run_id) = papers_print(conn, &work, (channel, 0), at)?.run_id else { continue };
            for row in notices::in_paper_run(conn, &run_id)? {
                let Some(notice) = notices::notice(conn, row.account_id, row.notice_no)? else { continue };
                if notice.kind == NoticeKind::Bill && self.fate(row.account_id) != Some(Fate::MovedAway) {
                    continue;
                }
                let days = if channel == Channel::Post { 2 } else { 0 };
                let carried =
                    Carried { account_id: row.account_id, notice_no: row.notice_no, kind: notice.kind };
                self.bag.entry(plus_days(on, days)).or_default().push(carried);
            }
            // The last slips of the history are still in the readers' bags.
            if on < plus_days(self.until, -1) {
                let served = papers_arrived(conn, &work, &run_id, on.at(16, 0, 0, 0))?;
                *tally.entry("paper:slips".to_owned()).or_default() += served as u64;
            }
        }
        for carried in self.bag.remove(&on).unwrap_or_default() {
            self.bring(conn, on, carried, tally)?;
        }
        Ok(())
    }

    /// A paper comes to its door.
    fn bring(&self, conn: &mut Conn, on: Date, carried: Carried, tally: &mut Tally) -> Result<(), TownError> {
        let key = (carried.account_id, carried.notice_no);
        let Some(notice) = notices::notice(conn, key.0, key.1)? else { return Ok(()) };
        let deliveries = notices::deliveries_of(conn, key.0, key.1)?;
        let under_way = deliveries.iter().find(|row| row.state == DeliveryState::Sent);
        let Some(row) = under_way.filter(|_| notice.state == "open") else { return Ok(()) };
        let at = on
            .at(10, 0, 0, 0)
            .checked_add(jiff::Span::new().minutes(key.0 % 300))
            .unwrap_or(on.at(10, 0, 0, 0));
        let mut lots = Lots::of(self.seed, Topic::Post, key.0, key.1);
        let drawn = lots.between(0, 999);
        let fate = self.fate(key.0);
        let is_stop = matches!(carried.kind, NoticeKind::StopPlan | NoticeKind::StopExecution);
        if fate == Some(Fate::MovedAway) || (is_stop && fate == Some(Fate::NeverMet)) {
            return self.fails(conn, key, at, "查无此人", tally);
        }
        if row.channel == Channel::Post {
            return self.by_post(conn, key, at, tally);
        }
        match (is_stop, drawn) {
            (true, _) if fate == Some(Fate::Refuses) => self.refused(conn, &notice, at, tally),
            (false, 0..=69) => self.fails(conn, key, at, "多次上门无人", tally),
            (false, 70..=149) if carried.kind == NoticeKind::Demand => self.refused(conn, &notice, at, tally),
            // It lies about, and becomes late.
            (false, 150..=179) => Ok(()),
            _ => self.signed(conn, &notice, at, tally),
        }
    }

    fn fails(
        &self,
        conn: &mut Conn,
        key: (i64, i64),
        at: DateTime,
        why: &str,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let work = self.work(&self.collector, at.date());
        delivery_ended(conn, &work, key, DeliveryState::Failed, (at, Some(why)))?;
        *tally.entry("paper:failed".to_owned()).or_default() += 1;
        Ok(())
    }

    fn by_post(
        &self,
        conn: &mut Conn,
        key: (i64, i64),
        at: DateTime,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let waybill = format!("EX{:09}{:03}CN", key.0, key.1 % 1_000);
        let lines =
            [format!("Waybill {waybill}"), format!("Notice {}-{}", key.0, key.1), format!("Delivered {at}")];
        let mut report = ServiceReport::new(ServiceWay::Post, at);
        report.file = Some(pictures::letter(&waybill, &lines));
        report.reference = Some(waybill);
        self.serve(conn, key, &report, "paper:post", tally)
    }

    /// 签收: signed for by the customer or an adult of the household.
    pub(super) fn signed(
        &self,
        conn: &mut Conn,
        notice: &NoticeRow,
        at: DateTime,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let mut report = ServiceReport::new(ServiceWay::Signed, at);
        let role = if notice.account_id % 3 == 0 { SignerRole::AdultRelative } else { SignerRole::Oneself };
        report.signer = Some(role.zh().to_owned());
        report.signer_role = Some(role);
        report.place = Some("用电地址".to_owned());
        report.file = Some(pictures::signature(self.seed, notice.account_id, "签收回执"));
        self.serve(conn, (notice.account_id, notice.notice_no), &report, "paper:signed", tally)
    }

    /// 拒签留置
    fn refused(
        &self,
        conn: &mut Conn,
        notice: &NoticeRow,
        at: DateTime,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let key = (notice.account_id, notice.notice_no);
        let mut refusal = ServiceReport::new(ServiceWay::Signed, at);
        refusal.signer = Some("本人".to_owned());
        refusal.witness = Some("居委会工作人员".to_owned());
        refusal.note = Some("拒绝签收".to_owned());
        notice_refused(conn, &self.work(&self.collector, at.date()), key, &refusal)?;
        let mut left = ServiceReport::new(ServiceWay::Left, at);
        left.place = Some("用电地址门口".to_owned());
        left.witness = refusal.witness;
        left.file = Some(pictures::photo(self.seed, key.0, "留置送达"));
        self.serve(conn, key, &left, "paper:left", tally)
    }

    fn serve(
        &self,
        conn: &mut Conn,
        key: (i64, i64),
        report: &ServiceReport,
        what: &str,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let work = self.work(&self.collector, report.at.date());
        super::recovery::tried(notice_serve(conn, &work, key, report), what, tally)?;
        Ok(())
    }
}
