"""Tests of plan.email_places: every column in which no two users may share an address."""

from __future__ import annotations

from dataclasses import replace

from small_catalog import catalog, column, table, unique

from pytest_supaseed.plan.email_places import email_places


def test_places_are_told_by_keys() -> None:
    """Plain, partial and composite keys, expressions, and what says who somebody is; no other column."""
    users = table("users", column("email"), schema="auth")
    identities = table("identities", column("email"), schema="auth")
    people = table("people", column("mail"), column("contact_email"))
    accounts = table("accounts", column("email"), column("kind"), unique_keys=(unique("email"),))
    invited = table("invited", column("email_address"), column("team_id"))
    invited = replace(
        invited,
        unique_keys=(
            *invited.unique_keys,
            replace(unique("email_address", "team_id"), predicate="(team_id > 0)"),
        ),
    )
    lowered = table("lowered", column("email"), column("emails_sent", "int4"), column("mailing", "text"))
    lowered = replace(
        lowered,
        unique_keys=(
            *lowered.unique_keys,
            replace(unique("email"), columns=(None,), expressions=("lower(email)",)),
        ),
    )
    free = table("free", column("email"), column("name"), unique_keys=(unique("name"),))
    numbers = table("numbers", column("email", "int4"), unique_keys=(unique("email"),))
    found = catalog(users, identities, people, accounts, invited, lowered, free, numbers)
    assert [(place.name, name.name) for place, name in email_places(found, people)] == [
        ("users", "email"),
        ("identities", "email"),
        ("people", "mail"),
        ("people", "contact_email"),
        ("accounts", "email"),
        ("invited", "email_address"),
        ("lowered", "email"),
    ]
