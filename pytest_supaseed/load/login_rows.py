"""What belongs to users that a test makes beside their own rows: identities, second factors, sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.plan.seed_plan import TablePlan
from pytest_supaseed.rows.field_binding import FieldNames
from pytest_supaseed.rows.known_identities import identity_of, is_known, is_ordinary, keyed_by_provider
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.sessions import FACTORS, SESSIONS
from pytest_supaseed.rows.sources import factory_for, merge_producers, written_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.rows.chunk import KeySource
    from pytest_supaseed.rows.row import Row

IDENTITIES = "identities"
FACTOR, SESSION = "factor", "session"
"""What a users' factory says in `login_rows`: a verified second factor with a session, or a session."""


class RowsWriter(Protocol):
    """What is needed of the writer of a test's rows."""

    @property
    def catalog(self) -> Catalog:
        """The database's catalog."""
        ...

    @property
    def table_map(self) -> NameResolver:
        """Resolves logical names."""
        ...

    def table(self, name: str) -> Table:
        """The actual table of a logical or qualified name."""
        ...

    def derived(self, table: Table, first: int) -> dict[str, object]:
        """The catalog's derivation for rows from an index on."""
        ...

    def insert(self, table: Table, source: PartSource) -> tuple[list[Row], set[int]]:
        """Write a source's rows and return them."""
        ...


@dataclass(frozen=True)
class GivenKeys:
    """Keys of rows that are at hand."""

    rows: tuple[Row, ...]
    key: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`."""
        return [tuple(self.rows[index][column] for column in columns) for index in indices]


@dataclass(frozen=True)
class GivenParents:
    """Parents that are at hand; there are none of other tables.

    Args:
        writer: finds tables by name.
        rows: the rows by table.
    """

    writer: RowsWriter
    rows: Mapping[str, tuple[Row, ...]]

    def of(self, table: str, part: str | None = None) -> KeySource:
        """Return the key source of a table, as `chunk.Parents` says."""
        del part
        oid = self.writer.table(table).oid
        found = next((rows for name, rows in self.rows.items() if self.writer.table(name).oid == oid), ())
        return GivenKeys(found, ("id",))


@dataclass(frozen=True)
class LoginRows:
    """Writes what belongs to new users.

    Args:
        writer: the writer of the test's rows.
        seed: the randomness of the call.
        first: the index of the first user.
    """

    writer: RowsWriter
    seed: str
    first: int

    def add_identities(self, users: Sequence[Row]) -> None:
        """Give each new user the identity without which GoTrue does not know the address or number."""
        known = [user for user in users if is_known(user)]
        ordinary = [user for user in known if is_ordinary(user)]
        self._add(IDENTITIES, IDENTITIES, ordinary, first=self.first)
        for place, user in enumerate(known):
            if not is_ordinary(user):
                own = identity_of(user)
                self._add(IDENTITIES, IDENTITIES, [user], values=own, first=self.first + place)

    def add_sessions(self, users: Sequence[Row], wanted: Sequence[object]) -> None:
        """Give users a second factor and a session, as their factory says.

        Args:
            users: the new users.
            wanted: of each of them, `factor`, `session` or nothing.
        """
        pairs = list(zip(users, wanted, strict=True))
        factors = self._add(FACTORS, FACTORS, [user for user, what in pairs if what == FACTOR])
        signed_in = [user for user, what in pairs if what == FACTOR]
        self._add_sessions(signed_in, factors, has_factor=bool(factors))
        self._add_sessions([user for user, what in pairs if what == SESSION], (), has_factor=False)

    def _add_sessions(self, users: Sequence[Row], factors: Sequence[Row], *, has_factor: bool) -> None:
        sessions = self._add(
            SESSIONS, SESSIONS, users, others={FACTORS: factors}, values={"has_factor": has_factor}
        )
        made = {SESSIONS: sessions}
        self._add("auth.refresh_tokens", "auth.refresh_tokens", sessions, others=made)
        both = (*sessions, *sessions) if has_factor else sessions
        self._add("auth.mfa_amr_claims", "auth.mfa_amr_claims", both, others=made)

    def _add(  # noqa: PLR0913  # one argument for each thing that the rows depend on
        self,
        name: str,
        factory_name: str,
        users: Sequence[Row],
        *,
        others: Mapping[str, Sequence[Row]] | None = None,
        values: Mapping[str, object] | None = None,
        first: int = 0,
    ) -> tuple[Row, ...]:
        """One row for each user, or nothing where the platform has no such table."""
        writer = self.writer
        if not users or not (writer.table_map.has(name) or _is_there(writer.catalog, name)):
            return ()
        table = writer.table(name)
        part = TablePlan(table, name, "", len(users), factory_name)
        aliases = writer.table_map.aliases(name) if writer.table_map.has(name) else {}
        factory = factory_for(factory_name)
        names = FieldNames(aliases, writer.table)
        producers = merge_producers(table, factory, writer.derived(table, first), values or {}, names)
        if name == IDENTITIES:
            producers = keyed_by_provider(table, producers)
        columns = written_columns(table, producers, factory)
        given = {"users": tuple(users), **{key: tuple(rows) for key, rows in (others or {}).items()}}
        parents = GivenParents(writer, given)
        source = PartSource(part, producers, columns, parents, seed=self.seed, first=first)
        return tuple(writer.insert(table, source)[0])


def _is_there(catalog: Catalog, name: str) -> bool:
    schema, _, table = name.rpartition(".")
    return bool(schema) and catalog.find(schema, table) is not None
