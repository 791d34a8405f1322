"""The schemas of the conformance suite: each a file whose header says what it promises, in comments.

`promise:` what holds of any schema of this kind.
`impossible: public.never: never_true`: a table that no row can satisfy, and what its reason has to name.
`note: the archive is closed`: what the report has to say besides.
`expect: select count(*) = 60 from pages`: a query that gives true when the schema is seeded.
`once: it waits for a timeout`: why it is not seeded a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "schemas"


@dataclass(frozen=True)
class SchemaCase:
    """A schema and what is promised of it.

    Args:
        path: the file.
        promise: in words.
        impossible: what the reason of a table that cannot be filled has to mention, by the table's name.
        notes: what the report has to mention.
        expectations: queries that give true.
        twice: whether it is seeded a second time, to compare.
    """

    path: Path
    promise: str
    impossible: dict[str, str]
    notes: tuple[str, ...]
    expectations: tuple[str, ...]
    twice: bool

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


def schema_cases() -> list[SchemaCase]:
    """Return all of them, by name."""
    return [_case(path) for path in sorted(FOLDER.glob("*.sql"))]


def _case(path: Path) -> SchemaCase:
    said: dict[str, list[str]] = {word: [] for word in ("promise", "impossible", "note", "expect", "once")}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("-- "):
            break
        word, _, rest = line.removeprefix("-- ").partition(": ")
        said[word].append(rest)
    impossible = dict(entry.split(": ", 1) for entry in said["impossible"])
    return SchemaCase(
        path,
        " ".join(said["promise"]),
        impossible,
        tuple(said["note"]),
        tuple(said["expect"]),
        twice=not said["once"],
    )
