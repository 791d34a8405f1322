"""Where it shows in the rows where a statement, or a transaction, ends: such tables are written in one.

Triggers on statements fire once for each; those after rows see all rows of theirs; deferred constraints are
checked at the end. What the text of functions says decides, and what it leaves open counts as yes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from pytest_supaseed.catalog.model import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from pytest_supaseed.catalog.model import Catalog, Table, Trigger

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(r"[a-z_][a-z0-9_$]*")
_WRITES = frozenset(
    {"insert", "update", "delete", "merge", "truncate", "copy", "execute", "call", "nextval", "setval"}
    | {"notify", "pg_notify", "drops"}
)
"""Words of a function that may do more than change its row; `drops` stands for a row that it lets go."""
_DROPS = re.compile(r"\breturn\s+null\b")

_Name: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class StatementEnds:
    """Says of tables where the ends of statements show; reads each function's text once.

    Args:
        catalog: the database's catalog.
    """

    catalog: Catalog

    def show(self, table: Table, *, triggers: bool, repeated: bool) -> bool:
        """Whether a table's rows, or those that its triggers make, could tell where one COPY ends.

        Args:
            table: the table.
            triggers: whether its triggers fire.
            repeated: whether a batch may be tried again, by which what its triggers did is done twice.
        """
        if table.kind is not TableKind.TABLE:
            return True
        if any(key.target_oid == table.oid or key.initially_deferred for key in table.foreign_keys):
            return True
        if any(one.deferrable for one in table.unique_keys) or any(
            one.deferrable for one in table.exclusions
        ):
            return True
        firing = [trigger for trigger in table.triggers if triggers and _fires(trigger)]
        return any(not self._is_of_its_row(trigger, table, repeated=repeated) for trigger in firing)

    def may_change(self, table: Table) -> bool:
        """Whether rows of a table may come to be others than were written: by its triggers or others'."""
        if any(_fires(trigger) for trigger in table.triggers):
            return True
        return table.name in self._of_triggers or "execute" in self._of_triggers

    def _is_of_its_row(self, trigger: Trigger, table: Table, *, repeated: bool) -> bool:
        """Whether what a trigger does follows from its row, whichever rows come in the same statement."""
        if not trigger.per_row or trigger.is_constraint:
            return False
        words = self._reached([(trigger.function_schema, trigger.function_name)])
        if not words or table.name in words:
            return False
        if trigger.timing == "before":
            return not words & _WRITES
        return not repeated and "execute" not in words

    @cached_property
    def _of_triggers(self) -> AbstractSet[str]:
        return self._reached(
            _function(trigger) for table in self.catalog.tables for trigger in table.triggers
        )

    @cached_property
    def _words(self) -> dict[_Name, frozenset[str]]:
        found: dict[_Name, frozenset[str]] = {}
        for name, functions in self.catalog.functions_by_name.items():
            text = " ".join(_COMMENT.sub(" ", function.source).lower() for function in functions)
            drops = {"drops"} if _DROPS.search(text) else set()
            found[name] = frozenset(_WORD.findall(text)) | drops
        return found

    @cached_property
    def _behind(self) -> dict[str, set[_Name]]:
        """By word, the functions that run where it stands: of that name, or of that table's triggers."""
        found: dict[str, set[_Name]] = defaultdict(set)
        for name in self.catalog.functions_by_name:
            found[name[1]].add(name)
        for table in self.catalog.tables:
            found[table.name].update(map(_function, table.triggers))
        return found

    def _reached(self, functions: Iterable[_Name]) -> AbstractSet[str]:
        """The words of functions, and of all that run by them."""
        words: set[str] = set()
        waiting = list(functions)
        seen: set[_Name] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            new = self._words.get(name, frozenset()) - words
            words |= new
            for word in new & self._behind.keys():
                waiting += self._behind[word]
        return words


def _fires(trigger: Trigger) -> bool:
    return trigger.enabled in {"origin", "always"} and "insert" in trigger.events


def _function(trigger: Trigger) -> _Name:
    return trigger.function_schema, trigger.function_name
