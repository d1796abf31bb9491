//! Every operation × every role × own and foreign unit. What the table of rights says is what the server does, and
//! `docs/rights.md` is made of the answers.

use super::documents::committed;
use super::world::{Answer, World};
use axum::http::Method;
use denghuo_rules::access::{Permission, RIGHTS, Role, may};
use denghuo_server::{Access, Endpoint, endpoints};
use denghuo_store::testing::on_each_engine;
use std::cell::RefCell;
use std::fmt::Write as _;

/// An account of the asker's station, and one of another.
const OWN: &str = "A1";
const FOREIGN: &str = "A3";

fn name_of(role: Role) -> String {
    if role == Role::Administrator { "admin".to_owned() } else { format!("S-{}", role.word()) }
}

/// Who asks.
#[derive(Clone, Copy)]
enum Who<'n> {
    Nobody,
    Login(&'n str),
    /// The customer of account [`OWN`].
    Customer,
}

fn ask(world: &World, endpoint: &Endpoint, who: Who<'_>, account: &str) -> Answer {
    let facts = &endpoint.facts;
    let path = facts
        .path
        .replace("{account_no}", account)
        .replace("{name}", "nobody")
        .replace("{bill_no}", "1")
        .replace("{payment_no}", "1")
        .replace("{intent_no}", "1")
        .replace("{request_no}", "1")
        .replace("{evidence_no}", "1")
        .replace("{notice_no}", "1")
        .replace("{contact_no}", "1")
        .replace("{plan_no}", "1")
        .replace("{hold_no}", "1")
        .replace("{request_no}", "1")
        .replace("{run_id}", "2026-03-05-paper_own-1")
        .replace("{run_on}", "2026-03-05")
        .replace("{rule_id}", "cn.late_fee.2024")
        .replace("{year}", "2026")
        .replace("{webhook_no}", "1")
        .replace("{kind}", "customers")
        .replace("{case_no}", "1")
        .replace("{security_no}", "1")
        .replace("{request_no}", "1")
        .replace("{write_off_no}", "1")
        .replace("{window_no}", "1")
        .replace("{proposal_no}", "1")
        .replace("{token_no}", "99")
        .replace("{ticket_no}", "1")
        .replace("{target_no}", "1")
        .replace("{node_no}", "1")
        .replace("{month}", "2026-03")
        .replace("{staff}", "S-reader")
        .replace("{sheet_no}", "1")
        .replace("{finding_no}", "1")
        .replace("{review_no}", "1")
        .replace("{sample_no}", "1")
        .replace("{course}", "safety")
        .replace("{session_no}", "1")
        .replace("{certificate_no}", "1")
        .replace("{article}", "policy-cut")
        .replace("{campaign_no}", "1")
        .replace("{problem_no}", "1");
    assert!(!path.contains('{'), "say here what stands for the parameter of {}", facts.path);
    let path = format!("/api/v1{path}{}", if facts.path == "/accounts" { "?q=A1" } else { "" });
    let client = match who {
        Who::Nobody => world.nobody(),
        Who::Login(name) => world.person(name),
        Who::Customer => world.customer(OWN),
    };
    let client = client.with("idempotency-key", "x");
    let body = (facts.method != Method::GET).then(|| "{}".to_owned());
    client.send(facts.method.clone(), &path, body)
}

/// True when the door opened, whatever stood behind it.
fn opened(answer: &Answer) -> bool {
    assert!(answer.status < 500, "{answer:?}");
    match answer.status {
        401 => false,
        403 => {
            let code = answer.code();
            assert!(code.starts_with("access."), "{code}");
            false
        }
        _ => true,
    }
}

fn may_call(access: Access, role: Role) -> bool {
    match access {
        Access::Open | Access::Signed => true,
        Access::Customer => false,
        Access::Needs(permission) => may(role, permission),
    }
}

#[test]
fn every_operation_and_role_and_unit() {
    let pages = RefCell::new(Vec::new());
    on_each_engine(|store| {
        let world = World::new(store);
        let mut page = table_of_rights();
        let _ = write!(page, "\n## Operations\n\n| operation | right |");
        for role in Role::ALL {
            let _ = write!(page, " {} |", role.zh());
        }
        let _ = writeln!(page, " 客户 |\n| --- | --- |{}", " --- |".repeat(Role::ALL.len() + 1));
        for endpoint in endpoints() {
            let facts = &endpoint.facts;
            let nobody = ask(&world, &endpoint, Who::Nobody, OWN);
            assert_eq!(
                facts.access != Access::Open,
                nobody.status == 401 && nobody.code() == "login.not_signed_in",
                "{facts:?}: {nobody:?}"
            );
            let right = match facts.access {
                Access::Open => "–".to_owned(),
                Access::Customer => "customer".to_owned(),
                Access::Signed => "signed in".to_owned(),
                Access::Needs(permission) => format!("`{}`", permission.word()),
            };
            let _ = write!(page, "| `{} {}` | {right} |", facts.method, facts.path);
            for role in Role::ALL {
                let cell = cell(&world, &endpoint, *role);
                let _ = write!(page, " {cell} |");
            }
            let _ = writeln!(page, " {} |", customer_cell(&world, &endpoint));
        }
        pages.borrow_mut().push(page);
    });
    let pages = pages.into_inner();
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "the engines differ");
    committed("../../docs/rights.md", &pages[0]);
}

/// What a role may do with one operation: for its own unit, for every unit, or not at all.
fn cell(world: &World, endpoint: &Endpoint, role: Role) -> &'static str {
    let facts = &endpoint.facts;
    let person = name_of(role);
    let person = Who::Login(&person);
    let own = opened(&ask(world, endpoint, person, OWN));
    assert_eq!(own, may_call(facts.access, role), "{} {} as {}", facts.method, facts.path, role.word());
    if !facts.path.contains("{account_no}") {
        return if own { "✓" } else { "" };
    }
    let foreign = ask(world, endpoint, person, FOREIGN);
    assert!(!opened(&foreign), "{} {} as {} in another unit", facts.method, facts.path, role.word());
    let expected = match (own, facts.access) {
        (true, _) => "access.foreign_account",
        (false, Access::Customer) => "login.not_signed_in",
        (false, _) => "access.not_permitted",
    };
    assert_eq!(foreign.code(), expected, "{} {} as {}", facts.method, facts.path, role.word());
    if role == Role::Manager {
        let company = ask(world, endpoint, Who::Login("S-company"), FOREIGN);
        assert_eq!(opened(&company), own, "{} {} as the company's manager", facts.method, facts.path);
    }
    if own { "own" } else { "" }
}

/// What a customer may do with one operation: for his own accounts, or not at all. Of another's he does not learn whether it exists.
fn customer_cell(world: &World, endpoint: &Endpoint) -> &'static str {
    let facts = &endpoint.facts;
    let own = opened(&ask(world, endpoint, Who::Customer, OWN));
    let expected = matches!(facts.access, Access::Open | Access::Customer);
    assert_eq!(own, expected, "{} {} as a customer", facts.method, facts.path);
    if !facts.path.contains("{account_no}") {
        return if own { "✓" } else { "" };
    }
    for foreign in [FOREIGN, "A2", "A9"] {
        let answer = ask(world, endpoint, Who::Customer, foreign);
        let code = if own { "access.foreign_account" } else { "login.not_signed_in" };
        assert_eq!(answer.code(), code, "{} {} as a customer at {foreign}", facts.method, facts.path);
    }
    if own { "own" } else { "" }
}

fn table_of_rights() -> String {
    let mut page = String::from(
        "# Rights\n\n\
         Made by a test that asks every operation as every role, for an account of one's own unit and for one of another\n\
         (`crates/server/tests/it/rights.rs`); `INSTA_UPDATE=always` writes it anew.\n\n\
         A person sees the accounts of the nearest station or company at or above the unit of the staff list, and of the units\n\
         below it. *own*: for these accounts only. An administrator who is not on the staff list sees no account.\n\
         A customer has a session of his own kind, for the accounts of his own name; nothing of the house opens to it.\n\n\
         ## Roles and rights\n\n| right | 权限 |",
    );
    for role in Role::ALL {
        let _ = write!(page, " {} |", role.zh());
    }
    let _ = writeln!(page, "\n| --- | --- |{}", " --- |".repeat(Role::ALL.len()));
    for (permission, roles) in RIGHTS {
        let permission: &Permission = permission;
        let _ = write!(page, "| `{}` | {} |", permission.word(), permission.zh());
        for role in Role::ALL {
            let _ = write!(page, " {} |", if roles.contains(role) { "✓" } else { "" });
        }
        page.push('\n');
    }
    page
}
