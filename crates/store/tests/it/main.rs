//! The store on both engines.

mod seam;
mod statements;
