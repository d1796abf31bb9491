//! 抄表段 and 台区.

use super::super::intake::{Intake, Line, rows};
use super::Kind;
use crate::error::OfficeError;
use crate::import::{Column, Form, Format, Record, RowError};
use denghuo_rules::units::Capacity;
use denghuo_store::registry::{self as store, District, Registered, Route};

/// 抄表段
pub(in super::super) struct Routes;

/// A route with the codes it refers to.
pub(in super::super) struct RouteLine {
    route: Route,
    org: String,
    reader: Option<String>,
    verifier: Option<String>,
}

impl Kind for Routes {
    type Row = RouteLine;

    const FORMAT: Format = Format {
        kind: "routes",
        zh: "抄表段",
        about_zh: "每行一个抄表段。",
        about_en: "One reading route per row.",
        columns: &[
            Column::required("code", "抄表段编号", Form::Code(32), "R0001"),
            Column::required("name", "抄表段名称", Form::Text(80), "城区一段"),
            Column::required("org", "单位编码", Form::Ref("orgs"), "37407"),
            Column::optional("reader", "抄表员工号", Form::Ref("staff"), "S001"),
            Column::optional("verifier", "核算员工号", Form::Ref("staff"), ""),
            Column::required("read_day", "抄表例日", Form::Whole(1, 31), "5").help(
                "31表示月末;短月取最后一日",
                "31 is the end of the month; short months take their last day",
            ),
            Column::optional("cycle_months", "抄表周期月数", Form::Whole(1, 12), "1")
                .help("留空为每月", "monthly when empty"),
            Column::required("first_month", "首个电费年月", Form::Month, "2026-01"),
        ],
    };

    fn row(record: &Record<'_>) -> Result<RouteLine, RowError> {
        let route = Route {
            route_id: 0,
            code: record.text("code").to_owned(),
            name: record.text("name").to_owned(),
            org_id: 0,
            reader_id: None,
            verifier_id: None,
            read_day: record.number("read_day").unwrap_or(1),
            cycle_months: record.number("cycle_months").unwrap_or(1),
            first_month: record.number("first_month").unwrap_or(0),
        };
        let (reader, verifier) = (record.text_if_any("reader"), record.text_if_any("verifier"));
        Ok(RouteLine { route, org: record.text("org").to_owned(), reader, verifier })
    }

    fn load(mut lines: Vec<Line<RouteLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        intake.number_new(
            Registered::Route,
            "code",
            &mut lines,
            |r| &r.route.code,
            |r, id| r.route.route_id = id,
        )?;
        intake.resolve(Registered::Org, "org", &mut lines, |r| Some(&r.org), |r, id| r.route.org_id = id)?;
        let reader = |r: &mut RouteLine, id| r.route.reader_id = Some(id);
        intake.resolve(Registered::Staff, "reader", &mut lines, |r| r.reader.as_deref(), reader)?;
        let verifier = |r: &mut RouteLine, id| r.route.verifier_id = Some(id);
        intake.resolve(Registered::Staff, "verifier", &mut lines, |r| r.verifier.as_deref(), verifier)?;
        if intake.is_clean() {
            let routes: Vec<Route> = rows(lines).into_iter().map(|r| r.route).collect();
            store::insert_routes(intake.conn, &routes)?;
        }
        Ok(())
    }
}

/// 台区
pub(in super::super) struct Districts;

/// A district and the code of its unit.
pub(in super::super) struct DistrictLine {
    district: District,
    org: String,
}

impl Kind for Districts {
    type Row = DistrictLine;

    const FORMAT: Format = Format {
        kind: "districts",
        zh: "台区",
        about_zh: "每行一个台区(公用变压器)。",
        about_en: "One transformer district per row.",
        columns: &[
            Column::required("code", "台区编号", Form::Code(32), "T0001"),
            Column::required("name", "台区名称", Form::Text(80), "城东1号公变"),
            Column::required("org", "单位编码", Form::Ref("orgs"), "37407"),
            Column::optional("feeder", "线路", Form::Text(80), "10kV城东线"),
            Column::optional(
                "capacity_kva",
                "变压器容量",
                Form::Decimal { scale: 4, min: 0, max: 10_000_000_000, unit: "kVA" },
                "400",
            ),
        ],
    };

    fn row(record: &Record<'_>) -> Result<DistrictLine, RowError> {
        let district = District {
            district_id: 0,
            code: record.text("code").to_owned(),
            name: record.text("name").to_owned(),
            org_id: 0,
            feeder: record.text_if_any("feeder"),
            capacity: Capacity(record.number("capacity_kva").unwrap_or(0)),
        };
        Ok(DistrictLine { district, org: record.text("org").to_owned() })
    }

    fn load(mut lines: Vec<Line<DistrictLine>>, intake: &mut Intake<'_>) -> Result<(), OfficeError> {
        let numbered = |r: &mut DistrictLine, id| r.district.district_id = id;
        intake.number_new(Registered::District, "code", &mut lines, |r| &r.district.code, numbered)?;
        intake.resolve(
            Registered::Org,
            "org",
            &mut lines,
            |r| Some(&r.org),
            |r, id| r.district.org_id = id,
        )?;
        if intake.is_clean() {
            let districts: Vec<District> = rows(lines).into_iter().map(|r| r.district).collect();
            store::insert_districts(intake.conn, &districts)?;
        }
        Ok(())
    }
}
