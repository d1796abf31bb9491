//! The tokens of a Rust file with their lines: comments are gone, strings are whole, test modules can be left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token, groups flattened into their brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its text: a word, a sign, a bracket, or a literal as written.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
    /// True for a number, string or character.
    pub is_literal: bool,
}

/// The tokens of a file, with and without the items under `#[cfg(test)]`.
pub struct Tokens {
    /// All.
    pub all: Vec<Token>,
    /// Without tests.
    pub product: Vec<Token>,
}

impl Tokens {
    /// Reads a file.
    ///
    /// # Errors
    /// A file that is not Rust.
    pub fn read(text: &str) -> Result<Self, String> {
        let stream: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| error.to_string())?;
        let mut tokens = Self { all: Vec::new(), product: Vec::new() };
        flatten(stream.clone(), false, &mut tokens.all);
        flatten(stream, true, &mut tokens.product);
        Ok(tokens)
    }
}

/// Where a sequence of token texts begins.
pub fn find_sequence<'a>(tokens: &'a [Token], sequence: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    tokens
        .windows(sequence.len())
        .enumerate()
        .filter(move |(_, window)| {
            window.iter().zip(sequence).all(|(token, text)| !token.is_literal && token.text == *text)
        })
        .map(|(at, _)| at)
}

fn flatten(stream: TokenStream, skip_tests: bool, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        let is_attribute = matches!(&tree, TokenTree::Punct(sign) if sign.as_char() == '#');
        if skip_tests && is_attribute && trees.peek().is_some_and(is_cfg_test) {
            skip_item(&mut trees);
            continue;
        }
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                let end = group.span_close().end().line;
                tokens.push(Token { text: open.to_owned(), line, is_literal: false });
                flatten(group.stream(), skip_tests, tokens);
                tokens.push(Token { text: close.to_owned(), line: end, is_literal: false });
            }
            TokenTree::Literal(literal) => {
                tokens.push(Token { text: literal.to_string(), line, is_literal: true });
            }
            other => tokens.push(Token { text: other.to_string(), line, is_literal: false }),
        }
    }
}

fn is_cfg_test(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.to_string().replace(' ', "") == "[cfg(test)]")
}

/// Drops tokens up to the end of the item: its braces, or a semicolon.
fn skip_item(trees: &mut impl Iterator<Item = TokenTree>) {
    for tree in trees {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(sign) if sign.as_char() == ';' => return,
            _ => {}
        }
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}
