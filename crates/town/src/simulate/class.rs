//! 用户类别: the kinds of accounts of the town: how common they are, on which terms they are supplied, how they use.

use crate::lots::Lots;
use denghuo_rules::registry::{
    Category, CustomerKind, FixedPart, PfStandard, Scheme, SupplyTerms, TransformerLoss, Voltage,
};
use denghuo_rules::units::{Capacity, Demand, Energy, Ratio, Rounding};
use serde::Serialize;

/// 类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 居民
    Home,
    /// 居民分时
    HomeTou,
    /// 居民多人口
    LargeFamily,
    /// 居民合表
    Communal,
    /// 农业
    Farm,
    /// 单一制低压
    Shop,
    /// 单一制低压分时
    ShopTou,
    /// 单一制10kV,高供低计
    Workshop,
    /// 定比定量
    Mixed,
    /// 两部制按容量
    Factory,
    /// 两部制按合同最大需量
    Works,
    /// 两部制按实际最大需量
    Mill,
}

/// Every class with its share in a thousand accounts.
const SHARES: [(i64, Class); 12] = [
    (690, Class::Home),
    (140, Class::HomeTou),
    (50, Class::LargeFamily),
    (12, Class::Communal),
    (8, Class::Farm),
    (38, Class::Shop),
    (26, Class::ShopTou),
    (12, Class::Workshop),
    (4, Class::Mixed),
    (10, Class::Factory),
    (5, Class::Works),
    (5, Class::Mill),
];

/// When in the day an account uses its energy: a weight for each hour.
pub type DayShape = [i64; 24];

const AT_HOME: DayShape = [3, 2, 2, 2, 2, 3, 5, 7, 6, 5, 5, 6, 7, 6, 5, 5, 6, 8, 11, 12, 12, 10, 8, 5];
const IN_THE_DAY: DayShape = [1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 8, 9, 10, 10, 9, 8, 7, 6, 5, 3, 2, 1];
const IN_SHIFTS: DayShape = [5, 5, 5, 5, 5, 6, 7, 8, 10, 10, 10, 8, 9, 10, 10, 10, 10, 9, 8, 8, 8, 7, 6, 5];
const ROUND_THE_CLOCK: DayShape = [9; 24];

impl Class {
    /// Every class.
    pub const ALL: [Self; 12] = [
        Self::Home,
        Self::HomeTou,
        Self::LargeFamily,
        Self::Communal,
        Self::Farm,
        Self::Shop,
        Self::ShopTou,
        Self::Workshop,
        Self::Mixed,
        Self::Factory,
        Self::Works,
        Self::Mill,
    ];

    /// The class of an account; the first accounts of a town are one of each, so that even a small town has all.
    pub fn draw(id: i64, lots: &mut Lots) -> Self {
        let drawn = *lots.weighted(&SHARES);
        usize::try_from(id - 1).ok().and_then(|n| Self::ALL.get(n).copied()).unwrap_or(drawn)
    }

    /// The Chinese term.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Home => "居民",
            Self::HomeTou => "居民分时",
            Self::LargeFamily => "居民多人口",
            Self::Communal => "居民合表",
            Self::Farm => "农业生产",
            Self::Shop => "工商业单一制低压",
            Self::ShopTou => "工商业单一制低压分时",
            Self::Workshop => "工商业单一制10kV高供低计",
            Self::Mixed => "工商业定比定量",
            Self::Factory => "两部制按容量",
            Self::Works => "两部制按合同最大需量",
            Self::Mill => "两部制按实际最大需量",
        }
    }

    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::HomeTou => "home_tou",
            Self::LargeFamily => "large_family",
            Self::Communal => "communal",
            Self::Farm => "farm",
            Self::Shop => "shop",
            Self::ShopTou => "shop_tou",
            Self::Workshop => "workshop",
            Self::Mixed => "mixed",
            Self::Factory => "factory",
            Self::Works => "works",
            Self::Mill => "mill",
        }
    }

    /// Is it a home?
    #[must_use]
    pub const fn is_home(self) -> bool {
        matches!(self, Self::Home | Self::HomeTou | Self::LargeFamily)
    }

    /// Is it billed in two parts?
    #[must_use]
    pub const fn is_two_part(self) -> bool {
        matches!(self, Self::Factory | Self::Works | Self::Mill)
    }

    /// What it uses on an ordinary day.
    pub fn daily(self, lots: &mut Lots) -> Energy {
        let (low, high) = match self {
            Self::Home | Self::HomeTou => (25, 140),
            Self::LargeFamily => (90, 220),
            Self::Communal => (900, 3_500),
            Self::Farm => (150, 1_800),
            Self::Shop | Self::ShopTou => (120, 900),
            Self::Workshop => (2_000, 7_000),
            Self::Mixed => (2_500, 8_000),
            Self::Factory => (22_000, 75_000),
            Self::Works | Self::Mill => (40_000, 150_000),
        };
        Energy(lots.between(low, high) * 1_000)
    }

    /// How much of the yearly mean it uses in a month of the year, in a thousand.
    #[must_use]
    pub fn season(self, month: i8) -> i64 {
        const HOME: [i64; 12] = [1180, 1080, 860, 740, 760, 1020, 1460, 1520, 1000, 760, 840, 1120];
        const FARM: [i64; 12] = [500, 500, 900, 1300, 1500, 1700, 1500, 1300, 900, 700, 600, 500];
        const TRADE: [i64; 12] = [1050, 900, 900, 900, 950, 1080, 1220, 1240, 1020, 900, 920, 1020];
        const INDUSTRY: [i64; 12] = [960, 780, 1010, 1020, 1010, 1030, 1060, 1070, 1020, 1000, 1020, 1020];
        let curve = match self {
            Self::Home | Self::HomeTou | Self::LargeFamily | Self::Communal => &HOME,
            Self::Farm => &FARM,
            Self::Shop | Self::ShopTou | Self::Mixed => &TRADE,
            Self::Workshop | Self::Factory | Self::Works | Self::Mill => &INDUSTRY,
        };
        curve[usize::try_from(month - 1).unwrap_or(0).min(11)]
    }

    /// How much of a weekday it uses on a Saturday or Sunday, in a thousand.
    #[must_use]
    pub const fn weekend(self) -> i64 {
        match self {
            Self::Home | Self::HomeTou | Self::LargeFamily | Self::Communal => 1_120,
            Self::Farm | Self::Mill => 1_000,
            Self::Shop | Self::ShopTou => 1_060,
            Self::Workshop | Self::Mixed | Self::Factory => 620,
            Self::Works => 850,
        }
    }

    /// When in the day it uses.
    #[must_use]
    pub const fn shape(self) -> &'static DayShape {
        match self {
            Self::Home | Self::HomeTou | Self::LargeFamily | Self::Communal => &AT_HOME,
            Self::Farm | Self::Shop | Self::ShopTou | Self::Workshop | Self::Mixed => &IN_THE_DAY,
            Self::Factory | Self::Works => &IN_SHIFTS,
            Self::Mill => &ROUND_THE_CLOCK,
        }
    }

    /// What kind of customer it is, and of which trade.
    pub fn customer(self, lots: &mut Lots) -> (CustomerKind, Option<&'static str>) {
        match self {
            Self::Home | Self::HomeTou | Self::LargeFamily => (CustomerKind::Person, None),
            Self::Communal => (CustomerKind::Institution, Some("学校")),
            Self::Farm => (CustomerKind::Organisation, Some("农业")),
            Self::Shop | Self::ShopTou | Self::Mixed => {
                (CustomerKind::Enterprise, Some(*lots.pick(&["零售业", "餐饮业", "住宿业", "居民服务业"])))
            }
            Self::Workshop | Self::Factory | Self::Works | Self::Mill => {
                (CustomerKind::Enterprise, Some(*lots.pick(&["金属制品业", "纺织业", "化工", "食品加工业"])))
            }
        }
    }

    /// The terms of supply of an account that uses `daily` on an ordinary day.
    pub fn terms(self, daily: Energy, lots: &mut Lots) -> SupplyTerms {
        let home = SupplyTerms::household();
        let persons = lots.between(5, 8) as u8;
        // A transformer carries about two and a half times the mean load.
        let capacity = next_size(daily.0 * 5 / (2 * 24 * 10_000));
        let commercial = SupplyTerms { category: Category::Commercial, ..SupplyTerms::household() };
        let high = SupplyTerms { voltage: Voltage::Kv10, time_of_use: true, capacity, ..commercial.clone() };
        match self {
            Self::Home => home,
            Self::HomeTou => SupplyTerms { time_of_use: true, ..home },
            Self::LargeFamily => SupplyTerms { persons, ..home },
            Self::Communal => SupplyTerms { category: Category::Communal, ..home },
            Self::Farm => SupplyTerms { category: Category::Agriculture, ..home },
            Self::Shop => commercial,
            Self::ShopTou => SupplyTerms { time_of_use: true, ..commercial },
            Self::Workshop => SupplyTerms {
                pf_standard: PfStandard::P85,
                transformer_loss: Some(TransformerLoss::Table {
                    monthly_kwh: Energy::kwh(lots.between(180, 420)),
                    monthly_kvarh: Energy::kwh(lots.between(900, 2_400)),
                }),
                line_loss: Ratio::per_mille(lots.between(0, 8)),
                ..high
            },
            Self::Mixed => SupplyTerms {
                time_of_use: false,
                fixed_parts: vec![
                    FixedPart::Ratio { share: Ratio::percent(15), category: Category::Communal },
                    FixedPart::Quantity { monthly_kwh: Energy::kwh(300), category: Category::Agriculture },
                ],
                pf_standard: PfStandard::P85,
                ..high
            },
            Self::Factory => SupplyTerms { scheme: Scheme::Capacity, pf_standard: PfStandard::P90, ..high },
            Self::Works => SupplyTerms {
                scheme: Scheme::ContractDemand,
                contract_demand: Demand(Energy(capacity.0).times(Ratio::percent(60), Rounding::HalfUp).0),
                pf_standard: PfStandard::P90,
                ..high
            },
            Self::Mill => SupplyTerms { scheme: Scheme::ActualDemand, pf_standard: PfStandard::P90, ..high },
        }
    }

    /// Current and voltage transformers of its meter.
    #[must_use]
    pub const fn transformers(self) -> ((i64, i64), (i64, i64)) {
        match self {
            Self::Communal => ((100, 5), (1, 1)),
            Self::Workshop | Self::Mixed => ((300, 5), (1, 1)),
            Self::Factory | Self::Works | Self::Mill => ((50, 5), (10_000, 100)),
            _ => ((1, 1), (1, 1)),
        }
    }
}

/// The next usual size of a transformer.
#[must_use]
pub fn next_size(kva: i64) -> Capacity {
    const SIZES: [i64; 20] = [
        50, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1_000, 1_250, 1_600, 2_000, 2_500, 3_150,
        4_000, 5_000,
    ];
    let above = SIZES.iter().copied().find(|size| *size >= kva);
    // Beyond the largest single transformer: several of 1,000 kVA.
    Capacity::kva(above.unwrap_or_else(|| (kva + 999) / 1_000 * 1_000))
}
