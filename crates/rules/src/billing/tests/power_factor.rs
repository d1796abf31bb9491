//! The table of the power-factor adjustment.

use super::*;

#[test]
fn cosphi_is_half_up_in_hundredths() {
    // active, reactive, hundredths
    let table = [
        (50_000, 59_000, Some(65)),
        (694_152, 256_728, Some(94)),
        (5_115, 3_090, Some(86)),
        (40_000, 30_000, Some(80)),
        (511_800, 110_100, Some(98)),
        (1, 0, Some(100)),
        (0, 1, Some(0)),
        (0, 0, None),
    ];
    for (active, reactive, expect) in table {
        assert_eq!(cos_phi(Energy::kwh(active), Energy::kwh(reactive)), expect, "{active}/{reactive}");
    }
    assert_eq!(cos_phi(Energy(3), Energy(4)), Some(60));
}

#[test]
fn the_table_stands_as_printed() {
    // standard, cosφ in hundredths, percent × 100
    let table = [
        (PfStandard::P90, 100, -75),
        (PfStandard::P90, 95, -75),
        (PfStandard::P90, 94, -60),
        (PfStandard::P90, 91, -15),
        (PfStandard::P90, 90, 0),
        (PfStandard::P90, 89, 50),
        (PfStandard::P90, 65, 1_500),
        (PfStandard::P90, 60, 2_500),
        (PfStandard::P90, 0, 14_500),
        (PfStandard::P85, 94, -110),
        (PfStandard::P85, 90, -50),
        (PfStandard::P85, 84, 50),
        (PfStandard::P85, 59, 1_700),
        (PfStandard::P85, 58, 1_900),
        (PfStandard::P80, 92, -130),
        (PfStandard::P80, 85, -50),
        (PfStandard::P80, 55, 1_500),
        (PfStandard::P80, 53, 1_900),
    ];
    let params = Bench::on(date(2025, 7, 1)).params;
    for (standard, cos, percent) in table {
        let rate = params.power_factor.rate(standard, cos).unwrap();
        assert_eq!(rate.0, percent * 100, "{} at {cos}", standard.word());
    }
    assert_eq!(params.power_factor.rate(PfStandard::None, 50), None);
    for standard in [PfStandard::P90, PfStandard::P85, PfStandard::P80] {
        let rates: Vec<_> = (0..=100).map(|c| params.power_factor.rate(standard, c).unwrap()).collect();
        assert!(rates.windows(2).all(|w| w[0] >= w[1]), "a better power factor never costs more");
    }
}
