//! 电价表导入: a month's published table is checked whole and written as rules of the book.

use super::{Band, Component, DayBands, PerBand};
use crate::calendar::Month;
use crate::registry::Voltage;
use crate::units::Price;
use std::collections::BTreeMap;

/// One row as it was read, not yet judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Where it stands, such as `row 3`.
    pub place: String,
    /// Why it could not be read, when it could not.
    pub unreadable: Option<String>,
    /// Province of the company, such as 江苏.
    pub province: String,
    /// Such as `2026-08`.
    pub month: String,
    /// Such as `单一制-工商业`.
    pub category: String,
    /// Such as `不满1kV` or `35-110kV`.
    pub voltage: String,
    /// Published prices.
    pub bands: PerBand<Option<Price>>,
    /// Published components, in the order of [`Component::ALL`].
    pub components: [Option<Price>; 5],
    /// 需量电价
    pub demand: Option<Price>,
    /// 容量电价
    pub capacity: Option<Price>,
    /// 时段
    pub periods: String,
    /// Document number of the time-of-use policy.
    pub policy: String,
    /// Who published it.
    pub source: String,
}

impl Published {
    pub(super) fn unreadable(place: &str, reason: String) -> Self {
        Self { place: place.to_owned(), unreadable: Some(reason), ..Self::default() }
    }
}

/// What is wrong with a row, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {zh} / {en}")]
pub struct RowError {
    /// Where it stands.
    pub place: String,
    /// 原因
    pub zh: String,
    /// The reason.
    pub en: String,
}

/// What to do with a table that leaves something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// Something left out is an error.
    Refuse,
    /// It is imported as published; the note of its rule says what cannot be billed.
    Accept,
}

/// A checked row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) published: Published,
    pub(super) two_part: bool,
    pub(super) voltages: Vec<Voltage>,
    pub(super) day: DayBands,
    pub(super) gaps: Vec<(String, String)>,
}

/// 电价表: the checked rows of one company and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The folder of the book it belongs to.
    pub jurisdiction: String,
    /// The month.
    pub month: Month,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without rows, which no checked table is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Companies by province, and the folder of the book their tables belong to.
const COMPANIES: [(&str, &str); 27] = [
    ("北京", "sgcc-beijing"),
    ("天津", "sgcc-tianjin"),
    ("河北", "sgcc-hebei"),
    ("冀北", "sgcc-jibei"),
    ("山西", "sgcc-shanxi"),
    ("山东", "cn-sd"),
    ("上海", "sgcc-shanghai"),
    ("江苏", "sgcc-jiangsu"),
    ("浙江", "sgcc-zhejiang"),
    ("安徽", "sgcc-anhui"),
    ("福建", "sgcc-fujian"),
    ("湖北", "sgcc-hubei"),
    ("湖南", "sgcc-hunan"),
    ("河南", "sgcc-henan"),
    ("江西", "sgcc-jiangxi"),
    ("四川", "sgcc-sichuan"),
    ("重庆", "sgcc-chongqing"),
    ("辽宁", "sgcc-liaoning"),
    ("吉林", "sgcc-jilin"),
    ("黑龙江", "sgcc-heilongjiang"),
    ("蒙东", "sgcc-mengdong"),
    ("陕西", "sgcc-shaanxi"),
    ("甘肃", "sgcc-gansu"),
    ("青海", "sgcc-qinghai"),
    ("宁夏", "sgcc-ningxia"),
    ("新疆", "sgcc-xinjiang"),
    ("西藏", "sgcc-xizang"),
];

/// No published energy price is beyond this, yuan/kWh: a slipped decimal point is caught.
const HIGHEST: Price = Price(500_000_000);
/// Nor a demand or capacity price beyond this, yuan per kW or kVA and month.
const HIGHEST_CAPACITY: Price = Price(20_000_000_000);
/// Components and flat price may differ by the rounding of a table with four decimals.
const TOLERANCE: Price = Price(10_000);

/// Checks all rows together.
///
/// # Errors
/// Every fault of every row.
pub fn check_rows(rows: &[Published], gaps: Gaps) -> Result<Vec<Table>, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut tables: BTreeMap<(String, Month), Vec<Row>> = BTreeMap::new();
    if rows.is_empty() {
        errors.push(RowError {
            place: "file".into(), zh: "没有任何行".into(), en: "there is no row".into()
        });
    }
    for published in rows {
        let mut check = RowCheck { row: published, faults: Vec::new(), gaps: Vec::new() };
        let checked = check.run();
        if gaps == Gaps::Refuse {
            let left_out = std::mem::take(&mut check.gaps);
            check.faults.extend(left_out);
        }
        if let (Some((key, row)), true) = (checked, check.faults.is_empty()) {
            let table = tables.entry(key).or_default();
            if let Some(twin) = table.iter().find(|t| t.same_place(&row)) {
                check.fault(
                    format!("与{}重复", twin.published.place),
                    format!("the same category and voltage as {}", twin.published.place),
                );
            } else {
                table.push(Row { gaps: check.gaps.clone(), ..row });
            }
        }
        errors.extend(check.faults.into_iter().map(|(zh, en)| RowError {
            place: published.place.clone(),
            zh,
            en,
        }));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(tables.into_iter().map(|((jurisdiction, month), rows)| Table { jurisdiction, month, rows }).collect())
}

struct RowCheck<'r> {
    row: &'r Published,
    faults: Vec<(String, String)>,
    gaps: Vec<(String, String)>,
}

impl RowCheck<'_> {
    fn fault(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push((zh.into(), en.into()));
    }

    fn gap(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.gaps.push((zh.into(), en.into()));
    }

    fn run(&mut self) -> Option<((String, Month), Row)> {
        let row = self.row;
        if let Some(reason) = &row.unreadable {
            self.fault(format!("无法读取: {reason}"), format!("cannot be read: {reason}"));
            return None;
        }
        let company = COMPANIES.iter().find(|(name, _)| *name == row.province).map(|(_, folder)| *folder);
        if company.is_none() {
            self.fault(
                format!("未知省公司“{}”", row.province),
                format!("unknown province `{}`", row.province),
            );
        }
        let month = row.month.parse::<Month>().ok().filter(|m| (2000..2100).contains(&m.year()));
        if month.is_none() {
            self.fault(
                format!("月份“{}”无效", row.month),
                format!("`{}` is no month of a price table", row.month),
            );
        }
        let two_part = two_part(&row.category);
        if two_part.is_none() {
            self.fault(format!("未知类别“{}”", row.category), format!("unknown category `{}`", row.category));
        }
        let voltages = voltages(&row.voltage);
        if voltages.is_none() {
            self.fault(
                format!("未知电压等级“{}”", row.voltage),
                format!("unknown voltage `{}`", row.voltage),
            );
        }
        self.prices();
        self.consistency();
        let day = self.periods();
        if let Some(two_part) = two_part {
            self.capacity(two_part);
        }
        let (company, month, two_part, voltages, day) = (company?, month?, two_part?, voltages?, day?);
        let row = Row { published: row.clone(), two_part, voltages, day, gaps: Vec::new() };
        Some(((company.to_owned(), month), row))
    }

    fn prices(&mut self) {
        let row = self.row;
        for (band, price) in Band::ALL.iter().zip(row.bands) {
            self.range(band.zh(), band.word(), price, Price(1), HIGHEST);
        }
        for (component, price) in Component::ALL.iter().zip(row.components) {
            // 线损 and 系统运行费 hand back money in some months.
            let may_be_negative = matches!(component, Component::System | Component::LineLoss);
            let lowest = if may_be_negative { -HIGHEST } else { Price(1) };
            self.range(component.zh(), component.word(), price, lowest, HIGHEST);
            match price {
                None => self.gap(
                    format!("缺{}", component.zh()),
                    format!("the component {} is missing", component.word()),
                ),
                Some(p) if p.is_zero() && may_be_negative => {
                    self.fault(
                        format!("{}为零", component.zh()),
                        format!("the component {} is zero", component.word()),
                    );
                }
                Some(_) => {}
            }
        }
        self.range("需量电价", "demand", row.demand, Price(1), HIGHEST_CAPACITY);
        self.range("容量电价", "capacity", row.capacity, Price(1), HIGHEST_CAPACITY);
    }

    fn range(&mut self, zh: &str, en: &str, price: Option<Price>, lowest: Price, highest: Price) {
        if let Some(price) = price.filter(|p| *p < lowest || *p > highest) {
            self.fault(
                format!("{zh}价格{price}超出合理范围"),
                format!("the {en} price {price} is out of range"),
            );
        }
    }

    fn consistency(&mut self) {
        let row = self.row;
        let Some(flat) = row.bands[Band::Flat.index()] else {
            self.fault("缺平段电价", "the flat price is missing");
            return;
        };
        let told: Vec<Price> = row.components.iter().copied().flatten().collect();
        let sum: Price = told.iter().copied().sum();
        if told.len() == Component::ALL.len() && (sum - flat > TOLERANCE || flat - sum > TOLERANCE) {
            self.fault(
                format!("各构成项合计{sum}与平段电价{flat}不符"),
                format!("the components add up to {sum}, the flat price is {flat}"),
            );
        }
        let falling: Vec<Price> = row.bands.iter().copied().flatten().collect();
        if falling.windows(2).any(|pair| pair[0] < pair[1]) {
            self.fault(
                "尖、峰、平、谷、深谷电价未依次递减",
                "the prices do not fall from sharp over peak, flat and valley to deep",
            );
        }
    }

    fn periods(&mut self) -> Option<DayBands> {
        let day = match DayBands::parse(&self.row.periods) {
            Ok(day) => day,
            Err(e) => {
                self.fault(format!("时段有误: {e}"), format!("the periods are wrong: {e}"));
                return None;
            }
        };
        for band in Band::ALL {
            if day.0.contains(band) && self.row.bands[band.index()].is_none() && *band != Band::Flat {
                self.gap(
                    format!("有{}时段但未公布其电价,分时用户不能计费", band.zh()),
                    format!(
                        "the day has {0} hours without a {0} price: time of use cannot be billed",
                        band.word()
                    ),
                );
            }
        }
        Some(day)
    }

    fn capacity(&mut self, two_part: bool) {
        let row = self.row;
        if two_part && (row.demand.is_none() || row.capacity.is_none()) {
            self.fault("两部制缺需量或容量电价", "a two-part row lacks its demand or capacity price");
        }
        if !two_part && (row.demand.is_some() || row.capacity.is_some()) {
            self.gap(
                "单一制不应有需量、容量电价,照录但不计费",
                "a single-part row shows demand or capacity prices; they are kept and never billed",
            );
        }
    }
}

impl Row {
    fn same_place(&self, other: &Self) -> bool {
        self.two_part == other.two_part && self.voltages.iter().any(|v| other.voltages.contains(v))
    }
}

fn two_part(category: &str) -> Option<bool> {
    match category.trim() {
        "单一制-工商业" | "单一制" | "single_part" => Some(false),
        "两部制-大工业" | "两部制-工商业" | "两部制" | "two_part" => Some(true),
        _ => None,
    }
}

fn voltages(text: &str) -> Option<Vec<Voltage>> {
    match text.trim() {
        "35-110kV" => Some(vec![Voltage::Kv35, Voltage::Kv110]),
        "35kV及以上" => Some(vec![Voltage::Kv35, Voltage::Kv110, Voltage::Kv220]),
        one => Voltage::from_word(one).map(|v| vec![v]),
    }
}
