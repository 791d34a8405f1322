"""Rows enter the database: the pipeline that writes a plan, and single rows made inside a test."""
