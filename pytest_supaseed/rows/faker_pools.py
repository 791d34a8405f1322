"""Which of a factory's `Faker` fields draw from a stock once a table is large.

Faker takes 20 to 50 microseconds for a name or a sentence, ten times what Postgres takes for the whole row. A
name or a sentence may come twice, though. So the first thousand rows are Faker's own, and those after them
draw from what it gave for these. What tells rows apart never draws from a stock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.rows.declarations import DrawnFrom, FromRow
from pytest_supaseed.rows.domain_fields import DrawnFromDomain, FromDomain
from pytest_supaseed.rows.evaluated import FromFaker, FromFunction
from pytest_supaseed.rows.vocabularies import words

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.rows.chunk import Producer

MAY_REPEAT = frozenset(
    words(
        "name name_female name_male name_nonbinary first_name first_name_female first_name_male"
        " first_name_nonbinary last_name last_name_female last_name_male last_name_nonbinary prefix suffix"
        " word words sentence sentences paragraph paragraphs text texts catch_phrase bs"
        " company company_suffix job address street_address street_name secondary_address building_number"
        " city city_prefix city_suffix state state_abbr postcode zipcode country country_code"
        " color_name language_name currency_name currency_code file_extension mime_type timezone user_agent"
    )
)
"""Providers whose values real rows share: no addresses, numbers or codes by which something is found."""


def with_pools(table: Table, producers: dict[str, Producer]) -> dict[str, Producer]:
    """Return the producers of a table's fields, those of `Faker` that may repeat drawing from a stock.

    Where a unique column is made of other fields, no field repeats: it may be one that it is made of.
    """
    unique = {name for key in table.unique_keys for name in key.columns if name is not None}
    unique |= {name for exclusion in table.exclusions for name in exclusion.columns if name is not None}
    has_expressions = any(key.expressions for key in table.unique_keys)
    has_expressions |= any(exclusion.expressions for exclusion in table.exclusions)
    if has_expressions or any(_reads_others(producers.get(name)) for name in unique):
        return producers
    return {name: producer if name in unique else _pooled(producer) for name, producer in producers.items()}


def _pooled(producer: Producer) -> Producer:
    if isinstance(producer, FromFaker) and producer.provider in MAY_REPEAT:
        return replace(producer, pooled=True)
    return producer


def _reads_others(producer: Producer | None) -> bool:
    if isinstance(producer, FromFunction):
        return producer.reads_rows
    return isinstance(producer, DrawnFrom | FromRow | DrawnFromDomain | FromDomain)
