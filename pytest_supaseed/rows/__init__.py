"""Rows as a pure function of (seed, table, column, row index)."""
