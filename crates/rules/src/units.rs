//! Money, prices, energy, demand and capacity: integers with the unit in the type.
//!
//! No float touches an amount. Every division names its [`Rounding`].

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

mod decimal;
mod rounding;
#[cfg(test)]
mod tests;

pub use decimal::{DecimalError, format_scaled, parse_scaled};
pub use rounding::Rounding;

/// Defines an integer quantity: `$scale` is the number of decimals kept in the unit people read.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $scale:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);
            /// Decimals kept in the unit that people read.
            pub const SCALE: u32 = $scale;

            /// The raw integer.
            #[must_use]
            pub const fn raw(self) -> i64 {
                self.0
            }

            /// True when it is exactly zero.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The larger of the two.
            #[must_use]
            pub fn at_least(self, floor: Self) -> Self {
                self.max(floor)
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, Add::add)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format_scaled(self.0, Self::SCALE, Self::MIN_DECIMALS))
            }
        }
        impl FromStr for $name {
            type Err = DecimalError;
            fn from_str(text: &str) -> Result<Self, DecimalError> {
                parse_scaled(text, Self::SCALE).map(Self)
            }
        }
        /// As decimal text, so that no reader turns it into a float.
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                decimal::deserialize_scaled(d, Self::SCALE).map(Self)
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                decimal::decimal_schema(stringify!($name), Self::SCALE)
            }
        }
    };
}

quantity!(
    /// 金额: an amount of money in fen (0.01 yuan).
    Money, 2
);
quantity!(
    /// 电价: a price in 1e-8 yuan per unit (kWh, kW·month or kVA·month).
    Price, 8
);
quantity!(
    /// 电量: active energy in 0.0001 kWh; reactive energy in 0.0001 kvarh.
    Energy, 4
);
quantity!(
    /// 需量: demand in 0.0001 kW.
    Demand, 4
);
quantity!(
    /// 容量: capacity in 0.0001 kVA.
    Capacity, 4
);
quantity!(
    /// 比例: a ratio in millionths (1e-6); 1.7 is `Ratio(1_700_000)`.
    Ratio, 6
);

impl Money {
    /// Decimals always shown.
    pub const MIN_DECIMALS: u32 = 2;
    /// Whole yuan.
    #[must_use]
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }
    /// Part of the amount, rounded to the fen.
    #[must_use]
    pub fn times(self, ratio: Ratio, rounding: Rounding) -> Self {
        Self(rounding.divide_i128(i128::from(self.0) * i128::from(ratio.0), 1_000_000))
    }
    /// `self × numerator ÷ denominator`, rounded to the fen.
    #[must_use]
    pub fn prorate(self, numerator: i64, denominator: i64, rounding: Rounding) -> Self {
        Self(rounding.divide_i128(i128::from(self.0) * i128::from(numerator), i128::from(denominator)))
    }
}

impl Price {
    /// Decimals always shown.
    pub const MIN_DECIMALS: u32 = 2;
    /// Price × ratio, rounded to `decimals` decimals of a yuan (6 for floated agency prices).
    #[must_use]
    pub fn times(self, ratio: Ratio, decimals: u32, rounding: Rounding) -> Self {
        let step = 10_i128.pow(Self::SCALE - decimals.min(Self::SCALE));
        let raw = i128::from(self.0) * i128::from(ratio.0);
        let stepped = rounding.divide_i128(raw, 1_000_000 * step);
        Self(stepped * step as i64)
    }
    /// The charge for a quantity of energy, rounded to the fen.
    #[must_use]
    #[inline]
    pub fn charge(self, energy: Energy, rounding: Rounding) -> Money {
        // price 1e-8 × energy 1e-4 = 1e-12 yuan; a fen is 1e-2 yuan.
        Money(rounding.divide_product(self.0, energy.0, 10_000_000_000))
    }
    /// The charge for a demand, rounded to the fen.
    #[must_use]
    pub fn charge_demand(self, demand: Demand, rounding: Rounding) -> Money {
        Money(rounding.divide_product(self.0, demand.0, 10_000_000_000))
    }
    /// The charge for a capacity, rounded to the fen.
    #[must_use]
    pub fn charge_capacity(self, capacity: Capacity, rounding: Rounding) -> Money {
        Money(rounding.divide_product(self.0, capacity.0, 10_000_000_000))
    }
}

impl Energy {
    /// Decimals always shown.
    pub const MIN_DECIMALS: u32 = 0;
    /// Whole kWh.
    #[must_use]
    pub const fn kwh(kwh: i64) -> Self {
        Self(kwh * 10_000)
    }
    /// Rounded to whole kWh (电量取整).
    #[must_use]
    pub fn to_whole_kwh(self, rounding: Rounding) -> Self {
        Self(rounding.divide(self.0, 10_000) * 10_000)
    }
    /// Energy × ratio, rounded to 0.0001 kWh.
    #[must_use]
    pub fn times(self, ratio: Ratio, rounding: Rounding) -> Self {
        Self(rounding.divide_i128(i128::from(self.0) * i128::from(ratio.0), 1_000_000))
    }
    /// `self × numerator ÷ denominator`, rounded to 0.0001 kWh.
    #[must_use]
    pub fn prorate(self, numerator: i64, denominator: i64, rounding: Rounding) -> Self {
        Self(rounding.divide_i128(i128::from(self.0) * i128::from(numerator), i128::from(denominator)))
    }
}

impl Demand {
    /// Decimals always shown.
    pub const MIN_DECIMALS: u32 = 0;
    /// Whole kW.
    #[must_use]
    pub const fn kw(kw: i64) -> Self {
        Self(kw * 10_000)
    }
}

impl Capacity {
    /// Decimals always shown.
    pub const MIN_DECIMALS: u32 = 0;
    /// Whole kVA.
    #[must_use]
    pub const fn kva(kva: i64) -> Self {
        Self(kva * 10_000)
    }
}

impl Ratio {
    /// Decimals always shown.
    pub const MIN_DECIMALS: u32 = 0;
    /// Exactly one.
    pub const ONE: Self = Self(1_000_000);
    /// Whole percent.
    #[must_use]
    pub const fn percent(percent: i64) -> Self {
        Self(percent * 10_000)
    }
    /// Per mille (‰).
    #[must_use]
    pub const fn per_mille(per_mille: i64) -> Self {
        Self(per_mille * 1_000)
    }
    /// `numerator ÷ denominator`; `None` when the denominator is zero.
    #[must_use]
    pub fn of(numerator: i64, denominator: i64, rounding: Rounding) -> Option<Self> {
        (denominator != 0)
            .then(|| Self(rounding.divide_i128(i128::from(numerator) * 1_000_000, i128::from(denominator))))
    }
}
