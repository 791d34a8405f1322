"""What each test's database has cost: to get it, to give it back, and to undo what the test wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_supaseed.option_values import IsolationMode

_ENDS = {"clone": "dropped", "shared": "shared"}


@dataclass
class IsolationCost:
    """The cost of one test's, class's or module's database, in seconds.

    Args:
        test: its id.
        isolation: the mode.
        set_up: until it could be used, without undoing what an earlier test wrote.
        tear_down: until its connections were closed.
        undo: until what it wrote was undone, which happens when another one asks for a database.
        outcome: what that took: `untouched`, `put back`, `replaced: ...`, `dropped`, `shared`; empty as long
            as nobody has asked.
    """

    test: str
    isolation: IsolationMode
    set_up: float
    tear_down: float = 0.0
    undo: float = 0.0
    outcome: str = ""


class IsolationCosts:
    """Keeps the costs, in the order in which databases were lent."""

    def __init__(self) -> None:
        self.all: list[IsolationCost] = []
        self._last: dict[str, IsolationCost] = {}
        self._undone = 0.0

    def lent(self, name: str, test: str, isolation: IsolationMode, seconds: float) -> None:
        """Note that a database was lent; what was undone for it meanwhile is an earlier test's.

        Args:
            name: the database.
            test: who has it.
            isolation: the mode.
            seconds: what it took, undoing included.
        """
        cost = IsolationCost(test, isolation, max(seconds - self._undone, 0.0))
        self._undone = 0.0
        self._last[name] = cost
        self.all.append(cost)

    def undone(self, name: str, outcome: str, seconds: float) -> None:
        """Note what undoing took of whoever had a database last."""
        self._undone += seconds
        if name in self._last:
            self._last[name].undo += seconds
            self._last[name].outcome = outcome

    def returned(self, name: str, seconds: float, *, kept: bool, restores: bool) -> None:
        """Note that a database was given back.

        Args:
            name: the database.
            seconds: what it took.
            kept: whether it is kept for somebody to look at.
            restores: whether databases can be put back on this server.
        """
        cost = self._last[name]
        cost.tear_down = seconds
        otherwise = "" if restores else "dropped"
        cost.outcome = "kept" if kept else _ENDS.get(cost.isolation, otherwise)
