"""The last resort for a logical name: a table that is like it in name, in columns and in what it refers to.

The name has to be the same but for a prefix, the plural or a known synonym: `app_setup_type` may stand for
`setup_types`, `user_roles` never for `accounts`. Columns and foreign keys must then agree, and no other table
may come near. What is guessed is always said (`GuessedNameWarning`), and a name that exists is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.mapping.known_frameworks import FRAMEWORKS
from pytest_supaseed.mapping.logical_tables import KNOWN, LogicalTable
from pytest_supaseed.mapping.table_words import Words, prefixes_of, without_prefix, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.framework import Framework

NAME, COLUMNS, KEYS = 0.5, 0.3, 0.2
"""What name, columns and foreign keys weigh. What comes of it: docs/reference/frameworks.md, "The guess"."""

PREFIXED, SYNONYM = 0.95, 0.9
"""What a name is worth that is the same but for a prefix, or that is another name of the same thing."""

HALF = 0.5
"""With a smaller share of the usual columns it is another thing of that name: only the name counts then."""

ENOUGH = 0.75
"""Below this nothing is guessed: the name alone (0.5) never suffices, whatever it is."""

LEAD = 0.1
"""What the best table must be ahead of the second."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A table that may stand for a logical name.

    Args:
        table: the table.
        score: 0 to 1.
        why: what is alike, in words.
    """

    table: Table
    score: float
    why: str


@dataclass(frozen=True, eq=False)
class Guesses:
    """Guesses at logical names in one catalog.

    Args:
        catalog: the catalog.
        framework: what it was recognised as; what it knows counts beside what is known of all.
    """

    catalog: Catalog
    framework: Framework
    _made: dict[str, Guess | None] = field(default_factory=dict, repr=False)

    def best(self, logical: str) -> Guess | None:
        """Return the table that a logical name stands for, if one is like enough and ahead of all others."""
        if logical not in self._made:
            self._made[logical] = self._best(logical)
        return self._made[logical]

    def _best(self, logical: str) -> Guess | None:
        found = self.ranked(logical)
        if not found or found[0].score < ENOUGH:
            return None
        return None if len(found) > 1 and found[0].score - found[1].score < LEAD else found[0]

    def ranked(self, logical: str) -> list[Guess]:
        """Return the tables whose name may stand for a logical one, the likest first."""
        known = KNOWN.get(logical) or self._known_by_framework(logical)
        if known is None:
            return []
        names = self._names(logical, known)
        found = [
            self._guess(table, worth, how, known)
            for table, words in self._words
            for worth, how in [self._name_worth(table, words, names)]
            if worth
        ]
        return sorted(found, key=lambda guess: (-guess.score, guess.table.qualified))

    def _known_by_framework(self, logical: str) -> LogicalTable | None:
        candidates = self.framework.candidates(logical)
        if not candidates:
            return None
        columns = dict.fromkeys(chain.from_iterable(candidate.columns for candidate in candidates))
        return LogicalTable(tuple((column,) for column in columns))

    def _names(self, logical: str, known: LogicalTable) -> dict[Words, float]:
        """What a table may be called, and what each name is worth."""
        others = [*known.synonyms, *_candidates(self.framework, logical)]
        names = dict.fromkeys(map(words_of, others), SYNONYM)
        return {**names, words_of(logical): 1.0}

    def _name_worth(self, table: Table, words: Words, names: Mapping[Words, float]) -> tuple[float, str]:
        if words in names:
            return names[words], "the name is alike"
        bare = without_prefix(words, self._prefixes[table.schema])
        if bare is None or bare not in names:
            return 0.0, ""
        return PREFIXED * names[bare], f"the name is alike behind {'_'.join(words[: -len(bare)])!r}"

    def _guess(self, table: Table, worth: float, how: str, known: LogicalTable) -> Guess:
        words = {words_of(column) for column in table.by_name}
        has = [any(words_of(name) in words for name in names) for names in known.columns]
        columns = sum(has) / len(has) if has else 0.0
        keys = self._keys_worth(table, known) if known.parents else columns
        score = NAME * worth + COLUMNS * columns + KEYS * keys if columns >= HALF else NAME * worth
        said = [how, f"{sum(has)} of {len(has)} usual columns"]
        if known.parents:
            said.append("foreign keys agree" if keys else "no foreign key agrees")
        return Guess(table, score, ", ".join(said))

    def _keys_worth(self, table: Table, known: LogicalTable) -> float:
        """Whether the table refers to one of those that it should refer to, by any of their names."""
        targets = {(key.target_schema, key.target_table) for key in table.foreign_keys}
        return (
            1.0
            if any(self._may_be(parent, *target) for parent in known.parents for target in targets)
            else 0.0
        )

    def _may_be(self, logical: str, schema: str, name: str) -> bool:
        names = self._names(logical, KNOWN[logical])
        words = words_of(name)
        return words in names or without_prefix(words, self._prefixes.get(schema, ())) in names

    def _may_be_guessed(self, table: Table) -> bool:
        holds_rows = table.kind in {TableKind.TABLE, TableKind.PARTITIONED} and not table.is_partition
        is_own = table.extension is None and table.schema not in self.catalog.platform_schemas
        return holds_rows and is_own

    @cached_property
    def _words(self) -> tuple[tuple[Table, Words], ...]:
        return tuple(
            (table, words_of(table.name)) for table in self.catalog.tables if self._may_be_guessed(table)
        )

    @cached_property
    def _prefixes(self) -> Mapping[str, tuple[Words, ...]]:
        by_schema: dict[str, list[str]] = {}
        for table, _ in self._words:
            by_schema.setdefault(table.schema, []).append(table.name)
        return {schema: prefixes_of(names) for schema, names in by_schema.items()}


def _candidates(framework: Framework, logical: str) -> list[str]:
    """What frameworks call a logical table; not the names that prove nothing without certain columns.

    Of all frameworks: a kit whose tables were renamed is recognised as another one.
    """
    return [
        candidate.name
        for known in (framework, *FRAMEWORKS)
        for candidate in known.candidates(logical)
        if not candidate.columns
    ]
