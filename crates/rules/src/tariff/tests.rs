//! Price tables, periods, import and recomputation.
