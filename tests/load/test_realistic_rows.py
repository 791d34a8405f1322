"""Columns of a row that agree, as a sceptical reader of real schemas would look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from seeded_schemas import SeededSchema, seed_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Maker

DOCUMENTATION = (
    "array['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32']::inet[]"  # RFC 5737, 3849
)
SCHEMA = """
create type send_status as enum ('NOT_SENT', 'SENT');
create type read_status as enum ('NOT_OPENED', 'OPENED');
create type signing_status as enum ('NOT_SIGNED', 'SIGNED', 'REJECTED');
create table recipients (
    id bigint generated always as identity primary key,
    "readStatus" read_status not null default 'NOT_OPENED',
    "sendStatus" send_status not null default 'NOT_SENT',
    "signingStatus" signing_status not null default 'NOT_SIGNED',
    "sentAt" timestamp, "signedAt" timestamp, "rejectionReason" text
);
create table reports (
    id bigint generated always as identity primary key,
    published_at timestamptz not null default now(), updated_at timestamptz, resolved_at timestamptz
);
create table jobs (
    id bigint generated always as identity primary key,
    submitted timestamptz not null default current_timestamp, last_update timestamptz not null default now(),
    completed_at timestamptz
);
create table rentals (
    id bigint generated always as identity primary key,
    rental_date timestamptz not null, return_date timestamptz, customer int not null, unique (rental_date)
);
create table accounts (
    provider text not null, provider_account_id text not null, active int not null, length int not null,
    unique (provider, provider_account_id)
);
create table monthly_stats (period text primary key, hits int not null);
create table hosts (
    domain text primary key, ip inet not null unique,
    address text not null, district text, city text not null,
    ip_address text not null unique, phone text not null unique, email text not null unique,
    token text not null unique, algorithm text not null, token_endpoint text not null,
    only4 inet not null unique check (family(only4) = 4)
);
create table community_tags (name text primary key, display_name text not null);
"""


@pytest.fixture(scope="module")
def seeded(maker: Maker) -> Iterator[SeededSchema]:
    """The schema, seeded once."""
    with maker.database("realistic") as connection:
        yield seed_schema(connection, SCHEMA, rows=900)


@pytest.mark.parametrize(
    "wrong",
    [
        """from recipients where ("sentAt" is not null) <> ("sendStatus" = 'SENT')""",
        """from recipients where ("signedAt" is not null) <> ("signingStatus" = 'SIGNED')""",
        """from recipients where ("rejectionReason" is not null) <> ("signingStatus" = 'REJECTED')""",
        "from reports where updated_at <= published_at or resolved_at <= published_at",
        "from jobs where completed_at <= submitted or last_update <= submitted",
        "from rentals where return_date <= rental_date",
        "from rentals where rental_date > '2026-01-01'",
        "from accounts where provider ~ '[0-9]' or active not in (0, 1) or length > 240",
        r"from monthly_stats where period !~ '^\d{4}-(0[1-9]|1[0-2])$'",
        f"from hosts where not ip <<= any ({DOCUMENTATION})",
        f"from hosts where not ip_address::inet <<= any ({DOCUMENTATION})",
        f"from hosts where not (only4 <<= any ({DOCUMENTATION}) or only4 <<= '10.0.0.0/8')",
        r"from hosts where domain !~ '^[a-z-]+-\d+\.example$'",
        r"from hosts where phone !~ '^\+1\d{3}55501\d\d$'",
        r"from hosts where email !~ '^[a-z]+\.[a-z]+\.\d+@example\.(com|org|net)$'",
        "from hosts where token !~ '^[0-9a-f]{32}$'",
        "from hosts where district ~ '[.]$' or algorithm ~ ' '",
        "from hosts where token_endpoint !~ '^https://www[.]example[.]com/'",
        "from community_tags where display_name ~ '^[A-Z][a-z]+ [A-Z][a-z]+$'",
    ],
)
def test_no_row_contradicts_itself(seeded: SeededSchema, wrong: str) -> None:
    """Each query asks for the rows that would read as made up."""
    assert seeded.one(f"select count(*) {wrong}") == 0


@pytest.mark.parametrize(
    "telling",
    [
        """from recipients where "sentAt" is not null""",
        """from recipients where "rejectionReason" is not null""",
        "from reports where updated_at is not null",
        "from rentals where return_date is not null",
        "from accounts where active = 0",
        "from monthly_stats",
        "from hosts where family(ip) = 6",
    ],
)
def test_such_rows_are_there(seeded: SeededSchema, telling: str) -> None:
    """Nothing agrees by being empty."""
    assert seeded.one(f"select count(*) {telling}") > 0


def test_moments_that_differ_lie_in_no_order(seeded: SeededSchema) -> None:
    """Unique moments are spread over a year as those of real rows are, not a minute apart."""
    assert seeded.one("select max(rental_date) - min(rental_date) > '300 days' from rentals")
    rising = (
        "select count(*) from (select rental_date > lag(rental_date) over (order by id) as up from rentals) t"
    )
    assert 300 < seeded.one(f"{rising} where up") < 600
