"""Invoicing: customers and what they owe. Its tables are made by Alembic's migrations alone."""
