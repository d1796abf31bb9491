//! `denghuo bench problems`: how long the desk takes to read and to put together what very many customers say.

use super::{peak_memory_mib, reset_peak_memory};
use crate::context::{Global, print_json};
use denghuo_office::service::problem::{Message, hotspots};
use denghuo_rules::rulebook::SiteProfile;
use denghuo_rules::service::problem::ProblemRule;
use jiff::civil::date;
use serde::Serialize;
use std::time::Instant;

/// What is said, as parts of sentences: what happens, when, what is wanted.
const MATTERS: &[&str] = &[
    "晚上电压太低,空调启动不了",
    "经常停电,一停就是半天",
    "电表走得太快,电费比上月多一倍",
    "抄表员没有上门,电费却出来了",
    "缴费以后还没有复电",
    "充电桩报装半个月没有人来",
    "变压器噪音大,影响老人休息",
    "电线杆倾斜,下雨天很危险",
    "短信通知一直收不到",
    "电子发票开不出来",
    "阶梯电价算错了",
    "营业厅排队太久,窗口少",
];
const TIMES: &[&str] = &[
    "上个星期开始",
    "这几天",
    "每天傍晚",
    "入夏以来",
    "从昨天起",
    "一个多月了",
    "反映多次没有解决",
    "又出现了",
];
const WISHES: &[&str] =
    &["请尽快处理", "希望派人检查", "请给一个答复", "要求更换", "到底归谁管", "请核实", "谢谢", "盼望解决"];
/// Places that there are.
const PLACES: u64 = 5_000;
/// One in so many speaks of something that only few know.
const OWN: u64 = 3;

#[derive(Serialize)]
struct Report {
    tickets: u64,
    seconds: f64,
    peak_rss_mib: f64,
    problems: usize,
    largest_people: u32,
}

pub(super) fn run(global: &Global, tickets: u64, json: bool) -> anyhow::Result<()> {
    eprintln!("{}", global.say("正在生成工单…", "making the tickets…"));
    let messages: Vec<Message> = (0..tickets).map(|n| message(n, tickets)).collect();
    let site = SiteProfile::default().selector();
    let rule = global.book()?.pick::<ProblemRule>("service_problems", &site, date(2026, 6, 30))?.params;
    reset_peak_memory();
    let begun = Instant::now();
    let found = hotspots(messages, &rule, rule.least_people, usize::MAX);
    let hotspots = found.first().map(|month| month.hotspots.as_slice()).unwrap_or_default();
    let report = Report {
        tickets,
        seconds: begun.elapsed().as_secs_f64(),
        peak_rss_mib: peak_memory_mib(),
        problems: hotspots.len(),
        largest_people: hotspots.first().map_or(0, |first| first.people),
    };
    if json {
        return print_json(&report);
    }
    println!(
        "{} tickets read and put together in {:.1} s (peak {:.0} MiB): {} problems, the largest of {} people",
        report.tickets, report.seconds, report.peak_rss_mib, report.problems, report.largest_people
    );
    Ok(())
}

/// The n-th ticket of one month: the same number is the same ticket.
fn message(n: u64, of: u64) -> Message {
    // A walk through the numbers that meets each combination as seldom as the next.
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6465_6e67;
    let mut draw = |below: usize| {
        state = (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^= state >> 32;
        usize::try_from(state % (below as u64).max(1)).unwrap_or(0)
    };
    let place = draw(PLACES as usize);
    let town = ["东庄", "西河", "南岭", "北山", "丽水", "青竹", "黄兴", "梅溪"][place % 8];
    let matter = MATTERS[draw(MATTERS.len())];
    let own = if n.is_multiple_of(OWN) {
        format!("门牌{}号表箱{}", draw(9_000), draw(9_000))
    } else {
        String::new()
    };
    let day = i8::try_from(1 + n * 30 / of.max(1)).unwrap_or(30).min(30);
    Message {
        at: date(2026, 6, day).at(8, 0, 0, 0),
        person: format!("p{}", draw(of.max(1) as usize)),
        subject: format!("{town}{place}号小区{matter}"),
        body: format!(
            "{}{town}{place}号小区{matter},{own}{}",
            TIMES[draw(TIMES.len())],
            WISHES[draw(WISHES.len())]
        ),
        likes: 0,
    }
}
