//! 用电户 with its first terms of supply.

use super::super::intake::{Intake, Line};
use super::Kind;
use super::terms::terms_of;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::registry::{
    Category, Importance, PfStandard, Protection, Scheme, SupplyTerms, Voltage, check_terms,
};
use denghuo_store::registry::{self as store, Account, Registered, Terms};
use jiff::civil::Date;

/// 用电户
pub(in super::super) struct Accounts;

/// An account, its terms and the codes it refers to.
#[derive(Clone)]
pub(in super::super) struct AccountLine {
    /// The account.
    pub account: Account,
    /// Its terms.
    pub terms: Terms,
    customer: String,
    org: String,
    route: String,
    district: Option<String>,
    estate: Option<String>,
}

const KVA: Form = Form::Decimal { scale: 4, min: 0, max: 10_000_000_000, unit: "kVA" };
const KW: Form = Form::Decimal { scale: 4, min: 0, max: 10_000_000_000, unit: "kW" };
const KWH: Form = Form::Decimal { scale: 4, min: 0, max: 10_000_000_000_000, unit: "kWh" };
const SHARE: Form = Form::Decimal { scale: 6, min: 0, max: 1_000_000, unit: "(1=100%)" };

impl Kind for Accounts {
    type Row = AccountLine;

    const FORMAT: Format = Format {
        kind: "accounts",
        zh: "用电户",
        about_zh: "每行一个用电户及其供用电条件;普查文件用同一格式(--census)。",
        about_en: "One account and its terms of supply per row; a census (`--census`) has the same format.",
        columns: &[
            Column::required("account_no", "户号", Form::Code(20), "3700000001"),
            Column::required("customer", "客户编号", Form::Ref("customers"), "C0000001"),
            Column::required("org", "单位编码", Form::Ref("orgs"), "37407"),
            Column::required("route", "抄表段编号", Form::Ref("routes"), "R0001"),
            Column::optional("district", "台区编号", Form::Ref("districts"), "T0001"),
            Column::optional("estate", "小区编号", Form::Ref("estates"), "E0001"),
            Column::required("address", "用电地址", Form::Text(200), "示例小区1号楼101"),
            Column::required("opened_on", "立户日期", Form::Date, "2020-01-01"),
            Column::optional("closed_on", "销户日期", Form::Date, ""),
            Column::optional("terms_from", "条件生效日", Form::Date, "")
                .help("留空为立户日期;普查时不用", "the day of opening when empty; not used by a census"),
            Column::required("category", "用电类别", word_form!(Category), "居民生活"),
            Column::optional("voltage", "电压等级", word_form!(Voltage), "不满1kV")
                .help("留空为不满1kV", "below 1 kV when empty"),
            Column::optional("scheme", "计价方式", word_form!(Scheme), "单一制")
                .help("留空为单一制", "single part when empty"),
            Column::optional("time_of_use", "执行分时", Form::Flag, "否"),
            Column::optional("capacity_kva", "合同容量", KVA, "8"),
            Column::optional("contract_demand_kw", "合同最大需量", KW, ""),
            Column::optional("pf_standard", "功率因数标准", word_form!(PfStandard), "不考核"),
            Column::optional("persons", "家庭人口", Form::Whole(0, 50), "")
                .help("五人及以上家庭填写", "for the quota of large families"),
            Column::optional("line_loss", "线损比例", SHARE, ""),
            Column::optional("loss_monthly_kwh", "月有功变损", KWH, "")
                .help("按变压器型号查表的整月变损", "loss of a whole month from the table of the model"),
            Column::optional("loss_monthly_kvarh", "月无功变损", KWH, ""),
            Column::optional("loss_no_load_kw", "空载损耗", KW, "")
                .help("按铭牌计算时五项齐填", "nameplate: all five"),
            Column::optional("loss_load_kw", "短路损耗", KW, ""),
            Column::optional("loss_rated_kva", "变压器额定容量", KVA, ""),
            Column::optional("loss_current", "空载电流", SHARE, ""),
            Column::optional("loss_impedance", "短路阻抗", SHARE, ""),
            Column::optional(
                "loss_shape",
                "负荷形状系数",
                Form::Decimal { scale: 6, min: 1_000_000, max: 10_000_000, unit: "" },
                "",
            )
            .help("留空为1.05", "1.05 when empty"),
            Column::optional("loss_hours", "日运行小时", Form::Whole(1, 24), "")
                .help("留空为24", "24 when empty"),
            Column::optional("fixed_parts", "定比定量", Form::Text(200), "").help(
                "如 定量:500:居民生活;定比:0.3:农业生产",
                "such as quantity:500:household;ratio:0.3:agriculture",
            ),
            Column::optional(
                "minimum_payment",
                "约定最低电费",
                Form::Decimal { scale: 2, min: 0, max: 1_000_000_000_000, unit: "元/月" },
                "",
            ),
            Column::optional("importance", "重要性等级", word_form!(Importance), "")
                .help("留空为普通", "ordinary when empty"),
            Column::optional("protection", "保护类别", word_form!(Protection), ""),
        ],
    };

    fn row(record: &Record<'_>) -> Result<AccountLine, RowError> {
        let opened_on = record.date("opened_on").unwrap_or(Date::ZERO);
        let closed_on = record.date("closed_on");
        let importance = record.word("importance", Importance::from_word).unwrap_or(Importance::Ordinary);
        let protection = record.word("protection", Protection::from_word);
        let account = Account {
            account_id: 0,
            account_no: record.text("account_no").to_owned(),
            customer_id: 0,
            org_id: 0,
            route_id: 0,
            district_id: None,
            estate_id: None,
            address: record.text("address").to_owned(),
            importance: importance.word().to_owned(),
            protection: protection.map(|p| p.word().to_owned()),
            opened_on,
            closed_on,
        };
        let from_on = record.date("terms_from").unwrap_or(opened_on);
        let terms = Terms { account_id: 0, from_on, until_on: None, terms: terms_of(record)? };
        Ok(AccountLine {
            account,
            terms,
            customer: record.text("customer").to_owned(),
            org: record.text("org").to_owned(),
            route: record.text("route").to_owned(),
            district: record.text_if_any("district"),
            estate: record.text_if_any("estate"),
        })
    }

    fn load(mut lines: Vec<Line<AccountLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let numbered = |r: &mut AccountLine, id| {
            r.account.account_id = id;
            r.terms.account_id = id;
        };
        intake.number_new(
            Registered::Account,
            "account_no",
            &mut lines,
            |r| &r.account.account_no,
            numbered,
        )?;
        check(&mut lines, intake)?;
        for line in &lines {
            check_rule(line.line, &line.row.terms.terms, intake);
        }
        if intake.is_clean() {
            let (accounts, terms): (Vec<_>, Vec<_>) =
                lines.into_iter().map(|l| (l.row.account, l.row.terms)).unzip();
            store::insert_accounts(intake.conn, &accounts)?;
            store::insert_terms(intake.conn, &terms)?;
        }
        Ok(())
    }
}

/// Terms against the rule of the day.
pub(in super::super) fn check_rule(line: u64, terms: &SupplyTerms, intake: &mut Intake<'_>) {
    if let Some(rule) = intake.rule {
        let found = check_terms(terms, rule);
        intake.tell(line, "scheme", found.wrong, found.doubtful);
    }
}

/// References and the order of days; for imports and censuses alike.
pub(in super::super) fn check(
    lines: &mut [Line<AccountLine>],
    intake: &mut Intake<'_>,
) -> Result<(), OfficeError> {
    intake.resolve(
        Registered::Customer,
        "customer",
        lines,
        |r| Some(&r.customer),
        |r, id| r.account.customer_id = id,
    )?;
    intake.resolve(Registered::Org, "org", lines, |r| Some(&r.org), |r, id| r.account.org_id = id)?;
    intake.resolve(Registered::Route, "route", lines, |r| Some(&r.route), |r, id| r.account.route_id = id)?;
    let district = |r: &mut AccountLine, id| r.account.district_id = Some(id);
    intake.resolve(Registered::District, "district", lines, |r| r.district.as_deref(), district)?;
    let estate = |r: &mut AccountLine, id| r.account.estate_id = Some(id);
    intake.resolve(Registered::Estate, "estate", lines, |r| r.estate.as_deref(), estate)?;
    for line in lines {
        let (account, terms) = (&line.row.account, &line.row.terms);
        intake.check_order(line.line, "closed_on", account.opened_on, account.closed_on);
        if terms.from_on < account.opened_on {
            let value = terms.from_on.to_string();
            let reason = ["早于立户日期", "before the day of opening"];
            intake.wrong(line.line, "terms_from", &value, "registry.terms_before_opening", reason);
        }
    }
    Ok(())
}
