//! Whole lists as CSV or Parquet (streamed page by page) or as a workbook, with the columns of the JSON rows.

pub mod columns;
mod parquet;

use self::parquet::Sheet;
use crate::app::App;
use crate::paging::{Format, Page, opened};
use crate::perform::{Call, Deed, Reply, within};
use crate::problem::Problem;
use crate::route::Facts;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use http_body::Frame;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use std::io::{self, BufWriter, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{mpsc, oneshot};

/// Chunks that wait for a slow reader.
const WAITING: usize = 4;
/// Rows of a workbook at most: what the format holds.
const MOST_ROWS: usize = 1_048_575;

/// Answers with the whole list.
pub async fn answer(app: App, facts: Arc<Facts>, call: Call, deed: Deed) -> Response {
    let name = facts.name.clone();
    match call.format {
        Format::Xlsx => {
            let its = app.clone();
            let made = app.task(move |conn| {
                let mut rows = Vec::new();
                within(&its, &facts, &call, conn, |conn, around| {
                    each_page(
                        deed,
                        |deed, page| around.run(conn, page, deed),
                        |page| {
                            rows.extend(page);
                            Ok(rows.len() <= MOST_ROWS)
                        },
                    )
                })?;
                workbook(&rows)
            });
            let head = |bytes| whole(Body::from(bytes), XLSX, &name, "xlsx");
            made.await.map_or_else(Problem::into_response, head)
        }
        Format::Parquet => stream(app, facts, call, deed, (PARQUET, "parquet")).await,
        Format::Csv | Format::Json => stream(app, facts, call, deed, (CSV, "csv")).await,
    }
}

const CSV: &str = "text/csv; charset=utf-8";
/// Media type of a Parquet file.
pub const PARQUET: &str = "application/vnd.apache.parquet";
/// Media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn whole(body: Body, media_type: &'static str, name: &str, ending: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{ending}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// A form in which rows are written to whoever reads.
trait Form {
    /// Writes some rows.
    fn take(&mut self, rows: Vec<Row>) -> Result<(), Problem>;
    /// Writes what still waits.
    fn end(self: Box<Self>) -> Result<(), Problem>;
}

/// CSV, whose first rows bring the names of the columns.
struct Lines {
    target: Pipe,
    is_first: bool,
}

impl Form for Lines {
    fn take(&mut self, rows: Vec<Row>) -> Result<(), Problem> {
        let text = csv_text(&rows, self.is_first)?;
        self.is_first = false;
        self.target.write_all(&text).map_err(|error| Problem::failure(&error))
    }

    fn end(self: Box<Self>) -> Result<(), Problem> {
        Ok(())
    }
}

impl Form for Sheet<BufWriter<Pipe>> {
    fn take(&mut self, rows: Vec<Row>) -> Result<(), Problem> {
        Self::take(self, rows).map_err(|error| Problem::failure(&error))
    }

    fn end(self: Box<Self>) -> Result<(), Problem> {
        Self::end(*self).map_err(|error| Problem::failure(&error))
    }
}

/// The writing end of an answer. A reader that has gone away is a broken pipe.
struct Pipe(mpsc::Sender<Bytes>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Bytes::copy_from_slice(bytes));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn stream(
    app: App,
    facts: Arc<Facts>,
    call: Call,
    deed: Deed,
    (media_type, ending): (&'static str, &'static str),
) -> Response {
    let (chunks, body) = mpsc::channel::<Bytes>(WAITING);
    let (begun, beginning) = oneshot::channel::<()>();
    let name = facts.name.clone();
    let its = app.clone();
    let work = tokio::spawn(async move {
        app.task(move |conn| {
            let mut begun = Some(begun);
            let target = Pipe(chunks.clone());
            let mut form: Box<dyn Form> = match call.format {
                Format::Parquet => Box::new(Sheet::new(BufWriter::new(target), (facts.columns)())),
                _ => Box::new(Lines { target, is_first: true }),
            };
            let written = within(&its, &facts, &call, conn, |conn, around| {
                each_page(
                    deed,
                    |deed, page| around.run(conn, page, deed),
                    |rows| {
                        if let Some(begun) = begun.take() {
                            let _ = begun.send(());
                        }
                        form.take(rows).map(|()| true)
                    },
                )?;
                form.end()
            });
            // A reader that has gone away ends the list.
            if chunks.is_closed() { Ok(()) } else { written }
        })
        .await
    });
    if beginning.await.is_ok() {
        return whole(Body::new(Chunks(body)), media_type, &name, ending);
    }
    match work.await {
        Ok(Err(problem)) => problem.into_response(),
        Ok(Ok(())) => Problem::busy().into_response(),
        Err(error) => Problem::failure(&error).into_response(),
    }
}

/// A body out of the chunks of a channel.
pub struct Chunks(pub mpsc::Receiver<Bytes>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

/// Takes page after page until the list ends or `take` has enough.
fn each_page(
    mut deed: Deed,
    mut run: impl FnMut(&mut Deed, Page) -> Result<Reply, Problem>,
    mut take: impl FnMut(Vec<Row>) -> Result<bool, Problem>,
) -> Result<(), Problem> {
    let mut after = None;
    loop {
        let reply = run(&mut deed, Page::largest(after))?;
        let page: Rows = serde_json::from_slice(&reply.body).map_err(|error| Problem::failure(&error))?;
        let more = take(page.items)?;
        after = page.next_cursor.as_deref().and_then(opened);
        if after.is_none() || !more {
            return Ok(());
        }
    }
}

#[derive(Deserialize)]
struct Rows {
    items: Vec<Row>,
    next_cursor: Option<String>,
}

/// A row with its columns in their order.
struct Row(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = Row;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a row")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut columns = Vec::new();
                while let Some(column) = map.next_entry()? {
                    columns.push(column);
                }
                Ok(Row(columns))
            }
        }
        deserializer.deserialize_map(Columns)
    }
}

/// What stands in a cell. A text that a spreadsheet would take for a formula is made a text.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => both_languages(other).map_or_else(|| other.to_string(), |text| cell(&Value::String(text))),
    }
}

/// A sentence in both languages as one text.
fn both_languages(value: &Value) -> Option<String> {
    let sentence = value.as_object().filter(|fields| fields.len() == 2)?;
    let (zh, en) = (sentence.get("zh")?.as_str()?, sentence.get("en")?.as_str()?);
    Some(if zh == en { zh.to_owned() } else { format!("{zh} / {en}") })
}

fn csv_text(rows: &[Row], with_head: bool) -> Result<Vec<u8>, Problem> {
    // The mark at the beginning tells Excel that it is UTF-8.
    let mut writer =
        csv::Writer::from_writer(if with_head { "\u{feff}".as_bytes().to_vec() } else { Vec::new() });
    if let (true, Some(Row(first))) = (with_head, rows.first()) {
        writer.write_record(first.iter().map(|(name, _)| name)).map_err(|error| Problem::failure(&error))?;
    }
    for Row(columns) in rows {
        writer
            .write_record(columns.iter().map(|(_, value)| cell(value)))
            .map_err(|error| Problem::failure(&error))?;
    }
    writer.into_inner().map_err(|error| Problem::failure(&error))
}

fn workbook(rows: &[Row]) -> Result<Vec<u8>, Problem> {
    sheet_of(rows).map_err(|error| Problem::failure(&error))
}

fn sheet_of(rows: &[Row]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    if let Some(Row(first)) = rows.first() {
        for (at, (name, _)) in (0_u16..).zip(first) {
            sheet.write_string(0, at, name)?;
        }
    }
    for (line, Row(columns)) in (1_u32..).zip(rows) {
        for (at, (_, value)) in (0_u16..).zip(columns) {
            sheet.write_string(line, at, cell(value))?;
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::{Row, csv_text};

    #[test]
    fn columns_keep_their_order_and_formulas_are_texts() {
        let rows: Vec<Row> = serde_json::from_str(
            r#"[{"z":"=1+1","a":{"zh":"甲","en":"one"},"n":null,"x":[1]},{"z":"-5.00","a":{"zh":"A","en":"A"},"n":2,"x":[]}]"#,
        )
        .unwrap();
        let text = String::from_utf8(csv_text(&rows, true).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}z,a,n,x\n'=1+1,甲 / one,,[1]\n-5.00,A,2,[]\n");
    }
}
