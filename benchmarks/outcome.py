"""What came of one schema, as a value that is JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Outcome:
    """What came of one schema.

    Args:
        tables: how many tables of its own the schema has; partitions count as the table that they are of.
        filled: how many of them hold a row.
        unfilled: why the others hold none, by qualified name.
        short: what the report says of tables that hold rows, but fewer than asked, by qualified name.
        notes: what the report says besides, one line each.
        violations: constraints that do not hold when asked again, one line each.
        rows: rows in those tables.
        seconds: planning and seeding.
        peak_mib: the largest resident set of this process, in MiB.
        identical_twice: whether a second seeding gave the same rows; None where none was made.
        differing: the tables in which it did not.
        error: what kept us from seeding, in a line.
    """

    tables: int = 0
    filled: int = 0
    unfilled: dict[str, str] = field(default_factory=dict)
    short: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    rows: int = 0
    seconds: float = 0.0
    peak_mib: float = 0.0
    identical_twice: bool | None = None
    differing: list[str] = field(default_factory=list)
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """A JSON-compatible value."""
        return asdict(self)
