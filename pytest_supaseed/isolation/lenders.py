"""Which lender serves which mode of isolation, on which server."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.isolation.background import BackgroundJobs
from pytest_supaseed.isolation.clones import RestoredClone
from pytest_supaseed.isolation.fresh import FreshLender, SharedLender
from pytest_supaseed.isolation.restoring import RestoringLender
from pytest_supaseed.isolation.spare_clones import SpareClones

if TYPE_CHECKING:
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.lending import Lender
    from pytest_supaseed.isolation.templates import TemplateStore
    from pytest_supaseed.option_values import IsolationMode


class Lenders:
    """The lenders of a process, each made when it is first asked for.

    Args:
        store: the templates.
    """

    def __init__(self, store: TemplateStore) -> None:
        self._store = store
        self._jobs = BackgroundJobs(store.endpoint)
        self._made: dict[tuple[IsolationMode, bool], Lender] = {}
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
            return FreshLender(SpareClones(self._store, self._jobs, lambda name, _dataset: name))
        if not restores:
            return SharedLender(SpareClones(self._store, self._jobs, self._read_only))
        opened = self._shared if mode == "shared" else self._kept
        return RestoringLender(SpareClones(self._store, self._jobs, opened), self._note_replaced)

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

    def close(self) -> None:
        """Wait for what is being done, and disconnect."""
        self._jobs.close()
        for lender in self._made.values():
            lender.close()
