"""What a dataset keeps of itself, so that a clone of it can be put back into the state in which it was made.

The rows lie in one table, `pg_supaseed.pristine`, as text, in the form that Postgres itself gives a row:
that form is as exact as a dump. One table, and not a copy of each, because a clone costs by its files. The
schema's name begins with `pg_`, by which pg_dump, psql and inspectors leave it out; an ordinary schema would
make the owner's pg_dump fail for lack of rights. Figures and reasons: docs/explanation/isolation.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, tuple_row

from pytest_supaseed.isolation.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SCHEMA = "pg_supaseed"
STORE = sql.Identifier(SCHEMA, "pristine")
KEPT_TABLE_BYTES = 8 << 20
"""Of a larger table no rows are kept: where its rows are changed, the clone is replaced."""
KEPT_BYTES = 64 << 20
"""All that is kept, the smallest tables first: each clone carries it."""

SEQUENCE_DATA_SINCE = 180000
"""From here on a function tells the state of any sequence; before, each is read by its name."""

_TEMPORARY = sql.SQL(" where nspname !~ '^pg_(toast_)?temp_'")
"""The schemas of temporary tables stay when a session ends, empty."""

_SETTINGS = {
    "role": "none",
    "session_replication_role": "replica",  # neither triggers nor foreign keys act on what is put back
    "search_path": "",
    "row_security": "off",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "xmloption": "content",
    "array_nulls": "on",
    "lc_monetary": "C",
    "extra_float_digits": "1",
    "default_transaction_read_only": "off",
    "statement_timeout": "0",
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "10s",  # nobody else is connected: whoever holds a lock then, is not to be waited for
    "jit": "off",
    "application_name": "pytest-supaseed",
}
_EVENT_TRIGGERS_SINCE = 170000
_SEQUENCE_DATA = sql.SQL(
    "select s.seqrelid, d.last_value, d.is_called from pg_catalog.pg_sequence as s"
    " cross join lateral pg_catalog.pg_get_sequence_data(s.seqrelid) as d"
)
_NO_SEQUENCES = sql.SQL("select null::int8, null::int8, null::bool where false")


@dataclass(frozen=True, slots=True)
class RestorableTable:
    """A table as the restoration sees it.

    Args:
        oid: its OID.
        schema: its schema.
        name: its name.
        columns: those that take values.
        key: columns that tell its rows apart and are never null; empty where it has none.
        acts: whether a trigger or rule of it acts even in a restoration.
        bytes: the size of its rows.
        rows: their number.
        kept: whether its rows are kept.
    """

    oid: int
    schema: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    acts: bool
    bytes: int
    rows: int = 0
    kept: bool = False

    @property
    def identifier(self) -> sql.Identifier:
        """Its name, in SQL."""
        return sql.Identifier(self.schema, self.name)


@dataclass(frozen=True, slots=True)
class SystemTable:
    """A table of the system catalogs, and how many rows it has."""

    oid: int
    schema: str
    name: str
    rows: int = 0

    @property
    def source(self) -> sql.Composed:
        """It, in a FROM clause, with the condition for the rows that count."""
        named = sql.SQL("{}").format(sql.Identifier(self.schema, self.name))
        return named + _TEMPORARY if self.name == "pg_namespace" else named


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence and its state."""

    oid: int
    schema: str
    name: str
    unlogged: bool
    cycles: bool
    last_value: int = 0
    is_called: bool = False


@dataclass(frozen=True)
class Pristine:
    """A dataset's state, as its clones begin with.

    Args:
        tables: the tables that hold rows, by OID.
        system: the tables of the system catalogs, by OID.
        sequences: the sequences, by OID.
    """

    tables: Mapping[int, RestorableTable]
    system: Mapping[int, SystemTable]
    sequences: Mapping[int, Sequence]

    @property
    def is_silent(self) -> bool:
        """Whether something can change without a transaction id: sequences that are not logged."""
        return any(sequence.unlogged for sequence in self.sequences.values())

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "tables": [asdict(table) for table in self.tables.values()],
            "system": [asdict(table) for table in self.system.values()],
            "sequences": [asdict(sequence) for sequence in self.sequences.values()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pristine:
        """Return what `to_json` gave."""
        tables = (
            RestorableTable(**{**table, "columns": tuple(table["columns"]), "key": tuple(table["key"])})
            for table in data["tables"]
        )
        return cls(
            {table.oid: table for table in tables},
            {table["oid"]: SystemTable(**table) for table in data["system"]},
            {one["oid"]: Sequence(**one) for one in data["sequences"]},
        )


def connect_keeper(conninfo: str) -> psycopg.Connection:
    """Connect as the one who keeps and restores, whatever the database's own settings say.

    Args:
        conninfo: of a superuser.

    Raises:
        psycopg.Error: the database cannot be reached, or the login may not switch triggers off.
    """
    with_events = {**_SETTINGS, "event_triggers": "off"}
    connection = psycopg.connect(conninfo, autocommit=True, prepare_threshold=1)
    newer = connection.info.server_version >= _EVENT_TRIGGERS_SINCE
    chosen = with_events if newer else _SETTINGS
    statements = [
        sql.SQL("set {} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in chosen.items()
    ]
    connection.execute(sql.SQL("; ").join(statements))
    return connection


def keep_pristine(connection: psycopg.Connection) -> Pristine:
    """Write down the rows of a database that is about to become a template, and return its state.

    Args:
        connection: of `connect_keeper`.
    """
    tables = [RestorableTable(**row) for row in _rows(connection, "restorable_tables")]
    with connection.transaction():
        connection.execute("set local allow_system_table_mods = on")
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(SCHEMA)))
        connection.execute(
            sql.SQL('create table {} ("table" oid not null, "key" text, "row" text not null)').format(STORE)
        )
        kept = [_keep(connection, table, kept=fits) for table, fits in _fitting(tables)]
        connection.execute(sql.SQL('create index on {} ("table")').format(STORE))
    connection.execute(sql.SQL("analyze {}").format(STORE))
    sequences = list(_rewound(connection))
    return Pristine(
        {table.oid: table for table in kept},
        {table.oid: table for table in _counted(connection)},
        {sequence.oid: sequence for sequence in sequences},
    )


def _fitting(tables: Iterable[RestorableTable]) -> Iterator[tuple[RestorableTable, bool]]:
    """Each table, the smallest first, and whether its rows are kept."""
    left = KEPT_BYTES
    for table in tables:
        fits = not table.acts and table.bytes <= min(left, KEPT_TABLE_BYTES)
        left -= table.bytes if fits else 0
        yield table, fits


def _keep(connection: psycopg.Connection, table: RestorableTable, *, kept: bool) -> RestorableTable:
    if not kept:
        counted = sql.SQL("select count(*) from only {}").format(table.identifier)
        return _with(table, rows=_number(connection, counted), kept=False)
    done = connection.execute(
        sql.SQL("insert into {} select {}, {}, (t.*)::text from only {} as t").format(
            STORE, sql.Literal(table.oid), key_text(table), table.identifier
        )
    )
    return _with(table, rows=done.rowcount, kept=_reads_back(connection, table))


def _with(table: RestorableTable, *, rows: int, kept: bool) -> RestorableTable:
    return RestorableTable(
        table.oid,
        table.schema,
        table.name,
        tuple(table.columns),
        tuple(table.key),
        table.acts,
        table.bytes,
        rows,
        kept,
    )


def _reads_back(connection: psycopg.Connection, table: RestorableTable) -> bool:
    """Whether rows of the table's types can be read from what they are written as; a few are tried.

    Some types have no such form (`pg_node_tree`, those of an extension that only it can make); and a row may
    be older than a domain's check that came `not valid`.
    """
    query = sql.SQL(
        "select coalesce(bool_and(r::{}::text = r), true) from"
        ' (select "row" as r from {} where "table" = {} limit 20) as tried'
    ).format(table.identifier, STORE, sql.Literal(table.oid))
    try:
        with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query).fetchone()
    except psycopg.DatabaseError:  # of any kind: a domain's check may call functions of its own
        return False
    return bool(row and row[0])


def key_text(table: RestorableTable) -> sql.Composable:
    """Return the SQL of a row's key, as text, where the table is `t`; null where it has none."""
    columns = [sql.Identifier("t", name) for name in table.key]
    if not columns:
        return sql.SQL("null::text")
    if len(columns) == 1:
        return sql.SQL("{}::text").format(columns[0])
    return sql.SQL("row({})::text").format(sql.SQL(", ").join(columns))


def _rewound(connection: psycopg.Connection) -> Iterator[Sequence]:
    """The sequences; each is set to where it is, so that the next number drawn from it is logged.

    Postgres logs the state of a sequence once for 32 numbers. Only what is logged takes a transaction id,
    from which a test's doings are told.
    """
    for row in _rows(connection, "sequences"):
        read = sql.SQL("select last_value, is_called from {}").format(
            sql.Identifier(row["schema"], row["name"])
        )
        with connection.cursor(row_factory=tuple_row) as cursor:
            state: Any = cursor.execute(read).fetchone()
            cursor.execute("select pg_catalog.setval(%s::oid::regclass, %s, %s)", (row["oid"], *state))
        yield Sequence(**row, last_value=state[0], is_called=state[1])


def _counted(connection: psycopg.Connection) -> Iterator[SystemTable]:
    for row in _rows(connection, "system_tables"):
        table = SystemTable(**row)
        counted = sql.SQL("select count(*) from {}").format(table.source)
        yield SystemTable(**row, rows=_number(connection, counted))


def sequences_query(server_version: int, pristine: Pristine) -> sql.Composed:
    """Return the query for the states of sequences, in one text: OID, last value, whether it was drawn.

    Args:
        server_version: as libpq gives it, `180006`.
        pristine: names the sequences, for a server that has to be asked for each by its name.
    """
    return sql.SQL(
        "select pg_catalog.string_agg(pg_catalog.concat(oid, ' ', last_value, ' ', is_called), ',')"
        " from ({}) as s (oid, last_value, is_called)"
    ).format(_sequence_states(server_version, pristine))


def _sequence_states(server_version: int, pristine: Pristine) -> sql.SQL | sql.Composed:
    if server_version >= SEQUENCE_DATA_SINCE:
        return _SEQUENCE_DATA
    if not pristine.sequences:
        return _NO_SEQUENCES
    return sql.SQL(" union all ").join(
        sql.SQL("select {}::int8, last_value, is_called from {}").format(
            sql.Literal(one.oid), sql.Identifier(one.schema, one.name)
        )
        for one in pristine.sequences.values()
    )


def _rows(connection: psycopg.Connection, name: str) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_statement(name)).fetchall()


def _number(connection: psycopg.Connection, query: sql.Composed) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row: Any = cursor.execute(query).fetchone()
    return int(row[0])
