"""Tests of the shop; `conftest.py` says which database Django uses in them."""
