//! Checked price tables as the text of rule files.

use super::published::{Row, Table};
use super::{Band, Component};
use crate::units::Price;
use std::fmt::Write as _;

/// The rule files of the tables, as `(path, text)`.
#[must_use]
pub fn rule_files(tables: &[Table]) -> Vec<(String, String)> {
    tables
        .iter()
        .map(|table| {
            let path = format!("{}/prices_{}.toml", table.jurisdiction, table.month.to_string().replace('-', "_"));
            let mut text = format!(
                "# {} {} 工商业电价表. Written by `denghuo rules import-prices`; prices stand as published.\nlayer = \"province\"\n",
                table.rows[0].published.province, table.month
            );
            table.rows.iter().for_each(|row| row.write(table, &mut text));
            (path, text)
        })
        .collect()
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list<'t>(words: impl Iterator<Item = &'t str>) -> String {
    words.map(quoted).collect::<Vec<_>>().join(", ")
}

fn inline(pairs: impl Iterator<Item = (&'static str, Option<Price>)>) -> String {
    let pairs: Vec<String> =
        pairs.filter_map(|(name, price)| price.map(|p| format!("{name} = \"{p}\""))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

impl Row {
    fn write(&self, table: &Table, text: &mut String) {
        let row = &self.published;
        let scheme = if self.two_part { "two_part" } else { "single_part" };
        let voltage: Vec<&str> = self.voltages.iter().map(|v| v.word()).collect();
        let schemes = if self.two_part {
            "\"capacity\", \"contract_demand\", \"actual_demand\""
        } else {
            "\"single_part\""
        };
        let mut note = "按公布价格执行; prices as published.".to_owned();
        for (zh, en) in &self.gaps {
            let _ = write!(note, " {zh} / {en}.");
        }
        let title = format!("{} {} {}", row.source, row.month, row.category);
        let _ = write!(
            text,
            "\n[[rule]]\nid = \"{}.prices.{}.{scheme}.{}\"\ntopic = \"prices\"\nfrom = \"{}\"\nuntil = \"{}\"\n\
             confidence = \"M\"\nbasis = {{ title = {}, document = {}, note = {} }}\n\
             when = {{ category = [\"commercial\"], scheme = [{schemes}], voltage = [{}] }}\n\n\
             [rule.params]\nmonth = \"{}\"\nbands = {}\ncomponents = {}\n",
            table.jurisdiction,
            table.month,
            voltage.join("_"),
            table.month.first_day(),
            table.month.last_day(),
            quoted(title.trim()),
            quoted(&row.policy),
            quoted(&note),
            list(voltage.iter().copied()),
            table.month,
            inline(Band::ALL.iter().map(|b| b.word()).zip(row.bands)),
            inline(Component::ALL.iter().map(|c| c.word()).zip(row.components)),
        );
        for (name, price) in [("demand", row.demand), ("capacity", row.capacity)] {
            if let Some(price) = price {
                let _ = writeln!(text, "{name} = \"{price}\"");
            }
        }
        let _ = writeln!(text, "periods = {}", quoted(&self.day.to_text()));
    }
}
