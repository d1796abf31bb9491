//! 供用电条件 as they stand in a row of accounts.

use crate::import::{Record, RowError};
use denghuo_rules::registry::{
    Category, FixedPart, PfStandard, Scheme, SupplyTerms, TransformerLoss, Voltage,
};
use denghuo_rules::units::{Capacity, Demand, Energy, Money, Ratio};

/// The terms of a row.
///
/// # Errors
/// Loss columns that contradict each other, or fixed parts that cannot be read.
pub(super) fn terms_of(record: &Record<'_>) -> Result<SupplyTerms, RowError> {
    let number = |name| record.number(name).unwrap_or(0);
    Ok(SupplyTerms {
        category: record.word("category", Category::from_word).unwrap_or(Category::Household),
        voltage: record.word("voltage", Voltage::from_word).unwrap_or(Voltage::Low),
        scheme: record.word("scheme", Scheme::from_word).unwrap_or(Scheme::SinglePart),
        time_of_use: record.flag("time_of_use").unwrap_or(false),
        capacity: Capacity(number("capacity_kva")),
        contract_demand: Demand(number("contract_demand_kw")),
        pf_standard: record.word("pf_standard", PfStandard::from_word).unwrap_or(PfStandard::None),
        persons: u8::try_from(number("persons")).unwrap_or(u8::MAX),
        transformer_loss: transformer_loss(record)?,
        line_loss: Ratio(number("line_loss")),
        fixed_parts: fixed_parts(record)?,
        minimum_payment: Money(number("minimum_payment")),
    })
}

/// Shape of an unknown load curve, as the type of the nameplate's losses tells.
const UNKNOWN_SHAPE: i64 = 1_050_000;

fn transformer_loss(record: &Record<'_>) -> Result<Option<TransformerLoss>, RowError> {
    let monthly = record.number("loss_monthly_kwh");
    let plate = ["loss_no_load_kw", "loss_load_kw", "loss_rated_kva", "loss_current", "loss_impedance"];
    let given = plate.iter().filter(|name| record.number(name).is_some()).count();
    match (monthly, given) {
        (None, 0) => Ok(None),
        (Some(kwh), 0) => Ok(Some(TransformerLoss::Table {
            monthly_kwh: Energy(kwh),
            monthly_kvarh: Energy(record.number("loss_monthly_kvarh").unwrap_or(0)),
        })),
        (None, 5) => {
            let [no_load, load, rated, current, impedance] =
                plate.map(|name| record.number(name).unwrap_or(0));
            Ok(Some(TransformerLoss::Nameplate {
                no_load_kw: Demand(no_load),
                load_kw: Demand(load),
                rated_kva: Capacity(rated),
                no_load_current: Ratio(current),
                impedance: Ratio(impedance),
                shape: Ratio(record.number("loss_shape").unwrap_or(UNKNOWN_SHAPE)),
                hours_per_day: u8::try_from(record.number("loss_hours").unwrap_or(24)).unwrap_or(24),
            }))
        }
        (Some(_), _) => Err(record.wrong(
            "loss_monthly_kwh",
            "registry.two_losses",
            "月变损与铭牌参数只能填一种",
            "give either the monthly loss or the nameplate, not both",
        )),
        (None, _) => Err(record.wrong(
            "loss_no_load_kw",
            "registry.nameplate_incomplete",
            "铭牌变损的五项参数须全部填写",
            "the five values of the nameplate belong together",
        )),
    }
}

/// `定量:500:居民生活; 定比:0.3:农业生产`.
fn fixed_parts(record: &Record<'_>) -> Result<Vec<FixedPart>, RowError> {
    let text = record.text("fixed_parts").replace('\u{ff1a}', ":").replace('\u{ff1b}', ";");
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(fixed_part).collect::<Option<Vec<_>>>().ok_or_else(|| {
        record.wrong(
            "fixed_parts",
            "registry.bad_fixed_part",
            "应如“定量:500:居民生活;定比:0.3:农业生产”",
            "such as `quantity:500:household;ratio:0.3:agriculture`",
        )
    })
}

fn fixed_part(text: &str) -> Option<FixedPart> {
    let mut fields = text.split(':').map(str::trim);
    let (by, amount, category) = (fields.next()?, fields.next()?, fields.next()?);
    let category = Category::from_word(category).filter(|_| fields.next().is_none())?;
    match by {
        "定量" | "quantity" => {
            let monthly_kwh: Energy = amount.parse().ok().filter(|e: &Energy| e.raw() >= 0)?;
            Some(FixedPart::Quantity { monthly_kwh, category })
        }
        "定比" | "ratio" => {
            let share: Ratio = amount.parse().ok().filter(|r| (Ratio::ZERO..=Ratio::ONE).contains(r))?;
            Some(FixedPart::Ratio { share, category })
        }
        _ => None,
    }
}
