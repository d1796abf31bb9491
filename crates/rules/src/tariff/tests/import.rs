//! A price file is checked whole: every fault with its row, nothing kept of a bad file.

use super::*;

const GOOD: &str = r#"[{
    "province": "江苏", "month": "2026-09", "category": "两部制-大工业", "voltage": "1-10kV",
    "prices": { "tip": 1.05, "peak": 0.95, "flat": 0.62, "valley": 0.3, "purchase_agent": 0.39, "line_loss": 0.0115,
                "system_cost": 0.0612, "transmission_distribution": 0.1279, "government_funds": 0.0294,
                "demand_charge": 51.2, "capacity_charge": 32.0 },
    "periods": "00:00-08:00 valley;08:00-19:00 peak;19:00-21:00 tip;21:00-24:00 flat",
    "policy": "苏发改价格发〔2024〕119号", "source": "国网江苏95598公告" }]"#;

fn faults(text: &str) -> Vec<String> {
    match check_rows(&read_json(text).unwrap(), Gaps::Refuse) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_good_row_becomes_a_rule_that_reads_back() {
    let tables = check_rows(&read_json(GOOD).unwrap(), Gaps::Refuse).unwrap();
    let files = rule_files(&tables);
    assert_eq!(files[0].0, "sgcc-jiangsu/prices_2026_09.toml");
    let (book, errors) = Rulebook::embedded().examined(files);
    assert_eq!(errors, []);
    let here = SiteProfile::company("jiangsu").selector();
    let key = (
        crate::registry::Category::Commercial,
        crate::registry::Scheme::Capacity,
        crate::registry::Voltage::Kv10,
    );
    let row = price_row(&book, &here, key, jiff::civil::date(2026, 9, 30)).unwrap();
    assert_eq!(row.rule, "sgcc-jiangsu.prices.2026-09.two_part.1_10kv");
    assert_eq!(row.band(Band::Sharp).unwrap().to_string(), "1.05");
    assert_eq!(row.component(Component::Purchase).unwrap().to_string(), "0.39");
}

#[test]
fn bad_rows_are_told_one_by_one() {
    for (from, to, reason) in [
        ("江苏", "江南", "unknown province `江南`"),
        ("2026-09", "2999-09", "no month of a price table"),
        ("2026-09", "1900-01", "no month of a price table"),
        ("2026-09", "September", "no month of a price table"),
        ("两部制-大工业", "居民", "unknown category `居民`"),
        ("1-10kV", "500kV", "unknown voltage `500kV`"),
        ("\"purchase_agent\": 0.39,", "", "the component purchase is missing"),
        ("\"government_funds\": 0.0294,", "", "the component funds is missing"),
        ("\"flat\": 0.62,", "", "the flat price is missing"),
        ("\"valley\": 0.3,", "", "valley hours without a valley price"),
        ("\"valley\": 0.3", "\"valley\": 0", "the valley price 0.00 is out of range"),
        ("\"peak\": 0.95", "\"peak\": -0.95", "the peak price -0.95 is out of range"),
        ("\"tip\": 1.05", "\"tip\": 10.5", "the sharp price 10.50 is out of range"),
        ("\"tip\": 1.05", "\"tip\": 0.85", "do not fall from sharp"),
        ("\"tip\": 1.05", "\"tip\": \"one\"", "cannot be read"),
        ("\"tip\": 1.05", "\"tipp\": 1.05", "cannot be read"),
        ("\"system_cost\": 0.0612", "\"system_cost\": 0.1612", "the components add up to 0.72"),
        ("\"system_cost\": 0.0612", "\"system_cost\": 0", "the component system is zero"),
        ("\"demand_charge\": 51.2,", "", "lacks its demand or capacity price"),
        ("\"demand_charge\": 51.2", "\"demand_charge\": 512", "the demand price 512.00 is out of range"),
        ("两部制-大工业", "单一制-工商业", "shows demand or capacity prices"),
        ("21:00-24:00 flat", "21:00-23:00 flat", "do not cover 24 hours"),
        ("19:00-21:00 tip", "18:00-21:00 tip", "the periods overlap"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from} is in the good row");
        let told = faults(&text);
        assert!(told.iter().any(|f| f.starts_with("row 1: ") && f.contains(reason)), "{to}: {told:?}");
    }
    assert_eq!(faults(GOOD), Vec::<String>::new());
    assert_eq!(faults("[]").len(), 1, "an empty table is no table");
}

#[test]
fn the_same_place_twice_is_refused() {
    let inner = GOOD.trim_matches(['[', ']']);
    let told = faults(&format!("[{inner},{}]", inner.replacen("1-10kV", "35-110kV", 1)));
    assert_eq!(told, Vec::<String>::new(), "another voltage is another place");
    let told = faults(&format!("[{inner},{inner}]"));
    assert!(told.len() == 1 && told[0].starts_with("row 2: ") && told[0].contains("row 1"), "{told:?}");
    let wide = inner.replacen("1-10kV", "35kV及以上", 1);
    let told = faults(&format!("[{wide},{}]", inner.replacen("1-10kV", "110kV", 1)));
    assert!(told.len() == 1 && told[0].starts_with("row 2: "), "{told:?}");
}

#[test]
fn a_gap_can_be_accepted_and_is_told_in_the_rule() {
    let text = GOOD.replacen("\"purchase_agent\": 0.39,", "", 1).replacen("\"valley\": 0.3,", "", 1);
    let tables = check_rows(&read_json(&text).unwrap(), Gaps::Accept).unwrap();
    let files = rule_files(&tables);
    assert!(files[0].1.contains("the component purchase is missing"));
    assert!(files[0].1.contains("time of use cannot be billed"));
    assert!(!files[0].1.contains("purchase ="), "what is missing is not written as zero");
    let bad = text.replacen("江苏", "江南", 1);
    assert!(check_rows(&read_json(&bad).unwrap(), Gaps::Accept).is_err(), "only gaps can be accepted");
}

#[test]
fn toml_and_csv_say_the_same_as_json() {
    let json = read_json(GOOD).unwrap();
    let toml = read_toml(
        "[[row]]\nprovince = \"江苏\"\nmonth = \"2026-09\"\ncategory = \"两部制-大工业\"\nvoltage = \"1-10kV\"\n\
         periods = \"00:00-08:00 valley;08:00-19:00 peak;19:00-21:00 tip;21:00-24:00 flat\"\n\
         policy = \"苏发改价格发〔2024〕119号\"\nsource = \"国网江苏95598公告\"\n\
         [row.prices]\nsharp = \"1.05\"\npeak = \"0.95\"\nflat = \"0.62\"\nvalley = \"0.3\"\npurchase = \"0.39\"\n\
         line_loss = \"0.0115\"\nsystem = \"0.0612\"\ntransmission = \"0.1279\"\nfunds = \"0.0294\"\n\
         demand = \"51.2\"\ncapacity = \"32.0\"\n",
    );
    assert_eq!(toml.unwrap(), json);
    let header = "province,month,category,voltage,sharp,peak,flat,valley,deep,purchase,line_loss,transmission,system,funds,demand,capacity,periods,policy,source";
    let cells = "江苏,2026-09,两部制-大工业,1-10kV,1.05,0.95,0.62,0.3,,0.39,0.0115,0.1279,0.0612,0.0294,51.2,32,00:00-08:00 valley;08:00-19:00 peak;19:00-21:00 tip;21:00-24:00 flat,苏发改价格发〔2024〕119号,国网江苏95598公告";
    let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(read_csv_row("row 1", &split(header), &split(cells)), json[0]);
    assert!(read_json("{}").is_err() && read_toml("x = 1").is_err());
}
