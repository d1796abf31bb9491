//! What keeps registers from becoming energy.

use super::dial::RegisterKind;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::units::Energy;
use jiff::civil::Date;

/// Why energy cannot be computed from readings; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeteringRefusal {
    /// A reading lies before the one it is compared with.
    OutOfOrder {
        /// The earlier reading's day.
        last: Date,
        /// The later reading's day.
        this: Date,
    },
    /// A register shows more than its digits allow.
    BeyondDial {
        /// The register.
        register: RegisterKind,
        /// What it is said to show.
        shown: Energy,
    },
    /// A register went back, and not by passing its last digit.
    WentBack {
        /// The register.
        register: RegisterKind,
        /// Its last value.
        last: Energy,
        /// Its value now.
        this: Energy,
    },
}

impl Refuse for MeteringRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OutOfOrder { .. } => "metering.out_of_order",
            Self::BeyondDial { .. } => "metering.beyond_dial",
            Self::WentBack { .. } => "metering.went_back",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::OutOfOrder { last, this } => Bilingual::new(
                format!("本次抄表日{this}早于上次{last}"),
                format!("the reading of {this} lies before the last one of {last}"),
            ),
            Self::BeyondDial { register, shown } => Bilingual::new(
                format!("{}示数{shown}超出表计位数", register.zh()),
                format!("register {} shows {shown}, more than the meter has digits for", register.word()),
            ),
            Self::WentBack { register, last, this } => Bilingual::new(
                format!("{}示数由{last}倒走至{this}", register.zh()),
                format!("register {} went back from {last} to {this}", register.word()),
            ),
        }
    }
}
