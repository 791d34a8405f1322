"""How many users are made beside those that are there, what rows follow from that, and what is said of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES, Addresses
from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.dependency_order import links, may_be_null

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.framework import Part
    from pytest_supaseed.plan.existing_users import DatabaseState, UserRule

Strategy: TypeAlias = Literal["create", "existing", "hybrid"]

UNNUMBERED_LIMIT = 10_000
"""Users whose addresses may lack a number: those of all rows before one are made again to tell it apart."""

_OF_USERS = frozenset({"users", "identities"})
_EXAMPLE = 1_000
"""A number of users: a part that has as many rows for it as for one user is a fixed stock."""


@dataclass(frozen=True)
class UserRequest:
    """What was asked for of users, besides their number.

    Args:
        strategy: what becomes of users that are there.
        additional: with `hybrid`, how many are added; up to the number of users when not given.
        where: which of the users that are there count: values by column.
        addresses: what e-mail addresses look like.
        sources: who said it, by the option's key, for messages.
    """

    strategy: Strategy = "create"
    additional: int | None = None
    where: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    addresses: Addresses = DEFAULT_ADDRESSES
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def source(self, key: str) -> str:
        """Who said it, for messages."""
        return self.sources.get(key, key.replace("_", "-"))


@dataclass(frozen=True)
class UserDecision:
    """One decision about users.

    Args:
        what: `kept`, `created` or `skipped`.
        count: how many users.
        why: the reason.
        examples: a few of them, by e-mail address or key.
    """

    what: str
    count: int
    why: str
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = f" ({', '.join(self.examples)}{', ...' if self.count > len(self.examples) else ''})"
        noun = "user" if self.count == 1 else "users"
        return f"{self.count:,} {noun} {self.what}: {self.why}{shown if self.examples else ''}"

    def to_json(self) -> dict[str, Any]:
        """A JSON-compatible value."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> UserDecision:
        """What `to_json` made."""
        return cls(data["what"], data["count"], data["why"], tuple(data["examples"]))


@dataclass(frozen=True)
class UserNumbers:
    """How many users a run has to do with.

    Args:
        strategy: as asked for.
        rule: which users that are there count; None where the schema has no table of users.
        new: how many are made.
        chosen: how many that are there count.
        free: of these, how many are in no team.
    """

    strategy: Strategy
    rule: UserRule | None
    new: int
    chosen: int = 0
    free: int = 0

    @property
    def beside(self) -> bool:
        """Whether rows are made beside what is there, for those who need them."""
        return self.strategy != "create" and self.rule is not None

    def rows_of(self, part: Part, existing: int) -> int:
        """How many rows of a recipe's part there are to be, in a table with `existing` rows."""
        if not self.beside or part.logical in _OF_USERS:
            return part.rows(self.new)
        if part.of_teams:
            return part.rows(self.new + self.free)
        everybody = self.new + self.chosen
        if not existing:
            return part.rows(everybody)
        if part.rows(1) == part.rows(_EXAMPLE):
            return 0
        return part.rows(self.chosen if self.strategy == "existing" else self.new)

    def further(self, table: Table, catalog: Catalog) -> int:
        """How many rows a table gets that has some: one for each new user where it belongs to users."""
        rule = self.rule
        if rule is None or not self.beside or not self.new:
            return 0
        return self.new if hangs_on(table, rule.table.oid, catalog) else 0


def hangs_on(table: Table, target: int, catalog: Catalog, seen: frozenset[int] = frozenset()) -> bool:
    """Whether each row of a table needs a row of the target, directly or through others."""
    for key in links(table):
        if may_be_null(table, key) or key.target_oid in seen:
            continue
        parent = catalog.by_oid.get(key.target_oid)
        if key.target_oid == target:
            return True
        if parent is not None and hangs_on(parent, target, catalog, seen | {table.oid}):
            return True
    return False


def user_numbers(
    users: int, request: UserRequest, rule: UserRule | None, state: DatabaseState
) -> UserNumbers:
    """Decide how many users are made.

    Args:
        users: the number asked for.
        request: what else was asked for.
        rule: which users that are there count.
        state: what is there.

    Raises:
        UsageError: the strategy needs users, and there are none; what was asked for makes no sense together.
    """
    found = state.users
    if request.additional is not None and request.strategy != "hybrid":
        raise UsageError(
            f"{request.source('additional')} is for the user-strategy hybrid,"
            f" and {request.strategy} is asked for.",
            remedies=[f"say how many by users={users}", "or say user-strategy hybrid"],
        )
    if request.strategy == "create":
        return _numbered(UserNumbers("create", rule, users), request)
    if rule is None:
        raise UsageError(
            f"The user-strategy {request.strategy} needs a table of users, and the schema has none.",
            remedies=["say which one it is: --supaseed-map users=members"],
        )
    if request.strategy == "existing":
        _refuse_none(found.chosen, found.total, rule, found.skipped)
        return UserNumbers("existing", rule, 0, found.chosen, found.free)
    new = request.additional if request.additional is not None else max(users - found.chosen, 0)
    return _numbered(UserNumbers("hybrid", rule, new, found.chosen, found.free), request)


def _numbered(numbers: UserNumbers, request: UserRequest) -> UserNumbers:
    pattern = request.addresses.pattern
    if numbers.new > UNNUMBERED_LIMIT and not pattern.is_numbered:
        raise UsageError(
            f"{request.source('email_pattern')} is {pattern.text!r}, whose addresses hold no number:"
            f" that does for {UNNUMBERED_LIMIT:,} users, and {numbers.new:,} are asked for.",
            remedies=[f"add the field {{n}}: {pattern.numbered.text}"],
        )
    return numbers


def _refuse_none(
    chosen: int, total: int, rule: UserRule, skipped: tuple[tuple[str, int, tuple[str, ...]], ...]
) -> None:
    if chosen:
        return
    reasons = [f"{count:,} do not count: {why}" for why, count, _ in skipped]
    raise UsageError(
        "The user-strategy existing needs users that are there, and there are none.",
        looked_at=[f"{rule.table.qualified}: {total:,} rows", *reasons],
        remedies=[
            "make some: user-strategy hybrid adds up to the number of users, create makes all of them",
            *(["choose others by existing-users"] if reasons else []),
        ],
    )


def user_decisions(
    users: int, numbers: UserNumbers, request: UserRequest, state: DatabaseState
) -> tuple[UserDecision, ...]:
    """Say what is decided about users before any is made; how many were made is said by `created`."""
    found = state.users
    decisions = []
    if found.total and numbers.strategy == "create":
        decisions.append(UserDecision("kept", found.total, "they are there, and new ones come beside them"))
    if found.chosen and numbers.beside:
        decisions.append(
            UserDecision("kept", found.chosen, _why_kept(users, numbers, request), found.examples)
        )
        if found.free < found.chosen and numbers.rule is not None and numbers.rule.teamless is not None:
            decisions.append(
                UserDecision(
                    "skipped", found.chosen - found.free, "they are in a team, and get no second one"
                )
            )
    if numbers.beside:
        decisions += [UserDecision("skipped", count, why, some) for why, count, some in found.skipped]
    return tuple(decisions)


def _why_kept(users: int, numbers: UserNumbers, request: UserRequest) -> str:
    if numbers.strategy == "existing":
        return "they are used as they are; none is added"
    if request.additional is not None:
        return f"they are there; {request.additional:,} more are added"
    if numbers.chosen >= users:
        return f"{users:,} were asked for, so none is added"
    return f"they are there; up to {users:,} are added"


def addresses_in_force(request: UserRequest, state: DatabaseState) -> Addresses:
    """The addresses of a run, beside those that are in use."""
    return replace(request.addresses, after=state.after, taken=state.taken)
