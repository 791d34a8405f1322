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

FEW, MANY = 2, 50
SEED = "deaths"
RUNS = 2
"""Runs before the first death: the first one makes the server too, and takes longer than those that die."""


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoomedProject]:
    """A project with a server of its own."""
    with cache_folder() as cache:
        yield DoomedProject(tmp_path_factory.mktemp("doomed"), cache)


def undisturbed(project: DoomedProject) -> float:
    """Run the suite in peace, so that it is known what is whole; return the seconds that it takes."""
    for number in range(RUNS):
        project.change(f"undisturbed {number}")
        seconds = project.passes()
    return seconds


def death(project: DoomedProject, victim: str, place: float, seconds: float, draw: Random) -> float:
    """Kill something in a run that makes everything anew; return the seconds that a run takes.

    Where the run was over before, its time is taken as what a run takes, and the next one dies in its stead.

    Args:
        project: the project.
        victim: what is killed.
        place: when, as a part of the run.
        seconds: what a run takes, as far as is known.
        draw: chooses among several.
    """
    while True:
        project.change(draw.random())
        found = project.dies(victim, place * seconds, draw)
        if found.killed:
            said = (
                f"{found.killed} {victim} after {found.moment:.2f} of {seconds:.2f} s, exit code {found.code}"
            )
            print(said)  # noqa: T201  # shown by -rP
            return seconds
        assert found.lasted < seconds * 2, "there was no such process in the whole run"
        seconds = min(seconds * 0.95, found.lasted)


def die_and_heal(project: DoomedProject, number: int, of: int, seconds: float) -> float:
    """Kill something at one of several moments, and run again; return the seconds that a run takes.

    Args:
        project: the project.
        number: which of the moments, from 0.
        of: how many there are: each is drawn from its own part of a run.
        seconds: what a run takes, as far as is known.
    """
    draw = Random(f"{SEED} {number} of {of}")
    victim = VICTIMS[number % len(VICTIMS)]
    seconds = death(project, victim, (number + draw.random()) / of, seconds, draw)
    assert project.orphans() == []
    project.passes()
    assert [*project.orphans(), *project.memory_left()] == []
    assert project.prune() == []
    assert [*project.orphans(), *project.memory_left()] == []
    return seconds


def test_deaths_at_a_few_moments(project: DoomedProject) -> None:
    """A worker, the controller, a backend, the postmaster, each in its quarter of a run."""
    seconds = undisturbed(project)
    for number in range(FEW):
        seconds = die_and_heal(project, number, FEW, seconds)


@pytest.mark.torture
def test_deaths_at_fifty_moments(project: DoomedProject) -> None:
    """Those, the warden, and everything at once, from the start of a run to its end."""
    seconds = undisturbed(project)
    for number in range(MANY):
        seconds = die_and_heal(project, number, MANY, seconds)
