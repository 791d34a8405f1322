"""Carries out what the extension policy decides, as the endpoint's login."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.extension_policy import (
    POLICIES,
    Action,
    ExtensionDecision,
    decide_extension,
)
from pytest_supaseed.platform.index_parameters import without_search_parameters
from pytest_supaseed.platform.scripts import EXTENSION_SCHEMA, OWNER, package_folder, script

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Action", "ExtensionDecision", "ExtensionInstaller", "control_path", "decide_extension"]

OURS = "pytest-supaseed"
"""Stands in the comment of our control files: how a server that was given them shows that it did."""

PURE_SQL_VERSIONS = {"uuid-ossp": "1.1", "pgcrypto": "1.3"}
"""The extensions in `extension_files/`, whose scripts serve as stubs too."""


def control_path() -> Path:
    """The folder for Postgres 18's `extension_control_path`, as `$system:<folder>`.

    It holds the control files and scripts of uuid-ossp and pgcrypto. `$system` comes first, so that a
    server's own go before ours.
    """
    return package_folder("extension_files")


class ExtensionInstaller:
    """Creates extensions in one database, or what stands in for them, and remembers what it did.

    Args:
        conn: a connection as the endpoint's login, to the database that migrations run in.
        owner: the role that migrations run as; it may use whatever is made here.
        overrides: the user's word per extension (`install`, `stub`, `skip`, `error`).
    """

    def __init__(
        self, conn: psycopg.Connection, *, owner: str, overrides: Mapping[str, str] | None = None
    ) -> None:
        self._conn = conn
        self._owner = owner
        self._overrides = dict(overrides or {})
        self._available: dict[str, tuple[bool, str]] | None = None
        self._decisions: dict[str, ExtensionDecision] = {}

    @property
    def decisions(self) -> tuple[ExtensionDecision, ...]:
        """What became of each extension, in the order in which they were first asked for."""
        return tuple(self._decisions.values())

    def stands_in(self, name: str) -> bool:
        """Is the extension absent, although a migration created it: stubbed, or skipped.

        `comment on extension`, `alter extension` and `drop extension` cannot run for such a one.
        """
        return name in self._decisions and self._decisions[name].action in {"stub", "skip"}

    def would_stand_in(self, name: str) -> bool:
        """Would the extension be stubbed or skipped, by what the policy, the user and the server say.

        Raises:
            UsageError: the user's override for it is wrong.
        """
        decision = decide_extension(name, available=frozenset(self._offers()), overrides=self._overrides)
        return decision.action in {"stub", "skip"}

    def create(
        self, name: str, *, schema: str | None, if_not_exists: bool, cascade: bool = False
    ) -> ExtensionDecision:
        """Do what a `create extension` statement asks for, as far as the policy and the server let it.

        Raises:
            SchemaError: the extension cannot be had, and nothing stands in for it.
            UsageError: the user's override for it is wrong.
            psycopg.Error: Postgres refused (it exists already, its schema is missing, ...).
        """
        if self.stands_in(name) and if_not_exists:
            return self._decisions[name]
        decision = decide_extension(name, available=frozenset(self._offers()), overrides=self._overrides)
        if decision.action == "install":
            decision = self._install(decision, schema, if_not_exists=if_not_exists, cascade=cascade)
        elif decision.action == "stub":
            self._stub(name, schema)
        elif decision.action == "error":
            raise self._refusal(decision)
        self._decisions[name] = decision
        return decision

    def adapted(self, statement: str) -> str:
        """Return a statement as it has to run beside what stands in here; most are left as they are."""
        return without_search_parameters(statement) if self.stands_in("vector") else statement

    def run(self, statement: bytes | sql.Composed) -> None:
        """Run `alter`, `drop` or `comment on extension` as the login, which may do it whoever the owner is.

        Raises:
            psycopg.Error: Postgres refused.
        """
        self._conn.execute(statement, prepare=False)

    @property
    def _address(self) -> str:
        return f"{self._conn.info.host}:{self._conn.info.port}"

    def _offers(self) -> Mapping[str, tuple[bool, str]]:
        """Per extension of the server: may a plain owner create it, and what its control file says of it."""
        if self._available is None:
            found = self._conn.execute(script("sql/available_extensions.sql", {})).fetchall()
            self._available = {name: (trusted, comment) for name, trusted, comment in found}
        return self._available

    def _install(
        self, decision: ExtensionDecision, schema: str | None, *, if_not_exists: bool, cascade: bool
    ) -> ExtensionDecision:
        name = decision.name
        if name not in self._offers():
            raise self._refusal(decision)
        trusted, comment = self._offers()[name]
        statement = _create_statement(name, schema, if_not_exists=if_not_exists, cascade=cascade)
        policy = POLICIES.get(name)
        try:
            with self._conn.transaction():
                self._run_install(statement, as_owner=trusted)
        except (psycopg.errors.DuplicateObject, psycopg.errors.InvalidSchemaName):
            raise
        except psycopg.Error as error:
            # Some need to be preloaded, or a superuser, or work in one database only.
            if policy is None or name in self._overrides:
                raise
            if policy.without == "stub":
                self._stub(name, schema)
            return ExtensionDecision(name, policy.without, f"{error.diag.message_primary}; {policy.why}")
        if OURS in comment and policy is not None:
            return ExtensionDecision(name, "install", policy.why)
        return decision

    def _run_install(self, statement: sql.Composed, *, as_owner: bool) -> None:
        # Where the owner may create it, it should own it, as on Supabase: `comment on extension` needs that.
        if as_owner and self._conn.info.user != self._owner:
            self._conn.execute(sql.SQL("set local role {}").format(sql.Identifier(self._owner)))
        self._conn.execute('set local search_path = "$user", public, extensions')
        self._conn.execute(statement)
        self._conn.execute("reset role")

    def _stub(self, name: str, schema: str | None) -> None:
        fixed = POLICIES[name].fixed_schema
        target = fixed or schema or "public"
        with self._conn.transaction():
            if fixed:
                self._conn.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(fixed)))
            try:
                self._conn.execute(_stub_script(name, {EXTENSION_SCHEMA: target, OWNER: self._owner}))
            except psycopg.errors.InsufficientPrivilege as error:
                raise self._needs_superuser(name, error) from error

    def _needs_superuser(self, name: str, error: psycopg.Error) -> SchemaError:
        return SchemaError(
            f"What stands in for the extension {name} can be made by a superuser only:"
            f" {error.diag.message_primary}.",
            looked_at=[f"login {self._conn.info.user} on {self._address}"],
            remedies=[
                f"install {name} on that server",
                "use a superuser's login, or leave --supaseed-url out to use the embedded server",
                _override_advice(name),
            ],
        )

    def _refusal(self, decision: ExtensionDecision) -> SchemaError:
        version = self._conn.info.server_version // 10000
        return SchemaError(
            f"The schema asks for the extension {decision.name}: {decision.reason}.",
            looked_at=[
                f"pg_available_extensions of Postgres {version} on {self._address}",
                f"the option `extensions`: {', '.join(map(' = '.join, self._overrides.items())) or 'empty'}",
            ],
            remedies=[
                f"install {decision.name} for Postgres {version}, and name that server by --supaseed-url",
                _override_advice(decision.name),
            ],
        )


def _override_advice(name: str) -> str:
    return f'go without it: [tool.supaseed.extensions] {name} = "skip" in pyproject.toml'


def _stub_script(name: str, names: Mapping[str, str]) -> sql.Composed:
    if name in PURE_SQL_VERSIONS:
        return script(f"extension_files/extension/{name}--{PURE_SQL_VERSIONS[name]}.sql", names)
    return script(f"stubs/{name}.sql", names)


def _create_statement(name: str, schema: str | None, *, if_not_exists: bool, cascade: bool) -> sql.Composed:
    parts: list[sql.Composable] = [sql.SQL("create extension")]
    if if_not_exists:
        parts.append(sql.SQL("if not exists"))
    parts.append(sql.Identifier(name))
    if schema is not None:
        parts += [sql.SQL("schema"), sql.Identifier(schema)]
    if cascade:
        parts.append(sql.SQL("cascade"))
    return sql.SQL(" ").join(parts)
