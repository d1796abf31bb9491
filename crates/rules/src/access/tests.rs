use super::{LoginRule, PasswordFault, Permission, RIGHTS, Role, Unit, may, scope_root};
use crate::registry::{OrgKind, StaffRole};

const RULE: LoginRule = LoginRule {
    failures_to_lock: 5,
    lock_minutes: 15,
    password_characters: 10,
    password_kinds: 3,
    idle_minutes: 30,
    session_hours: 12,
    attempts_per_minute: 10,
    requests_per_minute: 600,
};

#[test]
fn every_permission_has_one_line_and_somebody() {
    let listed: Vec<Permission> = RIGHTS.iter().map(|(permission, _)| *permission).collect();
    assert_eq!(listed, Permission::ALL, "the table lists every permission once, in the order of the words");
    assert!(RIGHTS.iter().all(|(_, roles)| !roles.is_empty()));
}

#[test]
fn every_role_of_the_staff_list_is_a_role() {
    for role in StaffRole::ALL {
        assert_eq!(Role::from(*role).word(), role.word());
        assert_eq!(Role::from(*role).zh(), role.zh());
    }
    assert_eq!(Role::ALL.len(), StaffRole::ALL.len() + 1);
}

/// Nobody both makes and approves by the table alone; the administrator touches no money.
#[test]
fn duties_are_apart() {
    let apart = [
        (Permission::TakePayments, Permission::KeepBank),
        (Permission::KeepBank, Permission::ApproveRefunds),
        (Permission::CorrectBills, Permission::TakePayments),
        (Permission::ProposeCuts, Permission::ManagePeople),
        (Permission::ReleaseBills, Permission::TakePayments),
    ];
    for (one, other) in apart {
        let both: Vec<_> = Role::ALL.iter().filter(|role| may(**role, one) && may(**role, other)).collect();
        assert!(both.is_empty(), "{both:?} hold {} and {}", one.word(), other.word());
    }
    assert!(!may(Role::Administrator, Permission::SeeAccounts));
    assert!(!may(Role::Other, Permission::SeeAccounts));
}

/// Company 1 with department 2 (team 5), station 3 (hall 6, team 7), and a hall 8 under nothing.
#[test]
fn scope_is_the_nearest_station_or_company() {
    let unit = |org_id, kind, parent_id| Unit { org_id, kind, parent_id };
    let units = [
        unit(1, OrgKind::Company, None),
        unit(2, OrgKind::Department, Some(1)),
        unit(3, OrgKind::Station, Some(1)),
        unit(5, OrgKind::Team, Some(2)),
        unit(6, OrgKind::Hall, Some(3)),
        unit(7, OrgKind::Team, Some(6)),
        unit(8, OrgKind::Hall, None),
    ];
    for (own, root) in [(1, 1), (2, 1), (3, 3), (5, 1), (6, 3), (7, 3), (8, 8), (9, 9)] {
        assert_eq!(scope_root(&units, own), root, "unit {own}");
    }
    let ring = [unit(1, OrgKind::Team, Some(2)), unit(2, OrgKind::Team, Some(1))];
    assert_eq!(scope_root(&ring, 1), 1);
}

#[test]
fn passwords() {
    let cases = [
        ("kurz", Err(PasswordFault::Short(10))),
        ("abcdefghijkl", Err(PasswordFault::Simple(3))),
        ("abcdefgh1234", Err(PasswordFault::Simple(3))),
        ("Abcdefgh1234", Ok(())),
        ("灯火阑珊处Abcd12", Ok(())),
        ("xx-S001-Abcd", Err(PasswordFault::HoldsName)),
    ];
    for (password, result) in cases {
        assert_eq!(RULE.check_password("s001", password), result, "{password}");
    }
}

#[test]
fn locks_and_lives() {
    assert_eq!(RULE.locked_until(4, 0), None);
    assert_eq!(RULE.locked_until(5, 1_000), Some(901_000));
    let minute = 60_000;
    let ends = RULE.ends_at(0);
    assert!(RULE.lives(0, ends, 29 * minute));
    assert!(!RULE.lives(0, ends, 30 * minute), "idle");
    assert!(!RULE.lives(ends - 1, ends, ends), "too old");
}
