"""Second factors, sessions and refresh tokens of users, as GoTrue writes them.

GoTrue reads most of these columns into values that cannot be NULL: times, tokens, names, `revoked`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pytest_supaseed.logins import WITH_FACTOR, WITH_SESSION
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant, FromRow, PartOf, RandomUuid
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.login_values import SSO_PROVIDER, Once
from pytest_supaseed.rows.numbered_values import documentation_address
from pytest_supaseed.rows.one_time_codes import TOTP_SECRET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk

FACTORS, SESSIONS = "auth.mfa_factors", "auth.sessions"
PLANNED = ""
"""The part that a plan makes: what was there before has nothing to do with it."""


class UserOfKind(ColumnDeclaration):
    """Columns of the user whom a row is for: one row for each user of some kinds, in their order.

    Where a test makes users, they are all of that kind.
    """

    def __init__(self, columns: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns
        self.kinds = kinds

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        source = chunk.scope.parents.of("users", PLANNED)
        logins = chunk.scope.logins
        numbers = logins.numbers_of(*self.kinds) if logins.special else range(source.count)
        wanted = [numbers[row % len(numbers)] for row in chunk.positions]
        return source.values(self.columns, wanted)


class HasFactor(ColumnDeclaration):
    """Whether the session's user has a second factor."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        chunk.column("user")
        logins = chunk.scope.logins
        numbers = logins.numbers_of(*WITH_SESSION)
        return [logins.kind_at(numbers[row % len(numbers)]) in WITH_FACTOR for row in chunk.positions]


class FactorOf(ColumnDeclaration):
    """The factor that a session was raised by: factors come in the order of the sessions that have one."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        source = chunk.scope.parents.of(FACTORS, PLANNED)
        logins = chunk.scope.logins
        numbers = logins.numbers_of(*WITH_FACTOR) if logins.special else range(source.count)
        sessions = logins.numbers_of(*WITH_SESSION) if logins.special else numbers
        place = {number: place for place, number in enumerate(numbers)}
        rows = zip(chunk.positions, chunk.column("has_factor"), strict=True)
        wanted = [place[sessions[row % len(sessions)]] if has else None for row, has in rows]
        keys = iter(source.values(("id",), [index for index in wanted if index is not None]))
        return [None if index is None else next(keys)[0] for index in wanted]


class AmrPlace(ColumnDeclaration):
    """Session and method of a row: the password, and for who has a second factor its code as well."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        sessions = chunk.scope.parents.of(SESSIONS, PLANNED)
        columns = ("id", "aal", "created_at")
        whole = sessions.values(columns, range(sessions.count))
        found = [(key, method, since) for key, aal, since in whole for method in amr_methods(aal == "aal2")]
        return [found[row % len(found)] for row in chunk.positions]


def amr_methods(has_factor: bool) -> tuple[str, ...]:  # noqa: FBT001  # its only argument
    """The ways in which a session's user said who they are."""
    return ("password", "totp") if has_factor else ("password",)


class FactorFactory(TableFactory):
    """A verified second factor: an authenticator app whose secret is known."""

    class Meta:
        table = FACTORS
        lenient = True
        exclude = ("user",)

    id = RandomUuid()
    user = UserOfKind(("id", "created_at"), WITH_FACTOR)
    user_id = PartOf("user", 0)
    friendly_name = Constant("Authenticator app")
    factor_type = Constant("totp")
    status = Constant("verified")
    secret = Constant(TOTP_SECRET)
    created_at = PartOf("user", 1)
    updated_at = PartOf("user", 1)


class SessionFactory(TableFactory):
    """A session that began when its user signed in last."""

    class Meta:
        table = SESSIONS
        lenient = True
        exclude = ("user", "has_factor")

    id = RandomUuid()
    user = UserOfKind(("id", "last_sign_in_at"), WITH_SESSION)
    has_factor = HasFactor()
    user_id = PartOf("user", 0)
    created_at = PartOf("user", 1)
    updated_at = PartOf("user", 1)
    factor_id = FactorOf()
    aal = FromRow(lambda row, _index: "aal2" if row.has_factor else "aal1")
    user_agent = Constant("Mozilla/5.0 (X11; Linux x86_64)")
    ip = FromRow(lambda _row, index: documentation_address(index))


class SessionOf(ColumnDeclaration):
    """Columns of the session of the same number."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        sessions = chunk.scope.parents.of(SESSIONS, PLANNED)
        wanted = [row % sessions.count for row in chunk.positions]
        return sessions.values(("id", "user_id", "created_at"), wanted)


class RefreshTokenFactory(TableFactory):
    """The token by which a session goes on."""

    class Meta:
        table = "auth.refresh_tokens"
        lenient = True
        exclude = ("session", "number")

    instance_id = Constant(UUID(int=0))
    session = SessionOf()
    number = RandomUuid()
    token = FromRow(lambda row, _index: row.number.hex[:22])
    user_id = FromRow(lambda row, _index: str(row.session[1]))
    revoked = Constant(value=False)
    created_at = PartOf("session", 2)
    updated_at = PartOf("session", 2)
    session_id = PartOf("session", 0)


class AmrClaimFactory(TableFactory):
    """How a session's user said who they are."""

    class Meta:
        table = "auth.mfa_amr_claims"
        lenient = True
        exclude = ("place",)

    id = RandomUuid()
    place = AmrPlace()
    session_id = PartOf("place", 0)
    authentication_method = PartOf("place", 1)
    created_at = PartOf("place", 2)
    updated_at = PartOf("place", 2)


class SsoProviderFactory(TableFactory):
    """The identity provider of the seeded users of single sign-on."""

    class Meta:
        table = "auth.sso_providers"
        lenient = True
        exclude = ("user",)

    id = Once(SSO_PROVIDER)
    user = UserOfKind(("created_at",), ("sso",))
    created_at = PartOf("user", 0)
    updated_at = PartOf("user", 0)
