//! The forms in which a month's table comes: the JSON of the transcribed tables, the same as TOML, and CSV by columns.

use super::published::Published;
use super::{Band, Component};
use crate::units::Price;
use serde::Deserialize;
use serde_json::Value;

/// A file that is not of its form at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a price table: {0}: 不是电价表文件")]
pub struct BadForm(pub String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    province: String,
    month: String,
    category: String,
    voltage: String,
    prices: RowPrices,
    #[serde(default)]
    periods: Option<String>,
    #[serde(default, alias = "basis")]
    policy: Option<String>,
    /// Free text about the floating; known to be unreliable, so it is not used.
    #[serde(default, rename = "float")]
    _float: Value,
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct RowPrices {
    #[serde(alias = "tip")]
    sharp: Option<Price>,
    peak: Option<Price>,
    flat: Option<Price>,
    valley: Option<Price>,
    deep: Option<Price>,
    #[serde(alias = "purchase_agent")]
    purchase: Option<Price>,
    line_loss: Option<Price>,
    #[serde(alias = "transmission_distribution")]
    transmission: Option<Price>,
    #[serde(alias = "system_cost")]
    system: Option<Price>,
    #[serde(alias = "government_funds")]
    funds: Option<Price>,
    #[serde(alias = "demand_charge")]
    demand: Option<Price>,
    #[serde(alias = "capacity_charge")]
    capacity: Option<Price>,
}

fn published(place: &str, value: Value) -> Published {
    let row = match serde_json::from_value::<Row>(value) {
        Ok(row) => row,
        Err(e) => return Published::unreadable(place, e.to_string()),
    };
    let p = row.prices;
    let mut bands = [None; 5];
    for (band, price) in [
        (Band::Sharp, p.sharp),
        (Band::Peak, p.peak),
        (Band::Flat, p.flat),
        (Band::Valley, p.valley),
        (Band::Deep, p.deep),
    ] {
        bands[band.index()] = price;
    }
    let mut components = [None; 5];
    for (component, price) in [
        (Component::Purchase, p.purchase),
        (Component::LineLoss, p.line_loss),
        (Component::Transmission, p.transmission),
        (Component::System, p.system),
        (Component::Funds, p.funds),
    ] {
        components[component as usize] = price;
    }
    Published {
        place: place.to_owned(),
        unreadable: None,
        province: row.province,
        month: row.month,
        category: row.category,
        voltage: row.voltage,
        bands,
        components,
        demand: p.demand,
        capacity: p.capacity,
        periods: row.periods.unwrap_or_default(),
        policy: row.policy.unwrap_or_default(),
        source: row.source.unwrap_or_default(),
    }
}

fn rows(values: Vec<Value>) -> Vec<Published> {
    values.into_iter().enumerate().map(|(n, value)| published(&format!("row {}", n + 1), value)).collect()
}

/// Reads the JSON form: an array of rows. A row that cannot be read is kept with its reason.
///
/// # Errors
/// The text is no JSON array.
pub fn read_json(text: &str) -> Result<Vec<Published>, BadForm> {
    serde_json::from_str::<Vec<Value>>(text).map(rows).map_err(|e| BadForm(e.to_string()))
}

/// Reads the TOML form: `[[row]]` tables with the fields of the JSON form.
///
/// # Errors
/// The text is no such TOML.
pub fn read_toml(text: &str) -> Result<Vec<Published>, BadForm> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        row: Vec<Value>,
    }
    toml::from_str::<File>(text).map(|file| rows(file.row)).map_err(|e| BadForm(e.to_string()))
}

/// Columns of the CSV form that are texts of the row; every other column is a price.
const TEXTS: [&str; 7] = ["province", "month", "category", "voltage", "periods", "policy", "source"];

/// Reads one line of the CSV form: `province,month,category,voltage,sharp,peak,flat,valley,deep,purchase,line_loss,
/// transmission,system,funds,demand,capacity,periods,policy,source`, in any order; an empty cell is absent.
#[must_use]
pub fn read_csv_row(place: &str, header: &[String], cells: &[String]) -> Published {
    let (mut row, mut prices) = (serde_json::Map::new(), serde_json::Map::new());
    for (name, cell) in header.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
        let into = if TEXTS.contains(&name.as_str()) { &mut row } else { &mut prices };
        into.insert(name.clone(), Value::String(cell.trim().to_owned()));
    }
    row.insert("prices".to_owned(), Value::Object(prices));
    published(place, Value::Object(row))
}
