//! What people bring and take as files: tables, dates, notebooks, imports, exports, reports of reconciliation.
