//! 附件: photographs, signatures and letters for the proofs of a town: real files of their types, drawn from the seed.

use crate::lots::{Lots, Topic};
use denghuo_office::evidence::NewFile;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

/// Width and height of a picture in pixels.
const SIZE: (usize, usize) = (240, 160);

/// 照片: a door with the paper on it.
#[must_use]
pub fn photo(seed: u64, account_id: i64, name: &str) -> NewFile {
    let mut lots = Lots::of(seed, Topic::Picture, account_id, 1);
    let wall = [lots.between(120, 220), lots.between(120, 210), lots.between(110, 200)];
    let door = [lots.between(60, 140), lots.between(30, 90), lots.between(20, 60)];
    let left = lots.between(60, 110) as usize;
    let bytes = png(|x, y| {
        let is_paper = (left + 22..left + 62).contains(&x) && (50..104).contains(&y);
        let is_door = (left..left + 84).contains(&x) && y > 18;
        let shade = |of: i64| (of - (y as i64) / 5 + (x as i64 * 7 + y as i64 * 13) % 9).clamp(0, 255) as u8;
        match (is_paper, is_door) {
            (true, _) if y % 7 == 3 && (left + 27..left + 57).contains(&x) => [90, 90, 100],
            (true, _) => [245, 244, 238],
            (_, true) => door.map(shade),
            _ => wall.map(shade),
        }
    });
    NewFile { name: format!("{name}.png"), media_type: "image/png".to_owned(), bytes }
}

/// 签名: a line of ink.
#[must_use]
pub fn signature(seed: u64, account_id: i64, name: &str) -> NewFile {
    let mut lots = Lots::of(seed, Topic::Picture, account_id, 2);
    let mut ink = vec![false; SIZE.0 * SIZE.1];
    let (mut x, mut y) = (30_i64, 80_i64);
    while x < 205 {
        let (to_x, to_y) = (x + lots.between(6, 22), lots.between(45, 115));
        for step in 0..=24 {
            let (at_x, at_y) = (x + (to_x - x) * step / 24, y + (to_y - y) * step / 24);
            for (wide, high) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                ink[(at_y + high) as usize * SIZE.0 + (at_x + wide) as usize] = true;
            }
        }
        (x, y) = (to_x, to_y);
    }
    let bytes = png(|x, y| if ink[y * SIZE.0 + x] { [20, 24, 90] } else { [255, 255, 255] });
    NewFile { name: format!("{name}.png"), media_type: "image/png".to_owned(), bytes }
}

/// 扫描件: one page of lines.
#[must_use]
pub fn letter(name: &str, lines: &[String]) -> NewFile {
    let mut text = String::from("BT /F1 12 Tf 60 760 Td 18 TL\n");
    for line in lines {
        let escaped = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        text.push_str(&format!("({escaped}) Tj T*\n"));
    }
    text.push_str("ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(pdf.len());
        pdf.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = pdf.len();
    pdf.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    places.iter().for_each(|at| pdf.push_str(&format!("{at:010} 00000 n \n")));
    let size = objects.len() + 1;
    pdf.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    NewFile { name: format!("{name}.pdf"), media_type: "application/pdf".to_owned(), bytes: pdf.into_bytes() }
}

/// A picture as PNG, from the colour of every pixel.
fn png(colour: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for y in 0..SIZE.1 {
        let mut row = vec![0];
        (0..SIZE.0).for_each(|x| row.extend(colour(x, y)));
        rows.write_all(&row).expect("memory takes every byte");
    }
    let pixels = rows.finish().expect("memory takes every byte");
    let mut header = Vec::new();
    header.extend((SIZE.0 as u32).to_be_bytes());
    header.extend((SIZE.1 as u32).to_be_bytes());
    // Eight bits, red green blue, no filter, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    for (kind, data) in [(b"IHDR", header.as_slice()), (b"IDAT", &pixels), (b"IEND", &[])] {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(data);
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(kind);
        file.extend(data);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}
