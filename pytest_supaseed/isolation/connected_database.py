"""A test's database as its owner uses it: connections, rows read and made, SQL with logical names."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg

from pytest_supaseed.isolation.connection_ends import finish
from pytest_supaseed.isolation.row_sets import RowSet, SeededUsers
from pytest_supaseed.mapping.query_translation import translate_placeholders
from pytest_supaseed.server.login_keys import with_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.isolation.connection_ends import AnyConnection
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.factory_rows import FactoryRows
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.rows.row import Row
    from pytest_supaseed.server.endpoint import Endpoint
    from pytest_supaseed.server.scram import LoginKeys


class ConnectedDatabase:
    """A test's database, as the owner of its schema uses it.

    Args:
        endpoint: the server.
        name: the database.
        dataset: what it is a copy of.
        test: the test's id.
        keys: by which our own connections log in, beside the password.
    """

    def __init__(
        self, endpoint: Endpoint, name: str, dataset: Dataset, *, test: str, keys: LoginKeys | None = None
    ) -> None:
        self.name = name
        self._keys = keys
        self._endpoint = endpoint
        self._dataset = dataset
        self._test = test
        self._connection: psycopg.Connection[Any] | None = None
        self._opened: list[AnyConnection] = []
        self._calls: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} on {self._endpoint.address}, {self.framework}>"

    @property
    def url(self) -> str:
        """A `postgresql://` URL, password included, by which any client connects as the schema's owner."""
        return self._endpoint.url(self.name)

    @property
    def sqlalchemy_url(self) -> str:
        """The same for SQLAlchemy with psycopg 3."""
        return self._endpoint.url(self.name, driver="postgresql+psycopg")

    @property
    def conninfo(self) -> str:
        """The same as a libpq connection string."""
        return self._endpoint.conninfo(self.name, as_owner=True)

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The test's connection, opened when first asked for; what it does not commit, others do not see.

        `rows`, `count`, `create` and `execute` use it. It logs in as the schema's owner.
        """
        if self._connection is None or self._connection.closed:
            self._connection = self.connect()
        return self._connection

    def connect(self, **parameters: Any) -> psycopg.Connection[Any]:
        """Open another connection, as the owner; it is closed after the test.

        Args:
            parameters: of `psycopg.connect`, such as `autocommit=True` or `user=`.
        """
        connection: psycopg.Connection[Any] = psycopg.connect(
            with_keys(self.conninfo, self._keys, parameters), **parameters
        )
        self._opened.append(connection)
        return connection

    async def aconnect(self, **parameters: Any) -> psycopg.AsyncConnection[Any]:
        """Open an asynchronous connection, as the owner; it is closed after the test.

        Args:
            parameters: of `psycopg.AsyncConnection.connect`.
        """
        connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(
            with_keys(self.conninfo, self._keys, parameters), **parameters
        )
        self._opened.append(connection)
        return connection

    @property
    def users(self) -> SeededUsers:
        """The users: `len`, index, slice, iterate, `where(...)`, `by_email(...)`, `users["owner"]`."""
        from pytest_supaseed.isolation.named_users import NamedUsers

        named = NamedUsers(self.connection, self.catalog, self.table_map, self.plan)
        return SeededUsers(self.connection, self.table_map, named.key)

    def rows(self, table: str, /, **equals: object) -> RowSet:
        """Return the rows of a logical or actual table in which columns have these values.

        Raises:
            MappingError: the table or a column is unknown.
        """
        return RowSet(self.connection, self.table_map, table, equals)

    def count(self, table: str, /, **equals: object) -> int:
        """Return the number of rows of a logical or actual table in which columns have these values."""
        return len(self.rows(table, **equals))

    def create(self, table: str, /, **values: object) -> Row:
        """Make a row, valid in every column that is not given, and return it as Postgres holds it.

        It is written by `connection`: committed, so that others see it, or part of the transaction that is
        open there.

        Raises:
            MappingError: the table or a column is unknown.
            LoadError: Postgres refuses the row.
        """
        return self.create_batch(table, 1, **values)[0]

    def create_batch(self, table: str, count: int, /, **values: object) -> list[Row]:
        """Make `count` rows, as `create` does, and return them in order."""
        return self.factory_rows.create(table, count, values)

    def create_from(self, factory: type, count: int, values: Mapping[str, object]) -> list[Row]:
        """Make rows by a `TableFactory`, in this database whichever is in use."""
        from pytest_supaseed.rows.current import MAIN_DATABASE, database_named

        made_by: Any = factory
        name = made_by._meta.database or MAIN_DATABASE  # noqa: SLF001  # factory_boy's only name for it
        with database_named(name, lambda: self.factory_rows):
            return list(made_by.create_batch(count, **values))

    @cached_property
    def factory_rows(self) -> FactoryRows:
        """What factories write to."""
        from pytest_supaseed.isolation.factory_rows import FactoryRows

        return FactoryRows(self, self._seed)

    def draft(
        self, connection: psycopg.Connection[Any], table: str, values: Mapping[str, object]
    ) -> dict[str, object]:
        """Return the values of a row, valid in every column that is not given, without writing it.

        Args:
            connection: where parents are read, and made if there are none.
            table: the logical or actual table.
            values: by actual column.
        """
        from pytest_supaseed.load.row_writes import RowRequest, RowWriter

        writer = RowWriter(connection, self.catalog, self.table_map, self.plan)
        return writer.draft(RowRequest(table, 1, values, self._seed(table)))

    def _seed(self, table: str) -> str:
        call = self._calls[table] = self._calls.get(table, 0) + 1
        return "\n".join((self.plan.seed, self._test, table, str(call)))

    @property
    def admin_conninfo(self) -> str:
        """A libpq connection string for the server's own login, which creates the databases."""
        return self._endpoint.conninfo(self.name)

    def execute(self, query: str, params: Any = None) -> psycopg.Cursor[Any]:
        """Run SQL on `connection`; `{setup_types}` stands for the actual table of that logical name.

        Args:
            query: SQL, with psycopg's placeholders.
            params: their values.

        Raises:
            MappingError: a name in braces does not resolve.
        """
        return self.connection.execute(translate_placeholders(query, self.table_map), params)

    def translate(self, query: str) -> str:
        """Return plain SQL that speaks of logical tables as SQL of this database.

        ```python
        supaseed_db.execute(supaseed_db.translate("select count(*) from setup_types"))
        ```

        Only references to tables change. `execute` with `{setup_types}` needs no parsing and takes any SQL.

        Args:
            query: one statement that reads or writes rows, with psycopg's placeholders.

        Raises:
            MappingError: it cannot be read, there are several statements, or a table does not resolve.
        """
        from pytest_supaseed.mapping.plain_queries import translate

        return translate(query, self.table_map)

    @property
    def table_map(self) -> TableMap:
        """Logical names and the tables that they stand for."""
        return self._dataset.table_map

    @property
    def catalog(self) -> Catalog:
        """What the database held when the test began."""
        return self._dataset.catalog

    @property
    def framework(self) -> str:
        """What the schema was recognised as, or is said to be."""
        return self._dataset.detection.framework

    @property
    def plan(self) -> SeedPlan:
        """What was planned."""
        return self._dataset.plan

    @property
    def report(self) -> SeedReport:
        """What became of the plan."""
        return self._dataset.report

    @property
    def opened(self) -> list[AnyConnection]:
        """The connections that were opened here; some may be closed."""
        return [*self._opened]

    def close(self) -> None:
        """Close every connection that was opened here, in the middle of a transaction too."""
        finish(self.opened)
        self._opened.clear()
