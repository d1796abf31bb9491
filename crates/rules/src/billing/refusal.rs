//! Why a bill cannot be calculated; such an account is parked with the reason.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::Category;
use crate::tariff::Band;

/// 不能计费的原因. Checked in the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillRefusal {
    /// No segment, or a period that does not run forward.
    EmptyPeriod,
    /// The days of the segments are not the days of the period.
    DaysDoNotAdd {
        /// Days of the segments.
        segments: i64,
        /// Days of the period.
        period: i64,
    },
    /// A quantity below zero.
    NegativeUsage {
        /// The segment, from 1.
        segment: usize,
    },
    /// A quantity beyond what any account can use in a period (10^10 kWh): a slip of the pen or of a multiplier.
    BeyondRange {
        /// The segment, from 1.
        segment: usize,
    },
    /// Time-of-use energies that do not add up to the total.
    BandsDoNotAdd {
        /// The segment, from 1.
        segment: usize,
    },
    /// Energy in a tariff period for which no price is published.
    NoBandPrice {
        /// The tariff period.
        band: Band,
    },
    /// Annual tiers without the state of the home.
    NoHouseholdState,
    /// A fixed part of a category for which no price was compiled.
    NoFixedPrice {
        /// The category.
        category: Category,
    },
    /// A two-part account or a transformer loss without a capacity.
    NoCapacity {
        /// The segment, from 1.
        segment: usize,
    },
}

impl Refuse for BillRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::EmptyPeriod => "billing.empty_period",
            Self::DaysDoNotAdd { .. } => "billing.days_do_not_add",
            Self::NegativeUsage { .. } => "billing.negative_usage",
            Self::BeyondRange { .. } => "billing.beyond_range",
            Self::BandsDoNotAdd { .. } => "billing.bands_do_not_add",
            Self::NoBandPrice { .. } => "billing.no_band_price",
            Self::NoHouseholdState => "billing.no_household_state",
            Self::NoFixedPrice { .. } => "billing.no_fixed_price",
            Self::NoCapacity { .. } => "billing.no_capacity",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::EmptyPeriod => Bilingual::new("计费周期为空", "the billing period is empty"),
            Self::DaysDoNotAdd { segments, period } => Bilingual::new(
                format!("各计费段共{segments}天,与计费周期{period}天不符"),
                format!("the segments have {segments} days, the period has {period}"),
            ),
            Self::NegativeUsage { segment } => Bilingual::new(
                format!("第{segment}段电量为负"),
                format!("segment {segment} has a negative quantity"),
            ),
            Self::BeyondRange { segment } => Bilingual::new(
                format!("第{segment}段电量超出合理范围,请核对示数和倍率"),
                format!("segment {segment} has a quantity beyond all reason: check readings and multiplier"),
            ),
            Self::BandsDoNotAdd { segment } => Bilingual::new(
                format!("第{segment}段分时电量之和不等于总电量"),
                format!("the time-of-use energies of segment {segment} do not add up to its total"),
            ),
            Self::NoBandPrice { band } => Bilingual::new(
                format!("电价表没有{}时段电价", band.zh()),
                format!("the price table has no price for the {} period", band.word()),
            ),
            Self::NoHouseholdState => {
                Bilingual::new("缺少居民阶梯年累计电量", "the annual energy of the household is not known")
            }
            Self::NoFixedPrice { category } => Bilingual::new(
                format!("定比定量部分缺少{}电价", category.zh()),
                format!("no price was given for the fixed part of category {}", category.word()),
            ),
            Self::NoCapacity { segment } => Bilingual::new(
                format!("第{segment}段缺少合同容量或需量"),
                format!("segment {segment} has no contract capacity or demand"),
            ),
        }
    }
}
