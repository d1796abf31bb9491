//! Whole lists as CSV (streamed page by page) or as a workbook, with the columns of the JSON rows.

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
        _ => csv_stream(app, facts, call, deed).await,
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn whole(body: Body, media_type: &'static str, name: &str, ending: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{ending}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn csv_stream(app: App, facts: Arc<Facts>, call: Call, deed: Deed) -> Response {
    let (chunks, body) = mpsc::channel::<Bytes>(WAITING);
    let (begun, beginning) = oneshot::channel::<()>();
    let name = facts.name.clone();
    let its = app.clone();
    let work = tokio::spawn(async move {
        app.task(move |conn| {
            let mut begun = Some(begun);
            within(&its, &facts, &call, conn, |conn, around| {
                let mut is_first = true;
                each_page(
                    deed,
                    |deed, page| around.run(conn, page, deed),
                    |rows| {
                        let text = csv_text(&rows, is_first)?;
                        is_first = false;
                        if let Some(begun) = begun.take() {
                            let _ = begun.send(());
                        }
                        // A reader that has gone away ends the list.
                        Ok(chunks.blocking_send(text.into()).is_ok())
                    },
                )
            })
        })
        .await
    });
    if beginning.await.is_ok() {
        return whole(Body::new(Chunks(body)), "text/csv; charset=utf-8", &name, "csv");
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
        other => other.to_string(),
    }
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
            r#"[{"z":"=1+1","a":"甲","n":null,"x":[1]},{"z":"-5.00","a":"","n":2,"x":[]}]"#,
        )
        .unwrap();
        let text = String::from_utf8(csv_text(&rows, true).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}z,a,n,x\n'=1+1,甲,,[1]\n-5.00,,2,[]\n");
    }
}
