//! 适配器: the world outside behind the office's ports.

pub mod archive;
pub mod config;
pub mod hooks;
pub mod identity;
pub mod papers;
pub mod sms;
pub mod smtp;
