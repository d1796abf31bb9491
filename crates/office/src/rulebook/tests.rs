//! Price files in every form, good and bad.
