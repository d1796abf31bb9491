//! Counters for Prometheus, in its text format.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets, in ms.
const BUCKETS: [u64; 9] = [1, 5, 10, 20, 50, 100, 500, 1_000, 5_000];

#[derive(Clone, Copy, Default)]
struct Line {
    count: u64,
    micros: u128,
    buckets: [u64; BUCKETS.len()],
}

/// The counters.
#[derive(Default)]
pub struct Metrics {
    lines: Mutex<BTreeMap<(String, String, u16), Line>>,
}

impl Metrics {
    /// Counts a request.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry((route.to_owned(), method.to_owned(), status)).or_default();
        line.count += 1;
        line.micros += took.as_micros();
        for (bucket, bound) in line.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(took <= Duration::from_millis(bound));
        }
    }

    /// All of them as text.
    pub fn text(&self) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::from(
            "# HELP denghuo_http_request_seconds Time of requests.\n# TYPE denghuo_http_request_seconds histogram\n",
        );
        for ((route, method, status), line) in lines {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            for (count, bound) in line.buckets.iter().zip(BUCKETS) {
                let bound = format!("{}.{:03}", bound / 1_000, bound % 1_000);
                let _ =
                    writeln!(text, "denghuo_http_request_seconds_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ =
                writeln!(text, "denghuo_http_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", line.count);
            let (whole, part) = (line.micros / 1_000_000, line.micros % 1_000_000);
            let _ = writeln!(text, "denghuo_http_request_seconds_sum{{{labels}}} {whole}.{part:06}");
            let _ = writeln!(text, "denghuo_http_request_seconds_count{{{labels}}} {}", line.count);
        }
        text
    }
}
