"""`supa-seed.config.json`, the file of the original tool: read, and understood as its documentation said.

What an option says too, the option decides. Keys that mean nothing here are listed, once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.email_pattern import DEFAULT_PATTERN
from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import DEFAULT_PASSWORD
from pytest_supaseed.option_values import DOMAINS, PerParent
from pytest_supaseed.original.schema_names import names_of_schema
from pytest_supaseed.original.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes; the original's own examples have five thousand at the most."""

STRATEGIES = {"create-new": "create", "use-existing": "existing", "hybrid": "hybrid"}
"""What the original calls our strategies."""

WITHOUT_OPTION = (
    "createTeamAccounts",
    "createStandardTestEmails",
    "customTestEmails",
)
"""Keys that are read, and that nothing is made of yet; one that gets an option leaves this list."""

_AS_RECOGNISED = frozenset({"simple", "custom", "makerkit-profiles", "wildernest", "auto", "generic"})
"""Names that the original has for schemas, which say no more of one than is recognised anyway."""


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class ExistingUsers:
    """Which users that are there already own new rows.

    Args:
        preserve: whether they are left as they are.
        table: the table that they are in.
        where: equalities that choose them.
        id_column: what identifies them.
    """

    preserve: bool = True
    table: str = "accounts"
    where: Mapping[str, Any] = field(default_factory=_none)
    id_column: str = "id"


@dataclass(frozen=True)
class AdditionalUsers:
    """Users that are made beside those that exist.

    Args:
        count: how many.
        personas: kinds of users, in turn.
    """

    count: int
    personas: tuple[str, ...] = ()


@dataclass(frozen=True)
class OriginalUsers:
    """What the file says of users.

    Args:
        strategy: one of `STRATEGIES`.
        email_domain: what their addresses end in.
        password: the password of each of them.
        existing: those that are there already.
        additional: those that are made beside them.
        team_accounts: whether they get teams.
        standard_emails: whether the framework's well-known test addresses are made.
        custom_emails: addresses of users to be made.
    """

    strategy: str | None = None
    email_domain: str | None = None
    password: str | None = field(default=None, repr=False)
    existing: ExistingUsers | None = None
    additional: AdditionalUsers | None = None
    team_accounts: bool | None = None
    standard_emails: bool | None = None
    custom_emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class OriginalConfig:
    """What the file says.

    Args:
        path: the file.
        options: values of options that we have, by key, for those that the file sets.
        keys: by option, the key of the file that sets it.
        usual_rows: rows for each user or setup; they count only where the schema has the table.
        users: what it says of users besides their number.
        categories: by logical table, the categories that its rows may have.
        unused: keys that do nothing here.
    """

    path: Path
    options: Mapping[str, object] = field(repr=False)
    keys: Mapping[str, str]
    usual_rows: Mapping[str, PerParent]
    users: OriginalUsers
    categories: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    def source(self, option: str) -> str:
        """Who sets an option, for messages."""
        return f"{self.keys[option]} in {self.path}"

    def unused_message(self) -> str:
        """Say which keys mean nothing here."""
        one = len(self.unused) == 1
        said = "This key does" if one else "These keys do"
        return (
            f"{said} nothing in pytest-supaseed: {', '.join(self.unused)}"
            f" (in {self.path}). Remove {'it' if one else 'them'}, or write the settings that count into"
            " pyproject.toml: supaseed init --from supa-seed.config.json --write"
        )


def read_original(path: Path) -> OriginalConfig | None:
    """Return what a `supa-seed.config.json` says; None where there is no such file.

    Raises:
        UsageError: it is no JSON, too large, or a value is of the wrong kind; the message names the key.
    """
    if not path.exists():
        return None
    top = Section(path, "", _parsed(path))
    options = dict(_options(top))
    users = _users(top)
    options.update(_user_options(users))
    categories = dict(_categories(top))
    usual = dict(_usual_rows(top))
    return OriginalConfig(
        path=path,
        options=MappingProxyType({option: value for option, (_, value) in options.items()}),
        keys=MappingProxyType({option: key for option, (key, _) in options.items()}),
        usual_rows=MappingProxyType(usual),
        users=users,
        categories=MappingProxyType(categories),
        unused=(*top.left(), *_without_option(top, users)),
    )


def _without_option(top: Section, users: OriginalUsers) -> Iterator[str]:
    yield from (key for key in top.names() if key in WITHOUT_OPTION)
    if users.additional is not None and users.additional.personas:
        yield "additionalUsers.personas"


def _parsed(path: Path) -> Mapping[str, object]:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    if content is None:
        raise UsageError(
            f"{path} is larger than {LARGEST:,} bytes: that is no configuration.",
            remedies=["rename it, if it is something else"],
        )
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UsageError(
            f"{path} is no JSON: {why}.", remedies=["mend it, or remove it if nothing needs it"]
        ) from None
    if not isinstance(found, dict):
        raise UsageError(f"{path} holds {type(found).__name__}; allowed is an object: {{...}}.")
    return found


def _options(top: Section) -> Iterator[tuple[str, tuple[str, object]]]:
    """Yield option, key and value of what we have an option for."""
    if (users := top.count("userCount")) is not None:
        yield "users", ("userCount", users)
    if (seed := top.text("seed")) is not None:
        yield "seed", ("seed", seed)
    if (word := top.text("testUserPassword")) not in {None, DEFAULT_PASSWORD}:
        yield "password", ("testUserPassword", word)
    if top.values.get("domain") in DOMAINS:
        yield "domain", ("domain", top.text("domain"))
    framework = top.section("schema").text("framework")
    if framework is not None and framework not in _AS_RECOGNISED:
        yield "framework", ("schema.framework", framework)
    names = names_of_schema(top.section("schema"), framework=framework)
    if names:
        yield "map", ("schema", names)
    tables = top.section("tables")
    counts = {name: tables.section(name).count("count") for name in tables.names()}
    exact = {name: count for name, count in counts.items() if count is not None}
    if exact:
        yield "rows", (f"tables.{next(iter(exact))}.count", exact)


def _usual_rows(top: Section) -> Iterator[tuple[str, PerParent]]:
    """`setupsPerUser` and `imagesPerSetup`."""
    for key, table, parent in (("setupsPerUser", "setups", "users"), ("imagesPerSetup", "media", "setups")):
        count = top.count(key)
        if count is not None:
            yield table, PerParent(parent, count, count)


def _categories(top: Section) -> Iterator[tuple[str, tuple[str, ...]]]:
    tables = top.section("tables")
    for table in tables.names():
        section = tables.section(table)
        if found := section.texts("categories") or section.texts("enumCategories"):
            yield table, found


def _users(top: Section) -> OriginalUsers:
    return OriginalUsers(
        strategy=top.one_of("userStrategy", tuple(STRATEGIES)),
        email_domain=top.text("emailDomain"),
        password=top.text("testUserPassword"),
        existing=_existing(top.section("existingUsers")),
        additional=_additional(top.section("additionalUsers")),
        team_accounts=top.switch("createTeamAccounts"),
        standard_emails=top.switch("createStandardTestEmails"),
        custom_emails=top.texts("customTestEmails"),
    )


def _user_options(users: OriginalUsers) -> Iterator[tuple[str, tuple[str, object]]]:
    """Yield option, key and value of what it says of users."""
    if users.strategy is not None:
        yield "user_strategy", ("userStrategy", STRATEGIES[users.strategy])
    if users.additional is not None and users.strategy == "hybrid":
        yield "additional", ("additionalUsers.count", users.additional.count)
    existing = users.existing
    if existing is not None and existing.where and users.strategy in {"use-existing", "hybrid"}:
        where = {f"{existing.table}.{column}": value for column, value in existing.where.items()}
        yield "existing_users", ("existingUsers.filter", where)
    if users.email_domain is not None:
        pattern = DEFAULT_PATTERN.replace("example.com", users.email_domain)
        yield "email_pattern", ("emailDomain", pattern)


def _existing(section: Section) -> ExistingUsers | None:
    if not section:
        return None
    preserve = section.switch("preserve")
    return ExistingUsers(
        preserve=True if preserve is None else preserve,
        table=section.text("table") or "accounts",
        where=MappingProxyType(section.equalities("filter")),
        id_column=section.text("idField") or "id",
    )


def _additional(section: Section) -> AdditionalUsers | None:
    if not section:
        return None
    count = section.count("count")
    return AdditionalUsers(7 if count is None else count, section.texts("personas"))
