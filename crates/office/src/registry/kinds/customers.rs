//! 小区 and 客户.

use super::super::intake::{Intake, Line, rows};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use crate::word_form;
use denghuo_rules::registry::CustomerKind;
use denghuo_store::registry::{self as store, Customer, Estate, Registered};

/// 小区
pub(in super::super) struct Estates;

impl Kind for Estates {
    type Row = Estate;

    const FORMAT: Format = Format {
        kind: "estates",
        zh: "小区",
        about_zh: "每行一个小区,含户数、物业公司和开发商。",
        about_en: "One estate per row, with its households, property company and developer.",
        columns: &[
            Column::required("code", "小区编号", Form::Code(32), "E0001"),
            Column::required("name", "小区名称", Form::Text(80), "示例小区"),
            Column::required("households", "户数", Form::Whole(0, 100_000), "480"),
            Column::optional("property_company", "物业公司", Form::Text(80), "示例物业公司"),
            Column::optional("developer", "开发商", Form::Text(80), "示例开发公司"),
        ],
    };

    fn row(record: &Record<'_>) -> Result<Estate, RowError> {
        Ok(Estate {
            estate_id: 0,
            code: record.text("code").to_owned(),
            name: record.text("name").to_owned(),
            households: record.number("households").unwrap_or(0),
            property_company: record.text_if_any("property_company"),
            developer: record.text_if_any("developer"),
        })
    }

    fn load(mut lines: Vec<Line<Estate>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        intake.number_new(Registered::Estate, "code", &mut lines, |r| &r.code, |r, id| r.estate_id = id)?;
        if intake.is_clean() {
            store::insert_estates(intake.conn, &rows(lines))?;
        }
        Ok(())
    }
}

/// 客户
pub(in super::super) struct Customers;

impl Kind for Customers {
    type Row = Customer;

    const FORMAT: Format = Format {
        kind: "customers",
        zh: "客户",
        about_zh: "每行一个客户(供用电合同的用电方);一个客户可有多个用电户。",
        about_en: "One customer (party to the contract) per row; a customer may have several accounts.",
        columns: &[
            Column::required("code", "客户编号", Form::Code(32), "C0000001"),
            Column::required("name", "客户名称", Form::Text(120), "示例客户"),
            Column::required("kind", "客户类型", word_form!(CustomerKind), "个人"),
            Column::optional("identity_no", "证件号", Form::Code(32), "")
                .help("身份证号或统一社会信用代码", "identity number or unified social credit code"),
            Column::optional("industry", "行业", Form::Text(60), ""),
        ],
    };

    fn row(record: &Record<'_>) -> Result<Customer, RowError> {
        Ok(Customer {
            customer_id: 0,
            code: record.text("code").to_owned(),
            name: record.text("name").to_owned(),
            kind: record.word("kind", CustomerKind::from_word).map_or("", CustomerKind::word).to_owned(),
            identity_no: record.text_if_any("identity_no"),
            industry: record.text_if_any("industry"),
        })
    }

    fn load(mut lines: Vec<Line<Customer>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        intake.number_new(
            Registered::Customer,
            "code",
            &mut lines,
            |r| &r.code,
            |r, id| r.customer_id = id,
        )?;
        if intake.is_clean() {
            store::insert_customers(intake.conn, &rows(lines))?;
        }
        Ok(())
    }
}
