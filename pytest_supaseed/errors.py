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
    """An option, marker argument or configuration value is wrong.

    The message says who gave the value (a flag, a variable, a key of the file, a marker) and what is
    allowed: correct it there. A wrong option ends pytest before the first test, a wrong marker fails its
    test alone. Calls raise it too: an unknown user for `acting_as`, an action that `can` does not know.
    """


class EndpointError(SupaseedError):
    """No Postgres server can be had, or the one that was named cannot be used.

    Among the reasons: neither the extra `embedded` nor an installed Postgres is there; the URL's server
    does not answer, is older than Postgres 14, takes no writes, or is a pooler in transaction mode; its
    login may not create databases; it is on another machine, and `allow-remote` is not set. `supaseed
    doctor` tries all of it and says how to mend it.
    """


class SchemaError(SupaseedError):
    """A schema source cannot be found, read or run.

    The message names the file, the line and the statement, with what Postgres said, or what was looked
    for and where. Correct the migration, or name the sources by the option `schema`; an extension that is
    missing is decided by the option `extensions`.
    """


class CatalogError(SupaseedError):
    """The database's catalog holds something that we cannot describe.

    Most often the login may not read a table, or the schema changed while it was read: grant, or run
    again.
    """


class MappingError(SupaseedError):
    """A logical table or column does not resolve in this database.

    The message lists the nearest names. Correct the name, or say by the option `map` what it stands for;
    `supaseed detect` prints every name with the reason for what it was taken to be. A factory raises it
    whose `Meta.table` or parent does not exist, a framework's registration that cannot be used likewise.
    """


class PlanError(SupaseedError):
    """No valid plan exists for what was asked.

    Numbers that no key has room for, a required table whose rows cannot be made, tables left out on which
    others depend, factories that contradict each other: the message names the table and the constraint or
    field. `supaseed plan` shows the plan without loading it; a `TableFactory` for the table says what we
    could not derive.
    """


class LoadError(SupaseedError):
    """Rows could not be written.

    Postgres refused them, by a constraint, a trigger or a policy: the message names it, and whose each
    value is. In a plan a refused row costs only itself and stands in the report, unless `strict` is set
    or nothing makes sense without it, as with users. `supaseed seed` raises it too where a database looks
    like production, and where a run cannot go on.
    """


class DatasetError(SupaseedError):
    """A dataset could not be made, cloned or dropped.

    The disk is full, the server died or was stopped, somebody is connected to a template, an archive is
    damaged or of another Postgres. Nothing half made is ever used: mend the reason and run again.
    `--supaseed-rebuild` makes the dataset anew, `supaseed cache prune` drops what dead runs left.
    """


class SupaseedWarning(UserWarning):
    """Base of all warnings of this package, for `filterwarnings`."""


class GuessedNameWarning(SupaseedWarning):
    """A logical name was guessed to stand for a table: nothing says so, and no table is called so.

    Where the guess is right, write it down by the option `map`; where guessing is not wanted at all, set
    `exact-names`.
    """


class UnusedSettingWarning(SupaseedWarning):
    """A setting of a `supa-seed.config.json` does nothing here.

    Remove the setting, or ignore the warning by `filterwarnings`.
    """


class OpenConnectionWarning(SupaseedWarning):
    """A test left connections to its database open.

    They were ended. The warning names the test, and each connection's last statement: close it there.
    """
