"""Which lender serves which mode of isolation, on which server."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from psycopg import sql

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.isolation.background import BackgroundJobs
from pytest_supaseed.isolation.clones import RestoredClone
from pytest_supaseed.isolation.fresh import FreshLender, SharedLender
from pytest_supaseed.isolation.restoring import RestoringLender
from pytest_supaseed.isolation.spare_clones import SpareClones

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.lending import Lender
    from pytest_supaseed.isolation.templates import TemplateStore
    from pytest_supaseed.option_values import IsolationMode

_Clone = TypeVar("_Clone")


class Lenders:
    """The lenders of a process, each made when it is first asked for.

    Args:
        store: the templates.
        on_undone: told what undoing took; see `RestoringLender`.
    """

    def __init__(self, store: TemplateStore, on_undone: Callable[[str, str, float], None]) -> None:
        self._store = store
        self._on_undone = on_undone
        self._process = os.getpid()
        self._jobs = BackgroundJobs(store.endpoint)
        self._made: dict[tuple[IsolationMode, bool], Lender] = {}
        self._spares: list[SpareClones[Any]] = []
        self.replaced: Counter[str] = Counter()

    def of(self, mode: IsolationMode, dataset: Dataset) -> Lender:
        """Return the lender for a mode.

        `rollback` is `restore` beneath: what a rollback leaves, such as sequences, is put back too.

        Args:
            mode: what is asked for.
            dataset: whose clones are lent; where they cannot be put back, each test gets a new one.
        """
        key = ("restore" if mode == "rollback" else mode), dataset.pristine is not None
        if key not in self._made:
            self._made[key] = self._new(key[0], restores=key[1])
        return self._made[key]

    def _new(self, mode: IsolationMode, *, restores: bool) -> Lender:
        if mode == "clone" or (mode == "restore" and not restores):
            return FreshLender(self._clones(lambda name, _dataset: name, _leave))
        if not restores:
            return SharedLender(self._clones(self._read_only, _leave))
        opened = self._shared if mode == "shared" else self._kept
        clones = self._clones(opened, RestoredClone.close)
        return RestoringLender(clones, self._note_replaced, self._on_undone)

    def _clones(
        self, opened: Callable[[str, Dataset], _Clone], closed: Callable[[_Clone], None]
    ) -> SpareClones[_Clone]:
        spares = SpareClones(self._store, self._jobs, opened, closed)
        self._spares.append(spares)
        return spares

    def _kept(self, name: str, dataset: Dataset) -> RestoredClone:
        if dataset.pristine is None:
            raise DatasetError(f"Nothing is kept of {dataset.name} by which clones could be put back.")
        return RestoredClone(name, self._store.endpoint, dataset.pristine)

    def _shared(self, name: str, dataset: Dataset) -> RestoredClone:
        return self._kept(self._read_only(name, dataset), dataset)

    def _read_only(self, name: str, _dataset: Dataset) -> str:
        """A test may lift it for itself, in a transaction of its own; what it writes then is put back."""
        self._store.registry.execute(
            sql.SQL("alter database {} set default_transaction_read_only = on").format(sql.Identifier(name))
        )
        return name

    def _note_replaced(self, reason: str) -> None:
        self.replaced[reason] += 1

    @property
    def is_own(self) -> bool:
        """Whether what is lent is this process's: a forked child has its parent's, and leaves it alone."""
        return os.getpid() == self._process

    def close(self) -> None:
        """Wait for what is being done, and disconnect."""
        if not self.is_own:
            return
        self._jobs.close()
        for lender in self._made.values():
            lender.close()
        for spares in self._spares:
            spares.close()


def _leave(name: str) -> None:
    """Nothing is open of a clone that is a name and no more."""
