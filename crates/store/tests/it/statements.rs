//! Every statement of the floor is understood by both engines.

use denghuo_store::testing::on_each_engine;
use denghuo_store::verify::{books_digest, checks, run};

#[test]
fn checks_run_and_an_empty_database_keeps_every_promise() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        for check in checks() {
            assert_eq!(run(&mut conn, check).unwrap().broken, 0, "{}", check.name);
        }
    });
}

#[test]
fn an_empty_database_has_the_same_digest_everywhere() {
    let digests = std::cell::RefCell::new(Vec::new());
    on_each_engine(|store| {
        digests.borrow_mut().push(books_digest(&mut store.connect().unwrap()).unwrap());
    });
    let digests = digests.into_inner();
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "{digests:?}");
}

/// Finds the statements in the sources themselves, so that none is forgotten: every string literal that begins with a
/// verb of SQL and is not put together from parts. What only tests ask of one engine's catalogue is left out.
#[test]
fn every_statement_is_prepared_on_both() {
    let mut statements = Vec::new();
    collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut statements);
    assert!(statements.len() > 30, "the sources hold more than {} statements", statements.len());
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        for (file, sql) in &statements {
            if let Err(error) = conn.prepare(sql) {
                panic!("{file}: {error}\n{sql}");
            }
        }
    });
}

fn collect(folder: &std::path::Path, statements: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, statements);
        } else if !path.ends_with("src/testing.rs") {
            let text = std::fs::read_to_string(&path).expect("a readable source");
            let literals = literals(&text).into_iter().filter(|sql| is_statement(sql));
            statements.extend(literals.map(|sql| (path.display().to_string(), sql)));
        }
    }
}

fn is_statement(text: &str) -> bool {
    let verb = text.split_whitespace().next().unwrap_or_default();
    matches!(verb, "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH")
        && !text.contains('{')
        && text.contains(' ')
        && text.split_whitespace().count() > 3
}

/// String literals of a Rust source, with line continuations and escapes undone as the compiler does.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next().is_some_and(|c| c != '\n') {},
            '\'' => {
                // A character literal such as '"' must not open a string.
                let mut ahead = chars.clone();
                if ahead.next() == Some('"') && ahead.next() == Some('\'') {
                    chars.nth(1);
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' if chars.peek() == Some(&'\n') => {
                            while chars.peek().is_some_and(|c| c.is_whitespace()) {
                                chars.next();
                            }
                        }
                        '\\' => text.extend(chars.next()),
                        _ => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}
