"""Says which users were made, and how their e-mail addresses kept apart from those in use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.plan.email_places import email_columns
from pytest_supaseed.plan.user_strategy import UserDecision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import TablePlan

EXAMPLES = 3


def users_made(run: Seeding) -> Iterator[UserDecision]:
    """Yield what became of the users that were planned."""
    numbers = run.plan.numbers
    if numbers is None or numbers.rule is None:
        return
    parts = [part for part in run.plan.parts_of(numbers.rule.table) if part.adopted_from is None]
    for part in parts[:1]:
        loaded = sum(made.loaded for made in run.parts if _is_same(made.logical, made.part, part))
        addresses = _addresses(run, part, loaded)
        why = f"by the strategy {numbers.strategy}"
        if run.plan.addresses.after and addresses:
            why += f", with numbers after {run.plan.addresses.after:,}, the largest in an address in use"
        yield UserDecision("created", loaded, why, addresses[:EXAMPLES])
        yield from _numbered(run, addresses)


def _is_same(logical: str, name: str, part: TablePlan) -> bool:
    return (logical, name) == (part.logical, part.part)


def _addresses(run: Seeding, part: TablePlan, loaded: int) -> tuple[str, ...]:
    """The first addresses; all of them where their pattern has no number, which are not many then."""
    source = run.sources.source(part)
    names = [column.name for column in email_columns(part.table) if source.knows(column.name)]
    if not names or not loaded:
        return ()
    wanted = min(loaded, source.rows)
    count = min(wanted, EXAMPLES) if run.plan.addresses.pattern.is_numbered else wanted
    return tuple(str(value) for value in source.at(names[0], range(count)) if value is not None)


def _numbered(run: Seeding, addresses: tuple[str, ...]) -> Iterator[UserDecision]:
    pattern = run.plan.addresses.pattern
    if pattern.is_numbered:
        return
    with_number = re.compile(pattern.numbered.shape)
    found = tuple(address for address in addresses if with_number.match(address))
    if found:
        why = f"a number was added, since {pattern.text} gave an address in use"
        yield UserDecision("numbered", len(found), why, found[:EXAMPLES])
