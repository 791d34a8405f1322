"""The errors for names that stand for nothing: what was looked at, what is near, and what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.errors import MappingError
from pytest_supaseed.mapping.guesses import ENOUGH
from pytest_supaseed.mapping.nearest_names import SHOWN, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.framework import Framework
    from pytest_supaseed.mapping.guesses import Guess
    from pytest_supaseed.mapping.name_lookup import NameLookup


def no_table_error(name: str, lookup: NameLookup) -> MappingError:
    """No table is called so, and no logical name is."""
    catalog, framework, configured = lookup.catalog, lookup.framework, lookup.configured
    looked_at = [f"configured tables: {', '.join(configured) or 'none'}"]
    looked_at += [_known_line(name, framework, catalog)]
    looked_at += [f"tables called exactly {name!r}: none in {len(catalog.tables)}"]
    looked_at += alike_tables(name, catalog, lookup.guesses.ranked(name), guessing=lookup.guessing)
    alike = [other for other in nearest(name, (*configured, *framework.tables)) if other != name]
    if alike:
        looked_at.append(f"logical names like it: {', '.join(alike)}")
    return MappingError(
        f"No table of this database is called {name!r}, and no logical name is.",
        looked_at=looked_at,
        remedies=[
            f'configure it: [tool.supaseed.tables] {_toml_key(name)} = "schema.table"',
            f"or for one run: --supaseed-map {name}=schema.table",
            "run the migration that makes the table",
        ],
    )


def ambiguous_error(name: str, found: Iterable[Table]) -> MappingError:
    """Several schemas have a table of that name, and `public` has not."""
    tables = [table.qualified for table in found]
    return MappingError(
        f"Several tables are called {name!r}, none of them in the schema public.",
        looked_at=tables,
        remedies=[f"write it with its schema: {tables[0]}"],
    )


def no_column_error(  # noqa: PLR0913  # one argument for each thing that is said
    logical_table: str,
    table: Table,
    name: str,
    candidates: Iterable[str],
    *,
    configured_for: str | None = None,
    giver: str | None = None,
) -> MappingError:
    """The table has no such column."""
    called = (
        logical_table if logical_table == table.name else f"{logical_table!r}, which is {table.qualified},"
    )
    why = f", configured for {configured_for!r}" if configured_for else ""
    tried = ", ".join(candidates)
    alike = nearest(name, table.by_name)
    return MappingError(
        f"The table {called} has no column {name!r}{why}.",
        looked_at=[
            *([f"it is configured by {giver}"] if giver else []),
            *([f"the framework's other names for it, none there: {tried}"] if tried else []),
            f"columns like it: {', '.join(alike) or 'none'}",
            f"all columns: {', '.join(table.by_name)}",
        ],
        remedies=[
            f'configure it: [tool.supaseed.columns.{_toml_key(logical_table)}] {_toml_key(name)} = "column"'
        ],
    )


def alike_tables(
    name: str, catalog: Catalog, ranked: Sequence[Guess] = (), *, guessing: bool = True
) -> list[str]:
    """The nearest names, each with why it was not taken, one line each.

    Args:
        name: what was asked for.
        catalog: where it was looked for.
        ranked: the tables that it was thought it might stand for.
        guessing: whether one of those may be taken.
    """
    guessed = {
        guess.table.qualified: _not_guessed(guess, ranked, guessing=guessing) for guess in ranked[:SHOWN]
    }
    bare = name.rsplit(".", 1)[-1].strip('"')
    by_name: dict[str, list[Table]] = {}
    for table in catalog.tables:
        by_name.setdefault(table.name, []).append(table)
    near = [table.qualified for found in nearest(bare, by_name) for table in by_name[found]]
    why = dict.fromkeys(near, "alike, and only exact names are taken") | guessed
    return [f"{other}: {reason}" for other, reason in why.items()] or ["no name is like it"]


def _not_guessed(guess: Guess, ranked: Sequence[Guess], *, guessing: bool) -> str:
    if not guessing:
        return f"{guess.why}; not taken: names are not guessed here"
    if guess.score < ENOUGH:
        return f"{guess.why}; not taken: that is {guess.score:.2f}, and {ENOUGH} would be enough"
    others = [other for other in ranked if other is not guess]
    return f"{guess.why}; not taken: {others[0].table.qualified} is as likely"


def _known_line(name: str, framework: Framework, catalog: Catalog) -> str:
    candidates = framework.candidates(name)
    if not candidates:
        return f"{framework.title}: has no logical table {name!r}"
    reasons = []
    for candidate in candidates:
        table = catalog.find(candidate.schema, candidate.name)
        missing = [column for column in candidate.columns if table and column not in table.by_name]
        why = f"which has no column {', '.join(missing)}" if missing else "which is not there"
        reasons.append(f"{candidate.qualified}, {why}")
    return f"{framework.title}: {name!r} may be {'; or '.join(reasons)}"


def _toml_key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else "'" + name + "'"
