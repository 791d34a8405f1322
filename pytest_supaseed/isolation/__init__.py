"""Datasets as template databases, and the database that a test gets."""
