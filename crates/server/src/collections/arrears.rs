//! 欠费与账龄: what is overdue in a unit, how old it is, where it went, and what was recovered.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::notices::shown_name;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::tasks::days_between;
use denghuo_office::collections::{
    AgeingFlow, UnitAgeing, age_months, ageing_by_unit, ageing_moves, late_fees_of,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, Month};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::registry::{Category, CustomerKind};
use denghuo_rules::units::Money;
use denghuo_store::collections::{self as store, BillFilter, BillOrder, BillPlace};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let see = Permission::SeeArrears;
    routes
        .list(
            "/arrears",
            see,
            (
                "欠费清单",
                "Overdue bills of one's unit with age, late fee and step, the oldest or the largest first",
            ),
            arrears,
        )
        .get("/arrears/ageing", see, ("账龄", "What is overdue by unit and age"), ageing)
        .get(
            "/arrears/migration",
            see,
            (
                "账龄迁徙",
                "Where the money that was overdue at the end of a month stands at the end of another",
            ),
            migration,
        )
        .get(
            "/arrears/recovery",
            see,
            ("分单位回收率", "Receivable and received of a period by unit, with the three rates"),
            recovery,
        )
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
enum Sort {
    /// The earliest last payment day first.
    #[default]
    #[serde(rename = "due_on")]
    DueOn,
    /// The latest last payment day first.
    #[serde(rename = "-due_on")]
    DueOnDown,
    /// The smallest amount first.
    #[serde(rename = "amount")]
    Amount,
    /// The largest amount first.
    #[serde(rename = "-amount")]
    AmountDown,
}

/// Which overdue bills.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ArrearsQuery {
    /// Code of a unit; it and those below it.
    #[serde(default)]
    org: Option<String>,
    /// Code of a route.
    #[serde(default)]
    route: Option<String>,
    /// Code of an age.
    #[serde(default)]
    age: Option<String>,
    /// 用电类别
    #[serde(default)]
    category: Option<Category>,
    /// 客户类型
    #[serde(default)]
    customer_kind: Option<CustomerKind>,
    /// Unpaid at least.
    #[serde(default)]
    least: Option<Money>,
    /// Unpaid at most.
    #[serde(default)]
    most: Option<Money>,
    /// Staff code of who collects.
    #[serde(default)]
    collector: Option<String>,
    /// Word of the step on which the account stands, such as `demand`.
    #[serde(default)]
    stage: Option<String>,
    /// Only what a hold pauses, or only what none does.
    #[serde(default)]
    held: Option<bool>,
    /// The order.
    #[serde(default)]
    sort: Sort,
    /// Show names in full; the look is kept.
    #[serde(default)]
    personal: bool,
}

/// An overdue bill.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ArrearsLine {
    /// 户号
    account_no: String,
    /// 户名
    customer: String,
    /// A `CustomerKind`.
    customer_kind: String,
    /// Name of the unit.
    org: String,
    /// Code of the route.
    route: String,
    /// 用电类别
    category: Category,
    /// The bill.
    bill_no: i64,
    /// 电费年月
    month: Month,
    /// 缴费截止日
    #[schemars(with = "DateForm")]
    due_on: Date,
    /// 逾期天数
    days_overdue: i64,
    /// Unpaid principal.
    principal: Money,
    /// Unpaid late fee, running part included.
    late_fee: Money,
    /// The highest step that stands.
    stands_on: String,
    /// Does a hold pause it?
    held: bool,
}

fn arrears(ask: &mut Ask<'_>, _: &Nothing, query: &ArrearsQuery) -> Result<List<ArrearsLine>, Problem> {
    let root = ask.root()?;
    let in_full = ask.in_full(query.personal, 0, "arrears")?;
    let today = ask.today;
    let months = match &query.age {
        None => None,
        Some(code) => Some(
            age_months(ask.work, code, today)?
                .ok_or_else(|| Problem::unreadable("age", format!("age: {code}")))?,
        ),
    };
    let filter = BillFilter {
        root,
        org: query.org.as_deref(),
        route: query.route.as_deref(),
        category: query.category.map(Category::word),
        customer: query.customer_kind.map(CustomerKind::word),
        months,
        least: query.least,
        most: query.most,
        collector: query.collector.as_deref(),
        stage: query.stage.as_deref(),
        held: query.held,
    };
    let order = BillOrder {
        by_amount: matches!(query.sort, Sort::Amount | Sort::AmountDown),
        descending: matches!(query.sort, Sort::DueOnDown | Sort::AmountDown),
    };
    let after = ask.page.after.as_deref().map(place_of).transpose()?;
    let limit = ask.page.limit;
    let rows = store::overdue_page(ask.conn, (&filter, order), today, after, limit + 1)?;
    let page = List::of_one_more(rows, limit, |row| {
        let (first, account_id, bill_no) = row.place(order);
        format!("{first} {account_id} {bill_no}")
    });
    let keys: Vec<(i64, i64)> = page.items.iter().map(|row| (row.account_id, row.bill_no)).collect();
    let fees = late_fees_of(ask.conn, ask.work, &keys, today)?;
    let items = page.items.into_iter().zip(fees).map(|(row, late_fee)| ArrearsLine {
        customer: shown_name(row.customer, &row.customer_kind, in_full),
        account_no: row.account_no,
        customer_kind: row.customer_kind,
        org: row.org,
        route: row.route,
        category: row.category,
        bill_no: row.bill_no,
        month: row.month,
        due_on: row.due_on,
        days_overdue: days_between(row.due_on, today),
        principal: row.open,
        late_fee,
        stands_on: row.stands_on,
        held: row.held,
    });
    Ok(List { items: items.collect(), next_cursor: page.next_cursor })
}

fn place_of(key: &str) -> Result<BillPlace, Problem> {
    let mut parts = key.split(' ').map(|part| part.parse().ok());
    let read = (|| Some((parts.next()??, parts.next()??, parts.next()??)))();
    read.ok_or_else(|| Problem::unreadable("cursor", "cursor"))
}

/// Of which unit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct AgeingQuery {
    /// Code of a unit; it and those below it.
    #[serde(default)]
    org: Option<String>,
    /// 用电类别
    #[serde(default)]
    category: Option<Category>,
}

/// 账龄 by unit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct AgeingShown {
    /// The day.
    #[schemars(with = "DateForm")]
    on: Date,
    /// By unit and age.
    rows: Vec<UnitAgeing>,
    /// Unpaid principal of all of them.
    principal: Money,
    /// Late fee booked and unpaid of all of them.
    late_fee: Money,
}

fn ageing(ask: &mut Ask<'_>, _: &Nothing, query: &AgeingQuery) -> Result<AgeingShown, Problem> {
    let filter = BillFilter {
        root: ask.root()?,
        org: query.org.as_deref(),
        category: query.category.map(Category::word),
        ..BillFilter::default()
    };
    let rows = ageing_by_unit(ask.conn, ask.work, &filter, ask.today)?;
    Ok(AgeingShown {
        on: ask.today,
        principal: rows.iter().map(|row| row.principal).sum(),
        late_fee: rows.iter().map(|row| row.late_fee).sum(),
        rows,
    })
}

/// Between which months.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct MigrationQuery {
    /// The first month; the one before `to` when not given.
    #[serde(default)]
    from: Option<Month>,
    /// The second month; the current one, through today, when not given.
    #[serde(default)]
    to: Option<Month>,
}

/// An age.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Age {
    /// Its code.
    code: String,
    /// Its name.
    name: Bilingual,
}

/// 账龄迁徙
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Migration {
    /// The first day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// The second day.
    #[schemars(with = "DateForm")]
    to: Date,
    /// The ages from young to old.
    ages: Vec<Age>,
    /// What went from where to where.
    flows: Vec<AgeingFlow>,
}

fn migration(ask: &mut Ask<'_>, _: &Nothing, query: &MigrationQuery) -> Result<Migration, Problem> {
    let root = ask.root()?;
    let to = query.to.unwrap_or_else(|| Month::of(ask.today));
    let from = query.from.unwrap_or_else(|| to.plus(-1));
    let (from, to) = (from.last_day(), to.last_day().min(ask.today));
    if from >= to {
        return Err(Problem::unreadable("from", "from < to"));
    }
    let (ages, flows) = ageing_moves(ask.conn, ask.work, root, (from, to))?;
    let ages = ages.into_iter().map(|(code, name)| Age { code, name }).collect();
    Ok(Migration { from, to, ages, flows })
}

/// Of which period.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RecoveryQuery {
    /// First day; the first of the year when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    from: Option<Date>,
    /// Last day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    to: Option<Date>,
}

/// 回收率 of a unit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct UnitRecovery {
    /// Code of the unit.
    org: String,
    /// Its name.
    name: String,
    /// 应收, prior years' debts inside.
    receivable: Money,
    /// 其中陈欠
    receivable_prior_years: Money,
    /// 实收, prior years' debts inside.
    received: Money,
    /// 其中陈欠
    received_prior_years: Money,
    /// 累计回收率 in percent with one decimal; none where nothing was receivable.
    cumulative: Option<String>,
    /// 当年回收率
    this_year: Option<String>,
    /// 陈欠回收率
    prior_years: Option<String>,
}

/// 回收率 by unit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RecoveryShown {
    /// First day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    to: Date,
    /// By unit.
    units: Vec<UnitRecovery>,
}

fn recovery(ask: &mut Ask<'_>, _: &Nothing, query: &RecoveryQuery) -> Result<RecoveryShown, Problem> {
    let root = ask.root()?;
    let to = query.to.unwrap_or(ask.today);
    let first = Month::new(to.year(), 1).map_or(to, Month::first_day);
    let from = query.from.unwrap_or(first);
    if from > to {
        return Err(Problem::unreadable("from", "from <= to"));
    }
    let units = store::recovery_by_unit(ask.conn, root, (from, to))?.into_iter().map(|(org, name, sums)| {
        let rates = sums.rates();
        UnitRecovery {
            org,
            name,
            receivable: sums.receivable,
            receivable_prior_years: sums.receivable_prior_years,
            received: sums.received,
            received_prior_years: sums.received_prior_years,
            cumulative: rates.cumulative.map(|rate| rate.to_string()),
            this_year: rates.this_year.map(|rate| rate.to_string()),
            prior_years: rates.prior_years.map(|rate| rate.to_string()),
        }
    });
    Ok(RecoveryShown { from, to, units: units.collect() })
}
