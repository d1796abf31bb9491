use denghuo_office::verify::verify;
use denghuo_office::work::Work;
use denghuo_store::Store;
use denghuo_store::testing::{postgres, sqlite};
use denghuo_town::days::Blind;
use denghuo_town::simulate::{Class, Plan, simulate};
use denghuo_town::site;
use denghuo_town::summary::Summary;

/// The town of a plan in a database, with the digest of its books, which verify finds clean.
fn lived(store: &Store, plan: &Plan) -> (Summary, String) {
    let summary = simulate(store, plan, &Blind).expect("a town");
    let book = site::book();
    let mut conn = store.connect().expect("a connection");
    let work = Work::at_site(&mut conn, &book, "system", 0).expect("a site");
    let verification = verify(&mut conn, &work).expect("a proof");
    let broken: Vec<_> = verification.checks.iter().filter(|(_, check)| !check.ok).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    (summary, verification.books_digest)
}

#[test]
fn one_seed_makes_one_town_on_either_database() {
    let plan = Plan::new(7, 60, 2);
    let first = lived(&sqlite().unwrap().store, &plan);
    assert_eq!(lived(&sqlite().unwrap().store, &plan), first);
    assert_ne!(lived(&sqlite().unwrap().store, &Plan::new(8, 60, 2)).1, first.1);
    match postgres().unwrap() {
        Some(server) => assert_eq!(lived(&server.store, &plan), first),
        None => eprintln!("DENGHUO_TEST_PG is not set: the PostgreSQL half of this test did not run"),
    }
}

#[test]
fn every_class_fault_and_habit_occurs_and_the_counts_add_up() {
    let plan = Plan::new(1, 60, 4);
    let database = sqlite().unwrap();
    let (summary, _) = lived(&database.store, &plan);
    every_list_has_work(&database.store);
    for class in Class::ALL {
        let totals = &summary.classes[class.word()];
        assert!(totals.accounts > 0 && totals.bills > 0, "{}", class.word());
    }
    assert_eq!(summary.classes.values().map(|class| class.accounts).sum::<i64>(), plan.accounts);
    assert_eq!(summary.classes.values().map(|class| class.bills).sum::<i64>(), summary.total.bills);
    assert_eq!(
        summary.classes.values().map(|class| class.billed).sum::<denghuo_rules::units::Money>(),
        summary.total.billed
    );
    // One metered bill a month of every account, but for those that wait for a reading or an answer at the end.
    let metered = summary.total.bills - summary.total.corrections;
    assert!((metered - 60 * 4).abs() <= 14, "{metered} metered bills");
    let done = [
        "fault:missed",
        "fault:read_low",
        "fault:read_high",
        "fault:bands_off",
        "counter:on_time",
        "counter:late",
        "counter:partial",
        "counter:over",
        "counter:prepaid",
        "bank_line:posted",
        "bank_line:suspense",
        "bank_file:repeated",
        "suspense:resolved",
        "reversal",
        "release:held",
    ];
    for what in done {
        assert!(summary.work.get(what).is_some_and(|count| *count > 0), "{what}: {:?}", summary.work);
    }
    for code in ["missed", "went_back", "rolled_over", "band_sum", "repeated_estimate", "spike"] {
        assert!(summary.exceptions.contains_key(code), "{code}: {:?}", summary.exceptions);
    }
    // The people leave no register that went back unanswered, but for those of the last days.
    let open = summary.exceptions["went_back"].get("open").copied().unwrap_or(0);
    assert!((0..=3).contains(&open), "{:?}", summary.exceptions);
    assert!(summary.total.provisional > 0 && summary.total.corrections > 0 && summary.total.zero > 0);
}

#[test]
fn a_database_with_accounts_is_refused() {
    let database = sqlite().unwrap();
    let plan = Plan::new(1, 12, 1);
    simulate(&database.store, &plan, &Blind).unwrap();
    let refused = simulate(&database.store, &plan, &Blind).unwrap_err();
    assert!(refused.to_string().contains("town.not_empty"), "{refused}");
}

/// On the last day there is something to do in every list.
fn every_list_has_work(store: &Store) {
    let mut conn = store.connect().expect("a connection");
    let mut wanting = Vec::new();
    for (table, of, words) in [
        ("task", "kind", TASKS),
        ("notice", "kind", "bill demand stop_plan stop_execution restoration lawyer_letter"),
        ("notice", "state", "open served failed withdrawn"),
        ("delivery", "state", "queued sent delivered doubtful bounced failed refused"),
        ("cut_case", "state", "proposed approved served cut restored closed"),
        ("warrant", "state", "live consumed revoked"),
        ("operation", "kind || ' ' || state", "cut_done cut_ordered restore_done restore_ordered"),
        ("payment_plan", "kind || ' ' || state", PLANS),
        ("hold", "kind", "dispute complaint suspected_reading plan promise"),
        (
            "legal_case",
            "kind || ' ' || state",
            "letter_sent letter_rejected suit_filed bankruptcy_claim_proposed",
        ),
        ("evidence", "media_type", "image/png application/pdf"),
        ("bank_line", "state", "posted resolved suspense"),
        ("pending_bill", "state", "held"),
    ] {
        let open = if table == "task" { "WHERE state = 'open'" } else { "" };
        let sql = format!("SELECT DISTINCT COALESCE({of}, '') FROM {table} {open}");
        let found = conn.query(&sql, &[], |row| row.text(0)).expect("SQL");
        let found: Vec<String> = found.into_iter().map(|word| word.replace(' ', "_")).collect();
        let missing = words.split(' ').filter(|word| !found.iter().any(|found| found == word));
        wanting.extend(missing.map(|word| format!("{table} {word}")));
    }
    assert!(wanting.is_empty(), "nothing of {wanting:?}");
}

const TASKS: &str = "cut_approval cut_due cut_unserved delivery_doubt dunning legal_proposal legal_term notice_late \
                     notice_undeliverable plan_broken reading_exception restoration claims_end contact_visit";

const PLANS: &str = "plan_broken plan_kept plan_running promise_broken promise_kept promise_running";
