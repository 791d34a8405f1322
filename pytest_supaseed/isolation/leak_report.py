"""What `assert_isolated` found, and the error that it raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SupaseedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.tenant_isolation import Leak, Untried

SHOWN = 10
"""Lines that a message lists; one hole in a policy shows for every user."""

_VERBS = {"read": "reads", "update": "changes", "delete": "deletes", "move": "moves own rows into"}


class TenantLeakError(SupaseedError, AssertionError):
    """Rows of a tenant can be reached by a user of another one.

    `assert_isolated` raises it, with the users, the tenants, the commands and the policies that let them:
    narrow these policies. It is an `AssertionError` too, so that the test counts as failed and not as broken.
    """


@dataclass(frozen=True)
class IsolationProof:
    """What was tried.

    Args:
        table: the table, qualified.
        column: the column that holds the tenant.
        users: how many users tried.
        tenants: how many tenants have rows.
        leaks: what was reached.
        untried: commands that could be tried for no user.
    """

    table: str
    column: str
    users: int
    tenants: int
    leaks: tuple[Leak, ...]
    untried: tuple[Untried, ...] = ()

    def _lines(self) -> Iterator[str]:
        """One line for each user and command."""
        found: dict[tuple[str, str], list[Leak]] = {}
        for leak in self.leaks:
            found.setdefault((leak.command, leak.persona.name), []).append(leak)
        for (command, name), leaks in found.items():
            first, others = leaks[0].tenant, len(leaks) - 1
            rows = sum(leak.rows for leak in leaks)
            counted = "" if command == "move" else f" {rows} row{'' if rows == 1 else 's'} of"
            more = f" and of {others} other{'' if others == 1 else 's'}" if others else ""
            yield f"{name} {_VERBS[command]}{counted} tenant {first}{more}"

    def error(self) -> TenantLeakError:
        """Return the error that lists the leaks."""
        lines = list(self._lines())
        if len(lines) > SHOWN:
            lines[SHOWN:] = [f"and {len(lines) - SHOWN} more of the kind"]
        holes = dict.fromkeys(hole for leak in self.leaks for hole in leak.policies)
        return TenantLeakError(
            f"Rows of {self.table} are not isolated by {self.column}:\n"
            + "\n".join(f"  {line}" for line in lines),
            looked_at=[
                f"{self.users} users, {self.tenants} tenants with rows: read, update, delete, move",
                *holes,
            ],
            remedies=[
                f"let each policy of {self.table} compare {self.column} with what auth.uid() belongs to",
                f"alter table {self.table} enable row level security, where it is off",
            ],
        )
