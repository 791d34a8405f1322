"""Tests of mapping.known_frameworks: the registry is sound, and its page says what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kit_catalogs import make

from pytest_supaseed.mapping.framework import TELLING
from pytest_supaseed.mapping.frameworks import FRAMEWORKS
from pytest_supaseed.mapping.logical_tables import LOGICAL_TABLES

if TYPE_CHECKING:
    from pytest_supaseed.mapping.framework import Framework

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "frameworks.md"


def _row(page: str, framework: Framework) -> list[str]:
    line = next(line for line in page.splitlines() if line.startswith(f"| `{framework.name}` |"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def _facts(cell: str) -> list[str]:
    return [fact for fact in cell.strip(" |").split("; ") if fact]


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda framework: framework.name)
def test_the_page_lists_each_fact(framework: Framework) -> None:
    """The reference names each framework's essential and supporting facts, in order, and no others."""
    _, essential, *supporting = _row(PAGE.read_text(encoding="utf-8"), framework)
    expected = [fact.label for fact in framework.fingerprints if fact.essential]

    assert _facts(essential) == (expected or ["none: anything else"])
    assert _facts("".join(supporting)) == [f.label for f in framework.fingerprints if not f.essential]


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda framework: framework.name)
def test_the_page_lists_each_logical_name(framework: Framework) -> None:
    """Each logical name, and each table and column that may stand for it, is in the reference."""
    page = PAGE.read_text(encoding="utf-8")
    names = {candidate.qualified for found in framework.tables.values() for candidate in found}
    for columns in framework.columns.values():
        names |= {name for logical, actual in columns.items() for name in (logical, *actual)}

    assert [name for name in {*names, *framework.tables, *framework.columns} if name not in page] == []


def test_names_are_unique_and_the_last_takes_anything() -> None:
    """No two frameworks share a name, and an empty database is recognised as well."""
    names = [framework.name for framework in FRAMEWORKS]

    assert len(set(names)) == len(names)
    assert FRAMEWORKS[-1].recognises(make())
    assert [framework.name for framework in FRAMEWORKS if framework.recognises(make())] == ["postgres"]


def test_they_are_listed_by_their_specificity() -> None:
    """The order in which they stand is that in which they are tried, and plug-ins fit between them."""
    numbers = [framework.specificity for framework in FRAMEWORKS]

    assert numbers == sorted(set(numbers), reverse=True)
    assert max(numbers) < TELLING


def test_what_a_framework_builds_on_is_tried_after_it() -> None:
    """The more telling framework comes first; else it would never be recognised."""
    for framework in FRAMEWORKS:
        base = framework.builds_on
        assert base is None or FRAMEWORKS.index(base) > FRAMEWORKS.index(framework)


def test_logical_tables_are_listed_once() -> None:
    """The usual logical names have no duplicates."""
    assert len(set(LOGICAL_TABLES)) == len(LOGICAL_TABLES)
