"""`SeededDatabase`: what `supaseed_db` gives to a test; here, what it offers for row-level security."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from pytest_supaseed.errors import UsageError
from pytest_supaseed.isolation.acting import Acting
from pytest_supaseed.isolation.claims import ANON, SERVICE, bare_persona, user_persona
from pytest_supaseed.isolation.connected_database import ConnectedDatabase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.isolation.claims import AssuranceLevel, Persona
    from pytest_supaseed.isolation.connection_ends import AnyConnection
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.policy_review import PolicyReview
    from pytest_supaseed.isolation.row_security import Action, RowSecurity
    from pytest_supaseed.isolation.row_sets import RowSet
    from pytest_supaseed.server.endpoint import Endpoint
    from pytest_supaseed.server.scram import LoginKeys


class SeededDatabase(ConnectedDatabase):
    """A database of one test's own: the project's schema with seeded rows.

    Whatever the test does to it, by any connection, is gone after the test.

    Args:
        endpoint: the server.
        name: the database.
        dataset: what it is a copy of.
        test: the test's id.
        jwt_secret: what tokens are signed with.
        keys: by which our own connections log in, beside the password.
    """

    def __init__(  # noqa: PLR0913  # what makes a database a test's own
        self,
        endpoint: Endpoint,
        name: str,
        dataset: Dataset,
        *,
        test: str,
        jwt_secret: str,
        keys: LoginKeys | None = None,
    ) -> None:
        super().__init__(endpoint, name, dataset, test=test, keys=keys)
        self._jwt_secret = jwt_secret
        self._actings: list[Acting] = []

    def acting_as(
        self,
        user: object,
        *,
        aal: AssuranceLevel = "aal1",
        claims: Mapping[str, Any] | None = None,
        role: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> Acting:
        """Return a connection that acts as a user under row-level security: `with` it, or `async with` it.

        It sees what the user would see in production: role and claims are set as PostgREST sets them. What
        it writes is committed when the block ends well.

        Args:
            user: a row of `users`, or a user's key or e-mail address.
            aal: the authenticator assurance level: `aal2` after a second factor.
            claims: further claims of the token, such as `app_metadata`.
            role: the role to act as; `authenticated` when the user's row says nothing else.
            settings: further settings that policies read, such as `app.tenant_id`.

        Raises:
            UsageError: there is no such user here, a claim has no form in JSON, the login may not act as the
                role, or `connection` holds changes that no other connection can see.
        """
        return self._acting(self.persona(user, aal=aal, claims=claims, role=role, settings=settings))

    def acting_as_anon(self, *, settings: Mapping[str, str] | None = None) -> Acting:
        """Return a connection that acts as a visitor without a token: role `anon`; see `acting_as`."""
        return self._acting(bare_persona(ANON, settings=settings or {}))

    def acting_as_service_role(self, *, settings: Mapping[str, str] | None = None) -> Acting:
        """Return a connection that acts by the service key, which no policy holds back; see `acting_as`."""
        return self._acting(bare_persona(SERVICE, settings=settings or {}))

    def persona(
        self,
        user: object,
        *,
        aal: AssuranceLevel = "aal1",
        claims: Mapping[str, Any] | None = None,
        role: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> Persona:
        """Return what `acting_as` acts as: role, claims and settings, for a user or, with None, a visitor."""
        if user is None:
            return bare_persona(role or ANON, settings=settings or {})
        row = self.users.find(user)
        return user_persona(row, aal=aal, claims=claims or {}, role=role, settings=settings or {})

    def _acting(self, persona: Persona) -> Acting:
        self._refuse_unseen()
        acting = Acting(self.conninfo, persona, self._keys)
        self._actings.append(acting)
        return acting

    def _refuse_unseen(self) -> None:
        """What `connection` has not committed, nobody who acts would see."""
        connection = self._connection
        if connection is None or connection.closed:
            return
        if connection.info.transaction_status is TransactionStatus.INTRANS and _has_written(connection):
            raise UsageError(
                "supaseed_db.connection holds changes that are not committed: who acts would not see them.",
                remedies=[
                    "call supaseed_db.connection.commit() first; the test's end undoes it all the same"
                ],
            )

    def jwt_for(
        self,
        user: object,
        *,
        aal: AssuranceLevel = "aal1",
        claims: Mapping[str, Any] | None = None,
        expires_in: int = 3600,
    ) -> str:
        """Return an access token for a user, signed with the project's secret, for HTTP clients.

        Args:
            user: as in `acting_as`.
            aal: likewise.
            claims: likewise.
            expires_in: seconds from now; a negative number gives a token that has expired.

        Raises:
            UsageError: there is no such user here, or a claim has no form in JSON.
        """
        from pytest_supaseed.isolation.tokens import signed_token

        persona = self.persona(user, aal=aal, claims=claims)
        return signed_token(persona.claims, self._jwt_secret, expires_in=expires_in)

    def visible(self, table: str, user: object, /, **equals: object) -> RowSet:
        """Return the rows of a table that a user sees, or with None a visitor; see `rows`."""
        self._refuse_unseen()
        return self._row_security.visible(table, self.persona(user), equals)

    def can(
        self,
        user: object,
        action: Action,
        table: str,
        row: Mapping[str, object] | None = None,
        /,
        **values: object,
    ) -> bool:
        """Return whether policies and grants let a user do something; it is tried, and rolled back.

        Args:
            user: as in `acting_as`; None for a visitor.
            action: `select`, `insert`, `update` or `delete`.
            table: the logical or actual table.
            row: the row that is selected, updated or deleted, or columns that choose it; any when not given.
            values: the columns of the new row, which is completed where they leave something out, or what an
                update sets.

        Raises:
            LoadError: something else than policies and grants refuses it.
        """
        self._refuse_unseen()
        return self._row_security.can(action, table, self.persona(user), row, values)

    def assert_isolated(
        self,
        table: str,
        /,
        *,
        by: str,
        members: str | None = None,
        aal: AssuranceLevel = "aal1",
        **only: object,
    ) -> None:
        """Assert that no user reaches rows of a tenant that is not theirs: to read, change, delete or move.

        Every pair of tenants is tried, with up to 50 users, and all of it rolled back.

        Args:
            table: the logical or actual table.
            by: its column that says whose a row is, such as `account_id`.
            members: a query of (user, tenant) pairs, in which `{memberships}` stands for the actual table;
                told from the foreign keys when not given.
            aal: the assurance level of the users who try.
            only: values of columns: other rows do not count, such as those that everybody may read.

        Raises:
            TenantLeakError: rows are reached; it names users, tenants and the policies that let them.
            UsageError: fewer than two tenants have rows, no user belongs to one, or a command can't be tried.
        """
        self._refuse_unseen()
        self._row_security.assert_isolated(table, by=by, members=members, aal=aal, only=only)

    def rls_report(self) -> PolicyReview:
        """Return what a reviewer of the policies would point at: open tables, calls for each row."""
        from pytest_supaseed.isolation.policy_review import review_policies

        return review_policies(self.catalog)

    @cached_property
    def _row_security(self) -> RowSecurity:
        from pytest_supaseed.isolation.row_security import RowSecurity

        return RowSecurity(self)

    @property
    def opened(self) -> list[AnyConnection]:
        """The connections that were opened here, those that act too; some may be closed."""
        return [*super().opened, *(one for acting in self._actings for one in acting.opened)]

    def close(self) -> None:
        """Close every connection that was opened here, those that act too, in the middle of a block too."""
        super().close()
        self._actings.clear()


def _has_written(connection: psycopg.Connection[Any]) -> bool:
    """Whether the connection's transaction has an id, which the first change gives it."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("select pg_current_xact_id_if_assigned() is not null").fetchone()
    return bool(row and row[0])
