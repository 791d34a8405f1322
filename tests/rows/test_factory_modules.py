"""Tests of rows.factory_modules and plan.user_factories: factories that a project's configuration names."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from small_catalog import Names, catalog, column, reference, table

from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest
from pytest_supaseed.rows.factory_modules import load_factories
from pytest_supaseed.rows.sources import factory_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

USERS = table("users", column("email"))
SETUPS = table(
    "setups", column("title"), column("user_id", "uuid"), foreign_keys=(reference("user_id", USERS),)
)
CATALOG = catalog(USERS, SETUPS)
HEAD = "import factory\nfrom pytest_supaseed import Parent, TableFactory\n"
SETUP = """
class SetupFactory(TableFactory):
    class Meta:
        table = "setups"
    title = "x"
"""


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Callable[[str, str], None]]:
    """Writes a module of the project; it is forgotten after the test."""

    def written(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
        forget()

    yield written
    forget()


def forget() -> None:
    """Let modules of these tests be imported anew."""
    for known in [known for known in sys.modules if known.startswith("shop_")]:
        del sys.modules[known]


def plan(tmp_path: Path, *modules: str) -> SeedPlan:
    """The plan with the factories of these modules."""
    request = SeedRequest(users=5, factories=load_factories(modules, tmp_path))
    return make_plan(CATALOG, "postgres", Names(CATALOG), request)


def makers(found: SeedPlan) -> dict[str, str]:
    """Who makes the rows, by table."""
    return {part.table.name: part.factory for part in found.tables}


def test_factories_of_a_module_are_used(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    """In place of ours, for the table that they name; abstract ones are left alone."""
    base = "class Base(TableFactory):\n    class Meta:\n        abstract = True\n"
    write("shop_a/factories.py", base + SETUP)
    found = plan(tmp_path, "shop_a.factories")
    assert makers(found)["setups"] == "shop_a.factories:SetupFactory"
    made_by: Any = factory_for("shop_a.factories:SetupFactory", found.factories)
    assert made_by.build().title == "x"
    assert str(tmp_path) not in sys.path


def test_a_package_that_imports_its_factories(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    """Factories that a module has from others count; ours, which it may extend, do not."""
    write("shop_b/setups.py", SETUP)
    write(
        "shop_b/__init__.py",
        "from pytest_supaseed.rows.users import UserFactory\nfrom .setups import SetupFactory\n",
    )
    found = plan(tmp_path, "shop_b")
    assert [one.name for one in found.factories] == ["shop_b.setups:SetupFactory"]


def test_variants_of_a_factory(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    """The plan uses the one that the others extend."""
    write("shop_c.py", "\n" + SETUP + "\nclass ASetupFactory(SetupFactory):\n    title = 'y'\n")
    assert makers(plan(tmp_path, "shop_c"))["setups"] == "shop_c:SetupFactory"


def test_two_factories_for_one_table(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    """An error that names both, and the way out, which works."""
    other = SETUP.replace("SetupFactory", "OtherFactory")
    write("shop_d.py", SETUP + other)
    with pytest.raises(UsageError, match=r"2 factories are meant for public\.setups") as caught:
        plan(tmp_path, "shop_d")
    assert "shop_d:OtherFactory" in str(caught.value)
    assert "planned = False" in str(caught.value)
    write("shop_d.py", SETUP + other.replace('table = "setups"', 'table = "setups"; planned = False'))
    assert makers(plan(tmp_path, "shop_d"))["setups"] == "shop_d:SetupFactory"


def test_a_table_that_the_schema_lacks(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    """One factories module serves several schemas."""
    write("shop_e.py", SETUP + SETUP.replace("SetupFactory", "GearFactory").replace('"setups"', '"gear"'))
    assert set(makers(plan(tmp_path, "shop_e"))) == {"users", "setups"}


@pytest.mark.parametrize(
    ("text", "module", "said"),
    [
        ("", "shop_g", ["no module shop_g", "did you mean shop_f?", "pythonpath"]),
        ("raise RuntimeError('broken')", "shop_f", ["RuntimeError: broken", "python -c 'import shop_f'"]),
        ("import shop_lost", "shop_f", ["No module named 'shop_lost'"]),
        ("class Other: pass", "shop_f", ["holds no TableFactory", "Other"]),
        ("class F(TableFactory): title = 'x'", "shop_f", ["F names no table", "abstract = True"]),
    ],
)
def test_a_module_that_cannot_be_used(
    text: str, module: str, said: list[str], tmp_path: Path, write: Callable[[str, str], None]
) -> None:
    """What was asked for, why it cannot be had, and what to do."""
    write("shop_f.py", text)
    with pytest.raises(UsageError) as caught:
        load_factories([module], tmp_path)
    assert all(line in str(caught.value) for line in said), str(caught.value)


def test_the_digest_follows_all_source(tmp_path: Path, write: Callable[[str, str], None]) -> None:
    """The module, the module of a base, that of a function that a field calls: each counts, no other does."""

    def digest() -> str:
        (found,) = load_factories(["shop_h.factories"], tmp_path)
        return found.source

    def written(base: str = "1", titles: str = "2", own: str = "3", other: str = "4") -> str:
        write(
            "shop_h/base.py",
            f"class Base(TableFactory):\n    class Meta:\n        abstract = True\n# {base}\n",
        )
        write("shop_h/titles.py", f"def title():\n    return 'x'\n# {titles}\n")
        write("shop_h/test_other.py", f"# {other}\n")
        write(
            "shop_h/factories.py",
            "from .base import Base\nfrom . import titles\n"
            'class SetupFactory(Base):\n    class Meta:\n        table = "setups"\n'
            f"    title = factory.LazyFunction(titles.title)\n# {own}\n",
        )
        return digest()

    first = written()
    assert written() == first == written(other="changed")
    assert len({first, written(base="a"), written(titles="b"), written(own="c")}) == 4
