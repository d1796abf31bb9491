//! Business days by the API: tried, asked for, watched, stopped, taken up again.

use super::world::{Client, World};
use denghuo_server::tend;
use denghuo_store::day as store;
use denghuo_store::testing::{contents, on_each_engine};
use jiff::civil::date;
use serde_json::{Value, json};

fn keyed<'w>(client: &Client<'w>, key: &str) -> Client<'w> {
    client.clone().with("idempotency-key", key)
}

fn stage<'v>(run: &'v Value, name: &str) -> &'v Value {
    let stages = run["stages"].as_array().expect("stages");
    stages.iter().find(|stage| stage["stage"] == name).expect("the stage")
}

#[test]
fn a_trial_tells_what_the_day_comes_to_and_keeps_nothing() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-company");
        assert_eq!(manager.get("/day-runs/next").json()["run_on"], "2026-03-06");
        // The first of the thirty days after which late fees grow.
        let run_on = json!({ "run_on": "2026-04-30" });
        let mut conn = store.connect().unwrap();
        let before = contents(&mut conn).unwrap();
        // The console sends a key with everything; a trial under a key is a trial as well.
        let tried = keyed(&manager, "t").post("/day-runs/preview", &run_on);
        assert_eq!(tried.status, 200, "{tried:?}");
        let after = contents(&mut conn).unwrap();
        let changed: Vec<_> = after.keys().filter(|table| after[*table] != before[*table]).collect();
        assert!(
            changed.iter().all(|table| matches!(table.as_str(), "session" | "change_log")),
            "{changed:?}"
        );

        let started = keyed(&manager, "d1").post("/day-runs", &run_on);
        assert_eq!(started.status, 200, "{started:?}");
        world.app.join();
        let run = manager.get("/day-runs/2026-04-30").json();
        assert_eq!((run["state"].as_str(), run["asked_by"].as_str()), (Some("done"), Some("S-company")));
        let tried = tried.json();
        assert!(run["due"].as_i64().unwrap() > 0, "{run}");
        for (trial, done) in tried["stages"].as_array().unwrap().iter().zip(run["stages"].as_array().unwrap())
        {
            for field in ["stage", "due", "done", "parked", "amount"] {
                assert_eq!(trial[field], done[field], "{field} of {trial}");
            }
        }
        assert_eq!((&tried["totals"], &tried["exceptions"]), (&run["totals"], &run["exceptions"]));
    });
}

#[test]
fn a_day_runs_once_and_is_listed_with_what_it_found() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-manager");
        let run_on = json!({ "run_on": "2026-04-06" });
        assert!(store::ask(&mut store.connect().unwrap(), date(2026, 4, 6), "S-company", 0).unwrap());
        let twice = keyed(&manager, "d1").post("/day-runs", &run_on);
        assert_eq!((twice.status, twice.code().as_str()), (409, "day.running"));
        assert_eq!(manager.get("/day-runs/2026-04-06").json()["state"], "waiting");
        tend(&world.app).unwrap();
        world.app.join();
        let list = manager.get("/day-runs").json();
        let days: Vec<_> = list["items"].as_array().unwrap().iter().map(|run| &run["run_on"]).collect();
        assert_eq!(days, ["2026-04-06", "2026-03-05"]);
        let run = &list["items"][0];
        assert_eq!(run["state"], "done");
        let found = run["exceptions"].as_array().unwrap();
        let counted: i64 = found.iter().map(|found| found["count"].as_i64().unwrap()).sum();
        let listed = manager.get("/day-runs/2026-04-06/exceptions").json();
        assert_eq!(listed["items"].as_array().unwrap().len(), usize::try_from(counted).unwrap());
        assert!(counted > 0, "nobody has read the meters of April: {run}");
        let kind = found[0]["kind"].as_str().unwrap();
        let of_kind = manager.get(&format!("/day-runs/2026-04-06/exceptions?kind={kind}&limit=1")).json();
        assert_eq!(of_kind["items"][0]["kind"], kind);
        // Account A3 belongs to another station.
        assert!(!manager.get("/day-runs/2026-04-06/exceptions").body.contains("\"A3\""));
        let again = keyed(&manager, "d2").post("/day-runs", &run_on);
        assert_eq!((again.status, again.json()["state"].as_str()), (200, Some("done")), "nothing happens");
        for (day, status, code) in [
            ("2026-03-04", 409, "day.past"),
            ("2999-01-01", 422, "calendar.not_covered"),
            ("2026-02-30", 422, "request.body"),
        ] {
            let refused = keyed(&manager, day).post("/day-runs", &json!({ "run_on": day }));
            assert_eq!((refused.status, refused.code().as_str()), (status, code), "{day}");
        }
        assert_eq!(manager.get("/day-runs/2026-04-07").code(), "day.unknown");
    });
}

#[test]
fn a_stopped_day_goes_on_where_it_stood() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-company");
        let path = "/day-runs/2026-03-06";
        assert_eq!(manager.post(&format!("{path}/stop"), &json!({})).code(), "day.unknown");
        assert!(store::ask(&mut store.connect().unwrap(), date(2026, 3, 6), "S-company", 0).unwrap());
        assert_eq!(manager.post(&format!("{path}/stop"), &json!({})).status, 200);
        tend(&world.app).unwrap();
        world.app.join();
        let stopped = manager.get(path).json();
        assert_eq!(
            (stopped["state"].as_str(), stopped["stop_by"].as_str()),
            (Some("stopped"), Some("S-company"))
        );
        assert_eq!(
            stage(&stopped, "verify")["shards"],
            Value::Null,
            "no stage behind the one that was running"
        );
        assert_eq!(manager.post(&format!("{path}/stop"), &json!({})).code(), "day.not_running");
        assert_eq!(
            keyed(&manager, "d2").post("/day-runs", &json!({ "run_on": "2026-03-07" })).code(),
            "day.unfinished"
        );
        assert_eq!(
            keyed(&manager, "d1").post("/day-runs", &json!({})).status,
            200,
            "the next day is the one that was stopped"
        );
        world.app.join();
        assert_eq!(manager.get(path).json()["state"], "done");
    });
}

/// A process that died holds its day for a while; then another takes it up, and the day comes to what it would have come to.
#[test]
fn a_day_whose_process_died_is_taken_up() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-company");
        let mut conn = store.connect().unwrap();
        let now = world.app.now().recorded_at;
        let on = date(2026, 3, 6);
        assert!(store::ask(&mut conn, on, "S-company", now).unwrap());
        assert!(store::take(&mut conn, on, "another process", (now - 20_000, now)).unwrap());
        tend(&world.app).unwrap();
        world.app.join();
        assert_eq!(manager.get("/day-runs/2026-03-06").json()["state"], "waiting", "its process may live");
        world.wait(1);
        tend(&world.app).unwrap();
        world.app.join();
        assert_eq!(manager.get("/day-runs/2026-03-06").json()["state"], "done");
        // A process that ends leaves its days to the next at once.
        assert!(store::ask(&mut conn, date(2026, 3, 7), "S-company", now).unwrap());
        world.app.stop();
        tend(&world.app).unwrap();
        world.app.join();
        assert_eq!(manager.get("/day-runs/2026-03-07").json()["state"], "waiting");
    });
}

#[test]
fn progress_is_told_as_events() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    let manager = world.person("S-company").with("accept", "text/event-stream");
    let done = manager.get("/day-runs/2026-03-05");
    assert_eq!(done.header("content-type"), Some("text/event-stream"));
    let (first, rest) = done.body.split_once("\n\n").unwrap();
    let data = first.strip_prefix("event: state\ndata: ").unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap()["state"], "done");
    assert_eq!(rest, "event: end\ndata: {}\n\n");
    assert!(store::ask(&mut store.store.connect().unwrap(), date(2026, 3, 6), "S-company", 0).unwrap());
    // The run ends while the stream is read.
    let stream = std::thread::scope(|scope| {
        let reader = scope.spawn(|| manager.get("/day-runs/2026-03-06"));
        tend(&world.app).unwrap();
        world.app.join();
        reader.join().unwrap()
    });
    assert!(stream.body.ends_with("event: end\ndata: {}\n\n"), "{}", stream.body);
    assert!(stream.body.contains("\"state\":\"done\""), "{}", stream.body);
    let stranger = world.person("S-reader").with("accept", "text/event-stream").get("/day-runs/2026-03-05");
    assert_eq!(stranger.code(), "access.not_permitted");
}
