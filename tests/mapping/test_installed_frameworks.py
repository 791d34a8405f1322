"""Tests of mapping.installed_frameworks: frameworks that other distributions register, really installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from kit_catalogs import make, makerkit
from small_catalog import column, table

from pytest_supaseed.errors import MappingError, UsageError
from pytest_supaseed.mapping.frameworks import FRAMEWORKS, all_frameworks, detect, framework_named
from pytest_supaseed.mapping.table_map import build_table_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD = """
from pytest_supaseed.frameworks import POSTGRES, Candidate, Framework, relation

MINE = Framework(
    "crm", "CRM", (relation("public", "deal", "stage"),), builds_on=POSTGRES,
    tables={"deals": (Candidate("public", "deal"),)}, columns={"deals": {"state": ("stage",)}},
)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], None]]:
    """Installs a distribution of one module, with an entry point, for the length of a test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def installed(module: str, source: str, point: str = "crm") -> None:
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"{module}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[pytest_supaseed.frameworks]\n{point} = {module}:MINE\n")
        all_frameworks.cache_clear()

    yield installed
    for name in set(sys.modules) - before:
        del sys.modules[name]
    all_frameworks.cache_clear()


def test_without_plug_ins_there_are_ours() -> None:
    """In the order in which they are told apart, the most telling first."""
    assert all_frameworks() == FRAMEWORKS


def test_a_plug_in_is_recognised_asked_for_and_resolves_names(install: Callable[..., None]) -> None:
    """Its facts, its tables and its columns count, over those of what it builds on."""
    install("crm_plug", GOOD)
    catalog = make(table("deal", column("stage")), table("user"))

    found = detect(catalog)
    table_map = build_table_map(catalog, found.framework)

    assert (found.framework, found.confidence) == ("crm", 1.0)
    assert framework_named("CRM").origin == "crm_plug 1.2"
    assert table_map.resolve("deals").name == "deal"
    assert table_map.column("deals", "state") == "stage"
    assert table_map.resolve("users").name == "user"
    assert detect(make(table("other"))).framework == "postgres"
    assert detect(catalog, explicit="postgres").contradiction is None


def test_the_more_telling_one_is_taken(install: Callable[..., None]) -> None:
    """A plug-in comes before ours unless it says that it is less telling."""
    source = GOOD.replace('relation("public", "deal", "stage")', 'relation("public", "accounts", "email")')
    install("telling", source)
    install(
        "less_telling", source.replace('"crm"', '"weak"').replace("builds_on", "specificity=45, builds_on")
    )

    assert [found.name for found in all_frameworks()[:3]] == ["crm", "makerkit", "weak"]
    assert detect(makerkit()).framework == "crm"


def test_nothing_is_imported_before_it_is_needed(install: Callable[..., None]) -> None:
    """A distribution that is installed costs nothing while nobody asks for a framework."""
    install("lazy_plug", GOOD)
    assert "lazy_plug" not in sys.modules
    framework_named("crm")
    assert "lazy_plug" in sys.modules


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("MINE = 1 / 0", "ZeroDivisionError: division by zero"),
        ("OTHER = 5", "AttributeError"),
        ("MINE = {'name': 'crm'}", "is no pytest_supaseed.Framework"),
        (GOOD.replace('"crm"', '"My CRM"'), "its name 'My CRM' is not made of small letters"),
        (GOOD.replace('"crm"', '"makerkit"'), "'makerkit' already, that of pytest-supaseed itself"),
        (GOOD.replace('(relation("public", "deal", "stage"),)', "()"), "it would recognise every schema"),
        (GOOD.replace('"stage"),)', '"stage").ordinary(),)'), "it would recognise every schema"),
        (
            GOOD.replace('(Candidate("public", "deal"),)', '("deal",)'),
            "not made of pytest_supaseed.Candidate",
        ),
        (GOOD.replace("columns=", 'recipe=("deals",), columns='), "not made of pytest_supaseed.Part"),
    ],
)
def test_a_broken_plug_in_is_named(install: Callable[..., None], source: str, said: str) -> None:
    """The error says which distribution it is, what is wrong, and what to do."""
    install("broken_plug", source)

    with pytest.raises(MappingError) as caught:
        framework_named("makerkit")

    message = str(caught.value)
    assert message.startswith("The framework that broken_plug 1.2 registers as 'crm' cannot be used: ")
    assert said in message
    assert "mend broken_plug 1.2, or uninstall it" in message


def test_two_of_one_name_are_an_error(install: Callable[..., None]) -> None:
    """Which of them was meant cannot be known."""
    install("plug_a", GOOD)
    install("plug_b", GOOD)
    with pytest.raises(MappingError, match=r"plug_b 1\.2 registers as 'crm'.*already, that of plug_a"):
        all_frameworks()


def test_a_fact_that_fails_is_named(install: Callable[..., None]) -> None:
    """A fingerprint is a function of somebody else's: what it raises says whose it is."""
    facts = 'Fingerprint("my fact", lambda catalog: catalog.nothing)'
    source = GOOD.replace('relation("public", "deal", "stage")', facts).replace("relation\n", "Fingerprint\n")
    install("failing_plug", source)
    with pytest.raises(MappingError) as caught:
        detect(make())
    assert "A fingerprint of the framework 'crm' fails: AttributeError" in str(caught.value)
    assert "it comes with failing_plug 1.2" in str(caught.value)


def test_an_unknown_name_lists_plug_ins_too(install: Callable[..., None]) -> None:
    """With the near one proposed."""
    install("crm_plug", GOOD)
    with pytest.raises(UsageError) as caught:
        framework_named("crn")
    assert "known frameworks: crm, makerkit" in str(caught.value)
    assert "did you mean crm?" in str(caught.value)
