//! A print run of the sample with running numbers, for `cargo xtask bench`: `print_run each|joined TEMPLATE COUNT`.
//! Prints one line of JSON: papers, pages, bytes, milliseconds, milliseconds of all processors, peak of memory in KiB.

use denghuo_papers::{PaperError, Press};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

/// Counts what is written and keeps nothing.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [way, template, count] = arguments.as_slice() else {
        eprintln!("print_run each|joined TEMPLATE COUNT");
        return ExitCode::FAILURE;
    };
    match measure(way, template, count.parse().unwrap_or(1)) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(way: &str, template: &str, count: u64) -> Result<serde_json::Value, PaperError> {
    let press = Press::new(None)?;
    let sample: serde_json::Value = serde_json::from_str(press.sample())
        .map_err(|error| PaperError::Data { message: error.to_string() })?;
    let data: Vec<String> = (0..count)
        .map(|number| {
            let mut paper = sample.clone();
            paper["code"] = format!("N-{number:010}-12").into();
            paper["customer"]["account_no"] = format!("{number:010}").into();
            paper["customer"]["name"] = format!("用户{number}").into();
            paper["total"] = format!("{}.{:02}", number % 5000, number % 97).into();
            paper["copy"] = "customer".into();
            paper.to_string()
        })
        .collect();
    let began = Instant::now();
    let mut bytes = Count(0);
    let mut pages = count;
    if way == "joined" {
        pages = press.joined(template, &data, &mut bytes, |_| ())?.pages as u64;
    } else {
        press.each(template, &data, |_, paper| bytes.write_all(&paper?).map_err(PaperError::Write))?;
    }
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(serde_json::json!({ "papers": count, "pages": pages, "bytes": bytes.0, "millis": millis,
        "cpu_millis": cpu_millis(), "peak_kib": peak_kib() }))
}

/// User and system time of this process on Linux, whose clock counts in 1/100 s.
fn cpu_millis() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    let ticks = after_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
    Some(ticks.sum::<u64>() * 10)
}

/// The most memory that this process ever held, on Linux.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
