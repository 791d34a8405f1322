"""Tests of rows.framework_factories: factories that a framework's recipe names by their path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_catalog import table

from pytest_supaseed.errors import PlanError
from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
from pytest_supaseed.rows.framework_factories import framework_factory, sources_of_frameworks
from pytest_supaseed.rows.sources import factory_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SOURCE = """
from pytest_supaseed import TableFactory

OTHER = 5


class DealFactory(TableFactory):
    class Meta:
        table = "deals"

    title = "{title}"
"""


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Writes a module of factories that can be imported."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(module: str, title: str) -> None:
        (tmp_path / f"{module}.py").write_text(SOURCE.replace("{title}", title), encoding="utf-8")

    yield write
    framework_factory.cache_clear()


def plan_of(*factories: str) -> SeedPlan:
    """A plan whose parts are made by these factories."""
    parts = [TablePlan(table(name.replace(":", "_")), name, "", 1, name) for name in factories]
    return SeedPlan(tuple(parts), "seed", 1)


def test_a_factory_is_imported_by_its_path(plug_in: Callable[[str, str], None]) -> None:
    """Beside ours, which have short names."""
    plug_in("deals_by_path", "One")
    found = factory_for("deals_by_path:DealFactory")

    assert found is not None
    assert found.__name__ == "DealFactory"
    assert factory_for("auto") is None


def test_its_source_counts(plug_in: Callable[[str, str], None]) -> None:
    """Another release of a plug-in makes other rows, so it makes another dataset; ours count elsewhere."""
    plug_in("deals_one", "One")
    plug_in("deals_two", "Two")
    plan = plan_of("deals_one:DealFactory", "users", "auto", "deals_two:DealFactory")
    sources = dict(sources_of_frameworks(plan))

    assert list(sources) == ["deals_one:DealFactory", "deals_two:DealFactory"]
    assert len(set(sources.values())) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dealz", "it is none of ours, and no package.module:Class"),
        ("nothing_there:DealFactory", "ModuleNotFoundError: No module named 'nothing_there'"),
        ("deals_broken:Missing", "AttributeError: module 'deals_broken' has no attribute 'Missing'"),
        ("deals_broken:OTHER", "5 is no TableFactory"),
    ],
)
def test_what_cannot_be_used_is_named(plug_in: Callable[[str, str], None], name: str, said: str) -> None:
    """The error says which factory of a recipe it is, and why."""
    plug_in("deals_broken", "One")
    with pytest.raises(PlanError) as caught:
        factory_for(name)
    assert str(caught.value).startswith(
        f"The factory {name!r}, which the recipe of a framework names, cannot"
    )
    assert said in str(caught.value)
