//! Named rounding modes: an item of a bill names the one it uses.

use serde::{Deserialize, Serialize};

/// How a division ends in a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// 四舍五入: halves away from zero; the default of bill items.
    #[default]
    HalfUp,
    /// 舍去: toward zero (one published bill cuts 2,311.6761 to 2,311.67).
    Truncate,
    /// 进一: away from zero whenever something remains.
    Up,
    /// 四舍六入五成双: halves to the even neighbour.
    HalfEven,
}

impl Rounding {
    /// `numerator ÷ denominator` in this mode. The denominator must be positive.
    #[must_use]
    #[inline]
    pub fn divide(self, numerator: i64, denominator: i64) -> i64 {
        debug_assert!(denominator > 0, "a denominator must be positive");
        let quotient = numerator / denominator;
        let remainder = numerator % denominator;
        quotient
            + self.correction(remainder.unsigned_abs().into(), denominator.unsigned_abs().into(), quotient)
                * if numerator < 0 { -1 } else { 1 }
    }

    /// The wide form of [`Self::divide`]. Panics when the quotient leaves the range of `i64`, which no
    /// amount of a real company does.
    #[must_use]
    pub fn divide_i128(self, numerator: i128, denominator: i128) -> i64 {
        let (numerator, denominator) =
            if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
        let quotient = i64::try_from(numerator / denominator).expect("an amount beyond the range of money");
        let remainder = numerator % denominator;
        quotient
            + self.correction(remainder.unsigned_abs(), denominator.unsigned_abs(), quotient)
                * if numerator < 0 { -1 } else { 1 }
    }

    /// `a × b ÷ denominator`, in 64 bits when the product fits and in 128 bits when not.
    #[must_use]
    #[inline]
    pub fn divide_product(self, a: i64, b: i64, denominator: i64) -> i64 {
        match a.checked_mul(b) {
            Some(product) => self.divide(product, denominator),
            None => self.divide_i128(i128::from(a) * i128::from(b), i128::from(denominator)),
        }
    }

    #[inline]
    fn correction(self, remainder: u128, denominator: u128, quotient: i64) -> i64 {
        if remainder == 0 {
            return 0;
        }
        let up = match self {
            Self::HalfUp => remainder >= denominator - remainder,
            Self::Truncate => false,
            Self::Up => true,
            Self::HalfEven => {
                let rest = denominator - remainder;
                remainder > rest || (remainder == rest && quotient % 2 != 0)
            }
        };
        i64::from(up)
    }
}
