"""The errors that a user of this package can meet.

Each says four things: what happened, what was looked at, why, and what to do. `str(error)` is the whole
message, ready to be printed without a traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SupaseedError(Exception):
    """Base of all errors of this package.

    Args:
        summary: one or two sentences: what happened and why.
        looked_at: what was examined on the way, one line each, in order.
        remedies: what the reader can do, one line each, the likeliest first.
    """

    def __init__(self, summary: str, *, looked_at: Iterable[str] = (), remedies: Iterable[str] = ()) -> None:
        self.summary = summary
        self.looked_at = tuple(looked_at)
        self.remedies = tuple(remedies)
        super().__init__(summary)

    def __str__(self) -> str:
        lines = [self.summary]
        if self.looked_at:
            lines += ["looked at:", *(f"  - {line}" for line in self.looked_at)]
        if self.remedies:
            lines += ["what to do:", *(f"  - {line}" for line in self.remedies)]
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling, so that an xdist worker's error reaches the controller whole."""
        return (_rebuild, (type(self), self.summary, self.looked_at, self.remedies))


def _rebuild(
    kind: type[SupaseedError], summary: str, looked_at: tuple[str, ...], remedies: tuple[str, ...]
) -> SupaseedError:
    return kind(summary, looked_at=looked_at, remedies=remedies)


class UsageError(SupaseedError):
    """An option, marker argument or configuration value is wrong."""


class EndpointError(SupaseedError):
    """No Postgres server can be had, or the one that was named cannot be used."""


class SchemaError(SupaseedError):
    """A schema source cannot be found, read or run."""


class CatalogError(SupaseedError):
    """The database's catalog holds something that we cannot describe."""


class MappingError(SupaseedError):
    """A logical table or column does not resolve in this database."""


class PlanError(SupaseedError):
    """No valid plan exists for what was asked."""


class LoadError(SupaseedError):
    """Rows could not be written."""


class DatasetError(SupaseedError):
    """A dataset could not be made, cloned or dropped."""


class SupaseedWarning(UserWarning):
    """Base of all warnings of this package, for `filterwarnings`."""


class GuessedNameWarning(SupaseedWarning):
    """A logical name was guessed to stand for a table: nothing says so, and no table is called so."""


class UnusedSettingWarning(SupaseedWarning):
    """A setting of a `supa-seed.config.json` does nothing here."""


class OpenConnectionWarning(SupaseedWarning):
    """A test left connections to its database open."""
