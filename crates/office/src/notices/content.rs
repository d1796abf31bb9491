//! 通知内容: what a notice tells, as the JSON that the templates of papers and messages read.
//!
//! What only the asking column knows, who the customer was and how the late fee was reckoned is kept with the notice; the
//! company, the clauses and how to pay or object are added when it is told. The content of a bill is derived from the bill.

use super::NoticeOrder;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::collections::late_fee::{LateFeeClass, LateFeeParams, LateFeeRules, LateFeeTerms, TOPIC};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::registry::{Category, OrgKind};
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::units::{Money, Ratio};
use denghuo_store::day::Range;
use denghuo_store::notices::{self, Face, NoticeRow, Place};
use denghuo_store::{Conn, billing, collections, registry, site};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// What is the same in every notice of a site on a day.
pub struct General {
    /// `zh` or `en`.
    pub lang: String,
    fixed: Map<String, Value>,
    fees: LateFeeRules,
    cross_year: Ratio,
}

/// Texts of the site with what stands when it has set none.
const TEXTS: &[(&str, &str)] = &[
    (
        "how_to_pay_zh",
        "可通过“网上国网”App、微信或支付宝生活缴费、银行代扣,或持本单到营业厅缴纳;汇款请注明户号。",
    ),
    (
        "how_to_pay_en",
        "By the company's app, WeChat or Alipay, bank debit, or at the counter; name the account number in a transfer.",
    ),
    (
        "how_to_object_zh",
        "对电量或电费有异议的,请在缴费期限前拨打95598或到营业厅提出;对处理结果不满意的,可拨打12398向能源监管机构投诉。",
    ),
    (
        "how_to_object_en",
        "If you doubt the quantity or the amount, call 95598 or come to the counter before the deadline; if the answer does \
         not satisfy you, call the energy regulator at 12398.",
    ),
];

impl General {
    /// The general part on a day.
    ///
    /// # Errors
    /// No rule about late fees; the database's.
    pub fn of(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Self, OfficeError> {
        let mut fixed = Map::new();
        for (name, standing) in TEXTS {
            let text = site::get(conn, name)?.unwrap_or_else(|| (*standing).to_owned());
            fixed.insert((*name).to_owned(), text.into());
        }
        let name = match site::get(conn, "company_name")? {
            Some(name) => name,
            None => registry::orgs(conn)?
                .into_iter()
                .find(|org| org.kind == OrgKind::Company.word())
                .map_or_else(|| "供电公司".to_owned(), |org| org.name),
        };
        let mut company = Map::from_iter([("name".to_owned(), Value::from(name))]);
        for (key, setting, standing) in [
            ("address", "company_address", None),
            ("phone", "company_phone", Some("95598")),
            ("hours", "company_hours", None),
        ] {
            if let Some(text) = site::get(conn, setting)?.or_else(|| standing.map(str::to_owned)) {
                company.insert(key.to_owned(), text.into());
            }
        }
        fixed.insert("company".to_owned(), company.into());
        let lang = site::get(conn, "notice_lang")?.unwrap_or_else(|| "zh".to_owned());
        let params = work.book.pick::<LateFeeParams>(TOPIC, &work.site, on)?.params;
        let fees = LateFeeRules::load(work.book, &work.site)?;
        Ok(Self { lang, fixed, fees, cross_year: params.cross_year })
    }

    /// What every paper of the site says: the company, how to pay, how to object.
    #[must_use]
    pub fn head(&self) -> Map<String, Value> {
        self.fixed.clone()
    }

    /// 违约金计算方法 of a customer, in both languages.
    fn method(&self, face: &Face, on: Date) -> Bilingual {
        let category = face.category.as_deref().and_then(Category::from_word).unwrap_or(Category::Commercial);
        let class = LateFeeClass::of(category);
        let terms = LateFeeTerms { current_year: face.late_fee_rate, ..LateFeeTerms::default() };
        let Ok(rate) = self.fees.daily_rate(class, &terms, on) else { return Bilingual::default() };
        let (now, later) = (permille(rate), permille(self.cross_year));
        match class {
            LateFeeClass::Household => Bilingual::new(
                format!("自缴费截止日次日起至缴清之日止,每日按欠费的{now}‰计收,按日累加,不计复利。"),
                format!(
                    "From the day after the last payment day to the day of payment, {now}‰ of the arrears a day, simple."
                ),
            ),
            LateFeeClass::Other => Bilingual::new(
                format!(
                    "自缴费截止日次日起至缴清之日止,当年欠费每日按{now}‰、跨年度欠费每日按{later}‰计收,按日累加,不计复利。"
                ),
                format!(
                    "From the day after the last payment day to the day of payment, simple: {now}‰ of the arrears a day in \
                     their own year, {later}‰ in later years."
                ),
            ),
        }
    }
}

/// `0.0015` is `1.5`.
fn permille(rate: Ratio) -> String {
    let (whole, rest) = (rate.0 / 1_000, rate.0 % 1_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}").trim_end_matches('0').to_owned()
}

/// The content that is kept with a notice: the order's own, completed by what may change later.
pub(super) fn completed(
    order: &NoticeOrder,
    notice_no: i64,
    place: &Place,
    face: Option<&Face>,
    general: &General,
    on: Date,
) -> String {
    let mut content = Map::new();
    content.insert("lang".to_owned(), general.lang.clone().into());
    content.insert("code".to_owned(), code(&place.account_no, notice_no).into());
    content.insert("issued_on".to_owned(), on.to_string().into());
    if let Some(day) = order.deadline_on {
        content.insert("deadline_on".to_owned(), day.to_string().into());
    }
    content.insert("customer".to_owned(), customer(place, face));
    content.insert("total".to_owned(), order.amount.to_string().into());
    if let Some(face) = face {
        let method = general.method(face, on);
        content.insert("late_fee".to_owned(), late_fee(order.fee, &method));
    }
    merge(&mut content, &order.content);
    Value::from(content).to_string()
}

/// 通知编号, such as `N-0370000001-12`.
#[must_use]
pub fn code(account_no: &str, notice_no: i64) -> String {
    format!("N-{account_no}-{notice_no}")
}

fn customer(place: &Place, face: Option<&Face>) -> Value {
    let name = face.map(|face| face.customer.as_str());
    json!({ "name": name, "account_no": place.account_no, "address": place.address })
}

fn late_fee(total: Money, method: &Bilingual) -> Value {
    json!({ "total": total.to_string(), "method_zh": method.zh, "method_en": method.en })
}

/// Lays `over` on `base`, objects key by key.
fn merge(base: &mut Map<String, Value>, over: &Value) {
    let Value::Object(over) = over else { return };
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(_)) => merge(inner, value),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// 依据: the basis of rules as clauses in both languages, each once.
fn clauses(book: &Rulebook, ids: &str) -> Vec<Value> {
    let mut said: Vec<Value> = Vec::new();
    for id in ids.split(',').filter(|id| !id.is_empty()) {
        let Some(rule) = book.rules().find(|rule| rule.id == id) else { continue };
        // What a company settles for itself is no clause of law.
        if rule.basis.title == "公司规定" {
            continue;
        }
        let title = &rule.basis.title;
        let title = if title.contains('《') { title.clone() } else { format!("《{title}》") };
        let document = rule.basis.document.as_ref().map(|text| format!("({text})")).unwrap_or_default();
        let (mut zh, mut en) = (format!("{title}{document}"), format!("{title}{document}"));
        if let Some(article) = &rule.basis.article {
            zh = format!("{zh}第{article}条");
            en = format!("{en}, art. {article}");
        }
        let clause = json!({ "zh": zh, "en": en });
        if !said.contains(&clause) {
            said.push(clause);
        }
    }
    said
}

/// Everything that a notice tells.
///
/// # Errors
/// A missing rule; the database's.
pub fn notice_content(
    conn: &mut Conn,
    work: &Work<'_>,
    general: &General,
    notice: &NoticeRow,
) -> Result<Value, OfficeError> {
    let mut content = general.fixed.clone();
    content.insert("clauses".to_owned(), clauses(work.book, &notice.rules).into());
    let own = match &notice.content {
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
        None => bill_content(conn, general, notice)?,
    };
    merge(&mut content, &own);
    Ok(content.into())
}

/// What the notice of a bill tells, derived from the bill.
fn bill_content(conn: &mut Conn, general: &General, notice: &NoticeRow) -> Result<Value, OfficeError> {
    let account_id = notice.account_id;
    let range = Range { from: account_id, to: account_id };
    let place = notices::place_of(conn, account_id)?;
    let face = notices::faces(conn, range, notice.decided_on)?.into_iter().next();
    let Some(bill) = billing::bill(conn, account_id, notice.bill_no)? else { return Ok(json!({})) };
    let lines: Vec<Value> = billing::bill_lines(conn, account_id, notice.bill_no)?
        .iter()
        .filter_map(crate::billing::line)
        .map(|line| {
            let name = line.name();
            json!({
                "item": name.zh, "item_en": name.en, "quantity": line.quantity_text(), "unit": line.unit.zh(),
                "price": line.price.to_string(), "amount": line.amount.to_string(),
            })
        })
        .collect();
    let open = collections::debt(conn, account_id, notice.bill_no)?
        .map_or(Money::ZERO, |debt| debt.receivable.open.max(Money::ZERO));
    let category = Category::from_word(&bill.category);
    let last_day = denghuo_rules::calendar::plus_days(bill.to_on, -1).max(bill.from_on);
    let mut content = json!({
        "lang": general.lang,
        "code": code(place.as_ref().map_or("", |place| &place.account_no), notice.notice_no),
        "issued_on": notice.decided_on.to_string(),
        "deadline_on": notice.deadline_on.map(|day| day.to_string()),
        "due_on": notice.deadline_on.map(|day| day.to_string()),
        "month": bill.month.to_string(),
        "kind": bill.kind,
        "kwh": bill.active.to_string(),
        "period": { "from": bill.from_on.to_string(), "to": last_day.to_string() },
        "category_zh": category.map(Category::zh),
        "category_en": bill.category,
        "lines": lines,
        "amount": bill.amount.to_string(),
        "total": bill.amount.to_string(),
        "to_pay": open.to_string(),
        "in_favour": bill.amount < Money::ZERO,
    });
    if let Value::Object(content) = &mut content {
        if let Some(place) = &place {
            content.insert("customer".to_owned(), customer(place, face.as_ref()));
        }
        if let Some(face) = &face {
            let method = general.method(face, notice.decided_on);
            content.insert("late_fee".to_owned(), json!({ "method_zh": method.zh, "method_en": method.en }));
        }
    }
    Ok(content)
}

/// The template of the paper that tells a notice: the e-bill where it leaves by mail.
#[must_use]
pub fn paper_template(kind: NoticeKind, is_electronic: bool) -> &'static str {
    if kind == NoticeKind::Bill && is_electronic { "e_bill" } else { kind.word() }
}
