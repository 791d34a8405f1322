"""Rows for empty places, where rows are counted by parent: another row makes the child that was refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.new_rows import is_new
from pytest_supaseed.plan.streams import CHUNK_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.rows.deals import Deal
    from pytest_supaseed.rows.part_source import PartSource


def rows_for_empty_places(
    run: Seeding, source: PartSource, deal: Deal, rounds: range
) -> Iterator[list[tuple[object, ...]]]:
    """Yield rows for the children that parents lack, chunk by chunk, until no place is empty.

    What is taken of a round is looked up before the next one begins.

    Args:
        run: the seeding.
        source: the part's rows.
        deal: how they are dealt.
        rounds: the rounds to take rows from; the first one is that of the planned rows.
    """
    span = deal.span(source.parents)
    for number in rounds:
        empty = empty_places(run, source, deal)
        if not empty:
            return
        further = source.beyond(number * span, span)
        by_chunk: dict[int, list[int]] = {}
        for place in empty:
            by_chunk.setdefault(place // CHUNK_ROWS, []).append(place % CHUNK_ROWS)
        for chunk, places in by_chunk.items():
            rows = further.chunk(number * span // CHUNK_ROWS + chunk)
            yield [rows[place] for place in places]


def empty_places(run: Seeding, source: PartSource, deal: Deal) -> list[int]:
    """The children that parents lack, by their numbers; of each parent the last ones."""
    stored = _children_stored(run, source, deal)
    counts, parents = deal.counts(source.parents), deal.source(source.parents)
    found: list[int] = []
    for start in range(0, parents.count, CHUNK_ROWS):
        numbers = range(start, min(start + CHUNK_ROWS, parents.count))
        values = parents.values(deal.children.key.target_columns, numbers)
        for parent, value in zip(numbers, values, strict=True):
            first, wanted = counts.total(parent), counts.of(parent)
            found += range(first + min(stored[_text(value)], wanted), first + wanted)
    return [place for place in found if place < source.rows]


def _children_stored(run: Seeding, source: PartSource, deal: Deal) -> Counter[tuple[str, ...]]:
    """How many new rows refer to each parent, by the key's values."""
    table, names = source.plan.table, deal.children.key.columns
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    new = is_new(run) if run.plan.existing.get(table.oid) else sql.SQL("true")
    query = sql.SQL("select count(*), {columns} from {table} where {new} group by {columns}").format(
        columns=columns, table=sql.Identifier(table.schema, table.name), new=new
    )
    found: Counter[tuple[str, ...]] = Counter()
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        for count, *value in cursor.execute(query):
            found[_text(value)] += count
    return found


def _text(value: list[object] | tuple[object, ...]) -> tuple[str, ...]:
    """A key's values as they compare: the database pads what `char(n)` holds."""
    return tuple(str(part).rstrip(" ") for part in value)
