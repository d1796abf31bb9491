//! 诉求: what the people of a town say in its last weeks. In one transformer district the voltage is too low in the evening, and they say so,
//! each in words of his own; here and there somebody asks something else.

use crate::crew::{Crew, Tally};
use crate::error::TownError;
use denghuo_office::service::{NewTicket, ticket_open};
use denghuo_rules::calendar::days_between;
use denghuo_rules::service::Request;
use denghuo_store::Conn;
use jiff::civil::Date;

/// Accounts of the district with the low voltage, at most: the first ones.
const DISTRICT: i64 = 120;
/// Days of the history in which they speak.
const LAST_DAYS: i64 = 16;

/// What they say of the voltage.
const LOW_VOLTAGE: &[&str] = &[
    "晚上电压太低,空调启动不了,灯也发暗,请检查台区变压器",
    "每天傍晚电压低,空调无法启动,灯光发暗,希望尽快处理",
    "台区晚上电压偏低,空调启动不了,请更换变压器",
    "家里晚上电压低,电饭锅煮不熟饭,空调也无法启动",
    "一到晚上电压就低,灯发暗,空调启动不了,反映多次没有解决",
    "电压太低,晚上空调开不了,请问变压器什么时候增容",
];

/// What others ask.
const QUESTIONS: &[&str] = &[
    "咨询阶梯电价第二档从多少度开始",
    "想把户名改成儿子的名字,要带什么材料",
    "电子发票怎样发到邮箱",
    "搬家以后原来的合同怎样解除",
    "充电桩报装需要哪些手续",
    "上门抄表的时间能不能提前通知",
    "家里人口多,怎样申请多人口电价",
    "想改成按月短信通知,不要纸质账单",
];

/// What is said on a day.
///
/// # Errors
/// A missing rule, or the database's.
pub(super) fn say(
    conn: &mut Conn,
    crew: &Crew<'_>,
    (seed, accounts): (u64, i64),
    (on, until): (Date, Date),
    tally: &mut Tally,
) -> Result<(), TownError> {
    let left = days_between(on, until);
    if left >= LAST_DAYS {
        return Ok(());
    }
    let nth = LAST_DAYS - left;
    let start = i64::try_from(seed % 97).unwrap_or(0);
    let at = |n: i64| usize::try_from(start + n).unwrap_or(0);
    let low = |n: i64| {
        (1 + (start + n * 37) % DISTRICT.min(accounts), LOW_VOLTAGE[at(n) % LOW_VOLTAGE.len()], "电压")
    };
    // They speak the more, the longer it lasts.
    let mut said = vec![low(2 * nth)];
    if left < LAST_DAYS / 2 {
        said.push(low(2 * nth + 1));
    }
    if left % 2 == 0 {
        let asks = 1 + (start + nth * 53) % accounts;
        said.push((asks, QUESTIONS[at(nth / 2) % QUESTIONS.len()], ""));
    }
    for (account_id, text, topic) in said {
        let request = if topic.is_empty() { Request::Consultation } else { Request::Opinion };
        let new = NewTicket {
            account_id,
            request: Some(request),
            topic: topic.to_owned(),
            said: text.to_owned(),
            ..NewTicket::default()
        };
        let moment = on.at(19, 30, 0, 0);
        ticket_open(conn, &crew.work(&crew.manager, on), &new, (moment, moment))?;
        *tally.entry(format!("ticket:{}", request.word())).or_default() += 1;
    }
    Ok(())
}
