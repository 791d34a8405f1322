"""`kill -9` at any moment: the next run heals, nothing half made is used, and nothing is left.

A few moments with the other tests; 50 by

    pytest -m torture -n 0 -rP tests/test_random_deaths.py
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from doomed_runs import VICTIMS, DoomedProject
from own_clusters import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW, MANY = 4, 50
SEED = "deaths"
BEYOND = 1.1
"""The last moments are after the end of most runs."""


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoomedProject]:
    """A project with a server of its own."""
    with cache_folder() as cache:
        yield DoomedProject(tmp_path_factory.mktemp("doomed"), cache)


def die_and_heal(project: DoomedProject, number: int, of: int, seconds: float) -> None:
    """Kill something at one of several moments of a run that makes everything anew, and run again.

    Args:
        project: the project.
        number: which of the moments, from 0.
        of: how many there are: each is drawn from its own part of a run.
        seconds: what a run takes.
    """
    draw = Random(f"{SEED} {number} of {of}")
    victim = VICTIMS[draw.randrange(len(VICTIMS))] if of > FEW else VICTIMS[number]
    project.change(f"{number} of {of}")
    death = project.dies(victim, (number + draw.random()) / of * seconds * BEYOND, draw)
    said = f"{number:>3}: {death.killed} {victim} after {death.moment:.2f} s, exit code {death.code}"
    print(said)  # noqa: T201  # shown by -rP
    assert project.orphans() == []
    project.passes()
    assert [*project.orphans(), *project.memory_left()] == []
    assert project.prune() == []
    assert [*project.orphans(), *project.memory_left()] == []


def test_deaths_at_a_few_moments(project: DoomedProject) -> None:
    """A worker, the controller, a backend, the postmaster, each in its quarter of a run."""
    project.change("undisturbed")
    seconds = project.passes()
    for number in range(FEW):
        die_and_heal(project, number, FEW, seconds)


@pytest.mark.torture
def test_deaths_at_fifty_moments(project: DoomedProject) -> None:
    """Those, the warden, and everything at once, from the start of the run to its end."""
    project.change("undisturbed")
    seconds = project.passes()
    for number in range(MANY):
        die_and_heal(project, number, MANY, seconds)
