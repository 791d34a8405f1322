"""Reads a catalog's policies as a reviewer would: tables left open, policies that cost a call per row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

from pytest_supaseed.catalog.model import TableKind

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Catalog, Policy, Table

Kind = Literal["off", "no policy", "open to write", "volatile call", "call per row"]

_REMEDIES: dict[Kind, str] = {
    "off": "alter table {table} enable row level security, and write its policies",
    "no policy": "write a policy, unless only the service role is meant to reach it",
    "open to write": "let the policy compare a column with auth.uid()",
    "volatile call": "mark the function stable, if it changes nothing and reads what one statement sees",
    "call per row": "write (select {call}) in the policy: it is then called once for each statement",
}

_VOLATILE_OF_POSTGRES = frozenset({"random", "clock_timestamp", "gen_random_uuid", "nextval", "timeofday"})
_ONCE_A_STATEMENT = frozenset({"auth.uid", "auth.jwt", "auth.role", "auth.email", "current_setting"})
"""Functions whose value is the same for all rows of a statement, which Postgres does not know of them."""

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_CALL = re.compile(r'((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)\(')
_SUBQUERY = re.compile(r"\(\s*SELECT\b", re.IGNORECASE)


@dataclass(frozen=True)
class PolicyFinding:
    """One thing that a reviewer would point at.

    Args:
        kind: what it is.
        table: the table, qualified.
        policy: the policy's name; empty where it is the table's matter.
        said: the fact, in words.
        remedy: what mends it.
    """

    kind: Kind
    table: str
    policy: str
    said: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.table}: {self.said} ({self.remedy})"


class PolicyReview(Sequence[PolicyFinding]):
    """The findings, tables left open first; printed one to a line."""

    def __init__(self, findings: Sequence[PolicyFinding]) -> None:
        self._findings = tuple(findings)

    @overload
    def __getitem__(self, index: int) -> PolicyFinding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PolicyFinding, ...]: ...
    def __getitem__(self, index: int | slice) -> PolicyFinding | tuple[PolicyFinding, ...]:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def of(self, kind: Kind) -> tuple[PolicyFinding, ...]:
        """Return the findings of one kind."""
        return tuple(found for found in self._findings if found.kind == kind)

    def __str__(self) -> str:
        return "\n".join(map(str, self._findings)) or "nothing found"

    def __repr__(self) -> str:
        return f"<PolicyReview: {len(self)} findings>"


def review_policies(catalog: Catalog) -> PolicyReview:
    """Return what a reviewer would point at, in tables of the project's own.

    Args:
        catalog: the catalog.
    """
    kinds = {TableKind.TABLE, TableKind.PARTITIONED}
    tables = [
        table
        for table in catalog.tables
        if table.kind in kinds and not table.is_partition and table.extension is None
        if table.schema not in catalog.platform_schemas
    ]
    found = [finding for table in tables for finding in _of_table(table, _volatile(catalog))]
    order = list(_REMEDIES)
    return PolicyReview(sorted(found, key=lambda finding: (order.index(finding.kind), finding.table)))


def _volatile(catalog: Catalog) -> frozenset[str]:
    """The volatile functions, as an expression of a policy names them."""
    own = {
        f"{function.schema}.{function.name}"
        for function in catalog.functions
        if function.volatility == "volatile"
    }
    return _VOLATILE_OF_POSTGRES | own


def _of_table(table: Table, volatile: frozenset[str]) -> Iterator[PolicyFinding]:
    if not table.row_security:
        ignored = f"; its {len(table.policies)} policies do nothing" if table.policies else ""
        yield _finding("off", table, f"row-level security is off{ignored}")
        return
    if not table.policies:
        yield _finding("no policy", table, "row-level security is on, and there is no policy")
    for policy in table.policies:
        yield from _of_policy(table, policy, volatile)


def _of_policy(table: Table, policy: Policy, volatile: frozenset[str]) -> Iterator[PolicyFinding]:
    writes = policy.command in {"all", "insert", "update", "delete"}
    decisive = policy.check or policy.using if policy.command == "insert" else policy.using
    if policy.permissive and writes and decisive == "true" and set(policy.roles) - {"service_role"}:
        said = f"policy {policy.name!r} lets {', '.join(policy.roles)} {policy.command} any row"
        yield _finding("open to write", table, said, policy)
    calls = dict.fromkeys(
        call for text in (policy.using, policy.check) if text for call in calls_for_each_row(text)
    )
    for call in calls:
        if call in volatile:
            said = f"policy {policy.name!r} calls the volatile function {call}() for each row"
            yield _finding("volatile call", table, said, policy)
        elif call in _ONCE_A_STATEMENT:
            said = f"policy {policy.name!r} calls {call}() for each row"
            yield _finding("call per row", table, said, policy, call=f"{call}()")


def _finding(
    kind: Kind, table: Table, said: str, policy: Policy | None = None, *, call: str = ""
) -> PolicyFinding:
    remedy = _REMEDIES[kind].format(table=table.qualified, call=call)
    return PolicyFinding(kind, table.qualified, policy.name if policy else "", said, remedy)


def calls_for_each_row(expression: str) -> list[str]:
    """Return the functions that an expression calls for each row: not inside `(select call())`.

    Args:
        expression: text of `pg_get_expr`, in which names are qualified.
    """
    code = _LITERAL.sub("''", expression)
    for start in [found.start() for found in _SUBQUERY.finditer(code)][::-1]:
        end = _closing(code, start)
        if not re.search(r"\bFROM\b", code[start:end]):
            code = code[:start] + code[end:]
    return [found[1].replace('"', "") for found in _CALL.finditer(code)]


def _closing(code: str, start: int) -> int:
    """The position after the parenthesis that closes the one at `start`."""
    depth = 0
    for position in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[position], 0)
        if depth == 0:
            return position + 1
    return len(code)
