"""Foreign keys that share columns, filled together: `(tenant_id, order_id)` and `(tenant_id, customer_id)`.

One parent is chosen, each further one among the rows that agree with it in the columns they share.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.checked_columns import Checked
from pytest_supaseed.rows.declarations import ColumnDeclaration, PartOf, no_parent
from pytest_supaseed.rows.foreign_keys import skewed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.chunk import Chunk, KeySource, Parents, Producer
    from pytest_supaseed.rows.combinations import Digit
    from pytest_supaseed.rows.deals import Deal

PARENTS_KEPT = 20_000
"""Parents of one key that are held to choose from: some MB; children of a larger table refer to the first."""
PARENTS_NUMBERED = 200_000
"""The same where each row needs a parent of its own: there can be no more rows than parents are held."""
TRIES = 20
"""First parents that are tried for a row before its key counts as one that no parents agree for."""

Values = tuple[object, ...]


@dataclass(frozen=True)
class Member:
    """One foreign key of a family.

    Args:
        target: the parent's address.
        columns: our columns.
        target_columns: the parent's columns, in the same order.
        clears: the columns that are set to NULL for a row without this parent; none where it needs one.
        null_share: the share of rows that have no parent although there are some.
        allowed: values that checks of ours allow, by column; parents with others cannot be referred to.
    """

    target: str
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]
    clears: tuple[str, ...] = ()
    null_share: float = 0.0
    allowed: Mapping[str, frozenset[object]] | None = None

    def rows(self, source: KeySource, limit: int) -> list[Values]:
        """The key values of the first parents, of those that can be referred to."""
        found = source.values(self.target_columns, range(min(source.count, limit)))
        return [row for row in found if self.takes(row)] if self.allowed else found

    def takes(self, row: Values) -> bool:
        """Whether a parent with these key values can be referred to."""
        allowed = self.allowed or {}
        return all(row[self.columns.index(name)] in values for name, values in allowed.items())


@dataclass(frozen=True)
class _Found:
    """A member's parents, by their values in the columns that members before it fix."""

    shared: tuple[str, ...]
    groups: Mapping[tuple[str, ...], Sequence[Values]]

    def of(self, row: Mapping[str, object]) -> Sequence[Values]:
        return self.groups.get(_texts([row[name] for name in self.shared]), ())


@dataclass(frozen=True)
class _Prepared:
    """What a family's choice needs, made once for the parents that there are."""

    sources: tuple[tuple[KeySource, int], ...]
    firsts: Sequence[Values]
    found: Sequence[_Found]
    ends: Sequence[int]
    """How many combinations the first parents up to and including each one allow."""


class KeyFamily(ColumnDeclaration):
    """Tuples of all columns of a family of foreign keys, in the order of `columns`.

    Args:
        members: the keys; the first one is chosen first.
        numbered: how many of the first members are told apart by a digit.
        distinct: the columns of the unique key for which they are; no two first parents agree in these.
    """

    def __init__(
        self, members: Sequence[Member], *, numbered: int = 0, distinct: Collection[str] = ()
    ) -> None:
        super().__init__()
        self.distinct = frozenset(distinct)
        self.members = tuple(members)
        self.numbered = numbered
        self.columns = tuple(dict.fromkeys(name for member in members for name in member.columns))
        self.digit: Digit | None = None
        self.deal: Deal | None = None
        self._prepared: _Prepared | None = None

    @property
    def may_be_null(self) -> bool:
        """Whether the first key can be NULL where no combination is left."""
        return bool(self.members[0].clears)

    def ways(self, parents: Parents) -> Sequence[int] | None:
        """By parent of the first member, how many combinations there are with it; see `deals.Dealt`."""
        first = self.members[0]
        is_told_apart = not self.distinct or set(first.columns) <= self.distinct
        if self.deal is None or (len(self.members) == 1 and not first.allowed and is_told_apart):
            return None
        prepared = self._prepare(parents, ())
        source = self.deal.source(parents)
        found: list[int] = []
        seen: set[Values] = set()
        for start in range(0, source.count, CHUNK_ROWS):
            numbers = range(start, min(start + CHUNK_ROWS, source.count))
            for row in source.values(first.target_columns, numbers):
                fits = first.takes(row) and self._is_new(row, seen)
                ways = self._combinations(dict(zip(first.columns, row, strict=True)), prepared.found)
                found.append(ways if fits else 0)
        return found

    def _is_new(self, row: Values, seen: set[Values]) -> bool:
        """Whether no row before agrees in the distinct columns."""
        value = tuple(
            part for name, part in zip(self.members[0].columns, row, strict=True) if name in self.distinct
        )
        is_new = not value or len(value) == len(row) or value not in seen
        if len(value) < len(row):
            seen.add(value)
        return is_new

    def size(self, parents: Parents) -> int:
        """How many combinations of the numbered members there are."""
        prepared = self._prepare(parents, ())
        return prepared.ends[-1] if prepared.ends else 0

    def room(self, parents: Parents) -> int | None:
        """How many rows there can be, where each needs a combination of its own."""
        return None if self.digit is None else self.digit.combinations.room(parents)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        given = self._given(chunk, name)
        prepared = self._prepare(chunk.scope.parents, given)
        if self.deal is not None:
            return self._dealt(self.deal, prepared, chunk, name, given)
        digits = self.digit.choices(chunk) if self.digit is not None and not given else [None] * chunk.count
        exhausted = (
            self.digit is not None
            and not given
            and self.digit.combinations.ends_in_null
            and bool(self.members[0].clears)
        )
        columns = {column: chunk.column(column) for column in given}
        draws = chunk.draws(name)
        return [
            self._row(
                prepared,
                {column: values[row] for column, values in columns.items()},
                digits[row],
                draws,
                chunk,
                cleared=exhausted and digits[row] is None,
            )
            for row in range(chunk.count)
        ]

    def _dealt(
        self, deal: Deal, prepared: _Prepared, chunk: Chunk, name: str, given: tuple[str, ...]
    ) -> list[Values]:
        """Rows whose first parent is dealt to them; the others are chosen to agree with it."""
        first, draws, places = self.members[0], chunk.draws(name), deal.places(chunk)
        parents = chunk.scope.parents
        values = deal.source(parents).values(first.target_columns, [place.parent for place in places])
        own_ways, found = deal.own_ways(parents), []
        for number, (place, parent) in enumerate(zip(places, values, strict=True)):
            known = {column: chunk.column(column)[number] for column in given}
            known.update(zip(first.columns, parent, strict=True))
            ways = own_ways(place.parent)
            rest = place.way % ways if self.numbered and ways and place.way is not None else -1
            found.append(self._agreeing_row(prepared, known, rest, draws, chunk))
        return found

    def _agreeing_row(
        self, prepared: _Prepared, known: Mapping[str, object], rest: int, draws: Draws, chunk: Chunk
    ) -> Values:
        for _ in range(TRIES):
            row = dict(known)
            if self._others(prepared, row, rest, draws):
                return tuple(row.get(name) for name in self.columns)
        raise no_parent(chunk.scope.table, ", ".join(self.columns), " and ".join(self._targets()))

    def _given(self, chunk: Chunk, name: str) -> tuple[str, ...]:
        """The columns that something else fills: a factory's field, or what a test passed."""
        producers = chunk.scope.producers
        return tuple(
            column
            for column in self.columns
            if column in producers and not _is_part(producers[column], column, name)
        )

    def _prepare(self, parents: Parents, given: tuple[str, ...]) -> _Prepared:
        sources = tuple((source, source.count) for source in map(parents.of, self._targets()))
        if self._prepared is None or given or not _same(self._prepared.sources, sources):
            self._prepared = self._make(sources, given)
        return self._prepared

    def _targets(self) -> list[str]:
        return [member.target for member in self.members]

    def _make(self, sources: tuple[tuple[KeySource, int], ...], given: tuple[str, ...]) -> _Prepared:
        fixed = list(given)
        found = []
        for member, (source, _count) in zip(self.members, sources, strict=True):
            shared = tuple(name for name in member.columns if name in fixed)
            found.append(_grouped(member, member.rows(source, self._kept), shared))
            fixed += member.columns
        first = self.members[0]
        counts = [
            (row, self._combinations(dict(zip(first.columns, row, strict=True)), found))
            for rows in found[0].groups.values()
            for row in rows
        ]
        counts = self._all_different(counts)
        firsts = [row for row, _count in counts]
        return _Prepared(sources, firsts, found, list(accumulate(count for _row, count in counts)))

    @property
    def _kept(self) -> int:
        return PARENTS_NUMBERED if self.numbered or self.deal is not None else PARENTS_KEPT

    def _all_different(self, counts: Sequence[tuple[Values, int]]) -> list[tuple[Values, int]]:
        """The first parents that any combination is made with, one for each value of the distinct columns."""
        places = [place for place, name in enumerate(self.members[0].columns) if name in self.distinct]
        seen: set[Values] = set()
        found = []
        for row, count in counts:
            value = tuple(row[place] for place in places)
            if count and (not places or value not in seen):
                seen.add(value)
                found.append((row, count))
        return found

    def _combinations(self, row: Mapping[str, object], found: Sequence[_Found]) -> int:
        """How many combinations of the numbered members a first parent allows; 0 where a needed one lacks."""
        ways = 1
        for number, (member, others) in enumerate(zip(self.members[1:], found[1:], strict=True), 1):
            if not set(others.shared) <= row.keys():
                continue
            size = len(others.of(row))
            if number < self.numbered:
                ways *= size
            elif not size and not member.clears:
                return 0
        return ways

    def _row(  # noqa: PLR0913  # what one row's choice depends on
        self,
        prepared: _Prepared,
        given: dict[str, object],
        digit: int | None,
        draws: Draws,
        chunk: Chunk,
        *,
        cleared: bool,
    ) -> Values:
        for _ in range(TRIES):
            row = dict(given)
            rest = self._first(prepared, row, digit, draws, cleared=cleared)
            if rest is not None and self._others(prepared, row, rest, draws):
                return tuple(row.get(name) for name in self.columns)
        raise no_parent(chunk.scope.table, ", ".join(self.columns), " and ".join(self._targets()))

    def _first(
        self,
        prepared: _Prepared,
        row: dict[str, object],
        digit: int | None,
        draws: Draws,
        *,
        cleared: bool,
    ) -> int | None:
        """Choose the first parent; return the digit's rest, -1 without one, None where there is no parent."""
        member = self.members[0]
        cleared = cleared or bool(member.null_share and draws.random() < member.null_share)
        if digit is not None:
            place = bisect_right(prepared.ends, digit)
            row.update(zip(member.columns, prepared.firsts[place], strict=True))
            return digit - (prepared.ends[place - 1] if place else 0)
        firsts = prepared.found[0].of(row) if prepared.found[0].shared else prepared.firsts
        if not firsts and not member.clears:
            return None
        if firsts:
            row.update(zip(member.columns, firsts[skewed(draws, len(firsts))], strict=True))
        if cleared or not firsts:
            row.update(dict.fromkeys(member.clears))
        return -1

    def _others(self, prepared: _Prepared, row: dict[str, object], rest: int, draws: Draws) -> bool:
        """Choose the other parents; False where a needed one agrees with none of the rows."""
        for number, member in enumerate(self.members[1:], 1):
            agreeing = _agreeing(prepared.found[number], row)
            excused = any(name in row and row[name] is None for name in member.columns)
            if not agreeing and not excused and not member.clears:
                return False
            cleared = not agreeing or bool(member.null_share and draws.random() < member.null_share)
            if agreeing and number < self.numbered and rest >= 0:
                rest, place = divmod(rest, len(agreeing))
                row.update(zip(member.columns, agreeing[place], strict=True))
            elif agreeing:
                row.update(zip(member.columns, agreeing[draws.below(len(agreeing))], strict=True))
            if cleared:
                row.update(dict.fromkeys(member.clears))
        return True


def _is_part(producer: Producer, column: str, field: str) -> bool:
    """Whether a column is filled from a field, be it that checks may set it to NULL."""
    if isinstance(producer, Checked):
        producer = producer.group.bases[column]
    return isinstance(producer, PartOf) and producer.source == field


def _agreeing(found: _Found, row: Mapping[str, object]) -> Sequence[Values]:
    return found.of(row) if all(name in row for name in found.shared) else ()


def _grouped(member: Member, rows: Sequence[Values], shared: tuple[str, ...]) -> _Found:
    places = [member.columns.index(name) for name in shared]
    groups: dict[tuple[str, ...], list[Values]] = {}
    for row in rows:
        groups.setdefault(_texts([row[place] for place in places]), []).append(row)
    return _Found(shared, groups)


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    """Values as keys: what a test passes as text equals what we hold as a UUID."""
    return tuple(map(str, values))


def _same(first: Sequence[tuple[KeySource, int]], second: Sequence[tuple[KeySource, int]]) -> bool:
    return all(a[0] is b[0] and a[1] == b[1] for a, b in zip(first, second, strict=True))
