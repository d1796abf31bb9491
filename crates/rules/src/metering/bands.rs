//! 分时电量与总电量: where the tariff registers do not add up to the total, the total prevails and is split by their
//! proportions, to the last unit.

use crate::tariff::{Band, PerBand};
use crate::units::Energy;

/// Band energies that add up to the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Energy per tariff period; all zero for a meter without tariff registers.
    pub bands: PerBand<Energy>,
    /// How far the registers were from the total, always ≥ 0.
    pub gap: Energy,
}

/// Makes the bands add up to `total` in whole multiples of `step` (the total must be one).
#[must_use]
pub fn reconcile(total: Energy, bands: &PerBand<Option<Energy>>, step: i64) -> Reconciled {
    if bands.iter().all(Option::is_none) {
        return Reconciled::default();
    }
    let mut energies = bands.map(Option::unwrap_or_default);
    let sum: Energy = energies.iter().copied().sum();
    let flat = Band::Flat.index();
    // What rounding left of each register and of the total is no flat energy: a home with peak and valley has none.
    let rounded = Energy((bands.iter().flatten().count() as i64 + 1) * step / 2);
    if bands[flat].is_none() && sum > Energy::ZERO && sum < total && total - sum < rounded {
        return Reconciled { bands: proportional(total, &energies, sum, step), gap: Energy::ZERO };
    }
    if bands[flat].is_none() && sum <= total {
        energies[flat] = total - sum;
        return Reconciled { bands: energies, gap: Energy::ZERO };
    }
    if sum == total {
        return Reconciled { bands: energies, gap: Energy::ZERO };
    }
    let gap = Energy((total - sum).0.abs());
    if sum <= Energy::ZERO {
        energies = PerBand::default();
        energies[flat] = total;
        return Reconciled { bands: energies, gap };
    }
    Reconciled { bands: proportional(total, &energies, sum, step), gap }
}

/// Splits by cumulative shares, so that nothing is lost and no band is off by more than one step.
fn proportional(total: Energy, weights: &PerBand<Energy>, sum: Energy, step: i64) -> PerBand<Energy> {
    let (mut through, mut given) = (0_i128, 0_i64);
    weights.map(|weight| {
        through += i128::from(weight.0);
        let exact = i128::from(total.0 / step) * through;
        let upto = crate::units::Rounding::HalfUp.divide_i128(exact, i128::from(sum.0)) * step;
        let part = upto - given;
        given = upto;
        Energy(part)
    })
}
