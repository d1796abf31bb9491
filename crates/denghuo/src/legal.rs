//! `denghuo legal`: clocks of limitation, letters, payment orders, suits, security, insolvency, write-offs.

mod cases;
mod clocks;
mod notes;
mod write_offs;

use crate::context::{Global, today};
use jiff::civil::Date;

/// Arguments of `denghuo legal`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo legal clock 3700000001\n  denghuo legal alerts --days 90\n  denghuo legal list\n  denghuo legal propose 3700000001 payment_order --by S004\n  denghuo legal approve 3700000001 1 --by S003 --counsel 某律师事务所"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// The clock of each overdue debt, with every event and what it did 诉讼时效
    Clock(clocks::ClockArgs),
    /// Terms of limitation that end soon 时效预警
    Alerts(clocks::AlertArgs),
    /// Open cases 案件清单
    List(cases::ListArgs),
    /// One case with its bills and steps 案件
    Show(cases::ShowArgs),
    /// Propose a letter, payment order, suit or claim 提出法律措施
    Propose(cases::ProposeArgs),
    /// Let a proposed case go ahead; a letter is sent with that 审批
    Approve(cases::ApproveArgs),
    /// Turn a proposal down 不予批准
    Reject(cases::EndArgs),
    /// The case was handed to the court or administrator 提交
    File(cases::StepArgs),
    /// A step of a case: accepted, ordered, delivered, objected, declined, hearing, preserved, decided, enforcement 办案步骤
    Step(cases::AnyStepArgs),
    /// End a case: paid, settled, withdrawn 结案
    Close(cases::EndArgs),
    /// The check list of a payment order 支付令条件
    PaymentOrder(cases::OrderArgs),
    /// Guarantees, pledges, mortgages 担保
    #[command(subcommand)]
    Security(notes::Security),
    /// Insolvency proceedings 破产
    #[command(subcommand)]
    Insolvency(notes::Insolvency),
    /// Interruptions that stand in no other record 时效中断事由
    #[command(subcommand)]
    Event(notes::Event),
    /// Debts off the books and still pursued 账销案存
    #[command(subcommand)]
    WriteOff(write_offs::WriteOff),
}

/// Who does it, and when.
#[derive(clap::Args)]
struct Doing {
    /// Staff code
    #[arg(long)]
    by: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

impl Doing {
    fn on(&self) -> Date {
        self.date.unwrap_or_else(today)
    }
}

/// Runs the command.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Clock(args) => clocks::clock(global, &args),
        What::Alerts(args) => clocks::alerts(global, &args),
        What::List(args) => cases::list(global, &args),
        What::Show(args) => cases::show(global, &args),
        What::Propose(args) => cases::propose(global, &args),
        What::Approve(args) => cases::approve(global, &args),
        What::Reject(args) => cases::reject(global, &args),
        What::File(args) => cases::step(global, "filed", args),
        What::Step(args) => cases::step(global, &args.step, args.rest),
        What::Close(args) => cases::close(global, &args),
        What::PaymentOrder(args) => cases::order(global, &args),
        What::Security(what) => notes::security(global, what),
        What::Insolvency(what) => notes::insolvency(global, what),
        What::Event(what) => notes::event(global, what),
        What::WriteOff(what) => write_offs::run(global, what),
    }
}
