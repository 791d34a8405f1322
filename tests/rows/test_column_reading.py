"""Tests of rows.column_reading: what columns mean, and which rule wins."""

from __future__ import annotations

import pytest

from pytest_supaseed.rows.column_reading import Reading, read_column


@pytest.mark.parametrize(
    ("table", "column", "meaning"),
    [
        ("users", "name", "full_name"),
        ("user_profiles", "display_name", "display_name"),
        ("companies", "name", "company"),
        ("countries", "name", "country"),
        ("countries", "code", "country_code"),
        ("currencies", "code", "currency"),
        ("products", "name", "title product"),
        ("tasks", "title", "title task"),
        ("employees", "title", "job_title"),
        ("posts", "title", "title article"),
        ("teams", "name", "team"),
        ("tags", "name", "tag"),
        ("roles", "name", "role"),
        ("orders", "customer_name", "full_name"),
        ("orders", "product_name", "title product"),
        ("coupons", "code", "discount_code"),
        ("zorbs", "name", "title label"),
        ("zorbs", "address_city", "city"),
        ("zorbs", "email_subject", "title article"),
        ("zorbs", "email_address", "email"),
        ("zorbs", "password_reset_token", "token"),
        ("zorbs", "title_en", "title article"),
        ("zorbs", "phone_verified", "phone"),
        ("zorbs", "external_id", "identifier"),
        ("zorbs", "is_blue", "flag"),
        ("customers", "support_email", "company_email"),
        ("events", "payload_hash", "hash"),
        ("zorbs", "first", "first_name"),
        ("zorbs", "from", "location"),
        ("emails", "from", "email"),
    ],
)
def test_names_are_read(table: str, column: str, meaning: str) -> None:
    """The last word of a column says what it is; whose it is comes from the word before it or the table."""
    found = read_column(table, column)

    assert found is not None
    assert found.meaning == meaning


@pytest.mark.parametrize(
    ("table", "column", "role"),
    [
        ("orders", "customer_name", "customer"),
        ("orders", "customer_email", "customer"),
        ("customers", "customer_name", ""),
        ("users", "user_email", ""),
        ("posts", "author", "author"),
        ("posts", "author_email", "author"),
        ("orders", "billing_address_city", "billing"),
        ("orders", "billing_zip", "billing"),
        ("users", "mobile_phone", ""),
    ],
)
def test_roles_tell_whose_it_is(table: str, column: str, role: str) -> None:
    """Words before the meaning name another person or place, unless they are the table's own."""
    found = read_column(table, column)

    assert found is not None
    assert found.role == role


@pytest.mark.parametrize(
    ("table", "column", "siblings", "meaning"),
    [
        ("orders", "state", (), "status order"),
        ("orders", "state", ("city",), "region"),
        ("orders", "state", ("billing_city",), "status order"),
        ("orders", "billing_state", ("billing_city",), "region"),
        ("orders", "address", (), "address"),
        ("orders", "address", ("zip",), "street"),
        ("zorbs", "name", ("date_of_birth",), "full_name"),
    ],
)
def test_neighbours_decide(table: str, column: str, siblings: tuple[str, ...], meaning: str) -> None:
    """A state beside a city is a region; a name beside a birthday is a person's."""
    found = read_column(table, column, None, frozenset(siblings))

    assert found is not None
    assert found.meaning == meaning


def test_a_comment_is_asked_last() -> None:
    """A comment counts where the name says nothing, and only then."""
    assert read_column("zorbs", "zq") is None
    assert read_column("zorbs", "zq", "The e-mail of whoever asked") == Reading("email")
    assert read_column("zorbs", "zq", "ISO currency") == Reading("currency")
    assert read_column("zorbs", "zq", "emailed weekly") is None
    assert read_column("zorbs", "city", "an e-mail") == Reading("city")
