"""What becomes of a `create extension`: a table, a pure function over it, and the page that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.platform.extension_policy import POLICIES, ExtensionDecision, decide_extension
from pytest_supaseed.platform.scripts import package_folder

NOTHING: frozenset[str] = frozenset()
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "extensions.md"


def test_what_the_server_has_is_installed() -> None:
    """Known to the table or not."""
    for name in ("pgcrypto", "postgis"):
        decision = decide_extension(name, available=frozenset({name}), overrides={})
        assert decision == ExtensionDecision(name, "install", "the server has it")


@pytest.mark.parametrize(
    "name", sorted(name for name, policy in POLICIES.items() if policy.even_if_available)
)
def test_some_are_stood_in_for_even_where_the_server_has_them(name: str) -> None:
    """Jobs that would run and requests that would leave have no place in a test."""
    decision = decide_extension(name, available=frozenset({name}), overrides={})
    assert (decision.action, decision.reason) == ("stub", POLICIES[name].why)


def test_what_the_server_lacks_is_stubbed_or_skipped() -> None:
    """By the table, with its reason."""
    assert decide_extension("vector", available=NOTHING, overrides={}).action == "stub"
    assert decide_extension("pgtap", available=NOTHING, overrides={}).action == "skip"


def test_what_nothing_stands_in_for_is_an_error() -> None:
    """An unknown extension is never passed over in silence."""
    decision = decide_extension("postgis", available=NOTHING, overrides={})
    assert decision.action == "error"
    assert "nothing stands in for it" in decision.reason


@pytest.mark.parametrize(
    ("name", "word"), [("postgis", "skip"), ("vector", "stub"), ("pg_cron", "install"), ("pgtap", "error")]
)
def test_the_users_word_goes_first(name: str, word: str) -> None:
    """Over the server's and the table's."""
    decision = decide_extension(name, available=frozenset({name}), overrides={name: word})
    assert decision.action == word
    assert decision.reason.startswith("asked for by the option")


def test_a_stub_that_was_asked_for_says_what_it_is() -> None:
    """The reader of the summary learns what differs."""
    decision = decide_extension("vector", available=NOTHING, overrides={"vector": "stub"})
    assert decision.reason == f"asked for by the option: {POLICIES['vector'].why}"


def test_an_unknown_word_is_an_error() -> None:
    """It names the word, the extension and what may be said."""
    with pytest.raises(UsageError, match="says 'fake' for vector") as caught:
        decide_extension("vector", available=NOTHING, overrides={"vector": "fake"})
    assert caught.value.remedies == ("say one of: install, stub, skip, error",)


@pytest.mark.parametrize("name", ["postgis", "pgtap"])
def test_a_stub_that_does_not_exist_is_an_error(name: str) -> None:
    """It lists those that do, and gives the way out."""
    with pytest.raises(UsageError, match=f"asks for a stub of {name}") as caught:
        decide_extension(name, available=NOTHING, overrides={name: "stub"})
    assert "supabase_vault" in caught.value.looked_at[0]
    assert f'{name} = "skip"' in caught.value.remedies[0]


def test_every_stub_has_its_script_and_no_script_is_left_over() -> None:
    """What the table promises is in the package."""
    stubbed = {name for name, policy in POLICIES.items() if policy.without == "stub"}
    scripts = {path.stem for path in package_folder("stubs").glob("*.sql")}
    in_sql = {path.stem for path in package_folder("extension_files/extension").glob("*.control")}
    assert stubbed == scripts | in_sql
    assert not scripts & in_sql


def test_the_page_shows_the_table() -> None:
    """docs/reference/extensions.md says of each extension what is done without it, and why."""
    rows = [
        line.strip("| ").split(" | ")
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line[:3] == "| `"
    ]
    assert [tuple(row) for row in rows] == [
        (
            f"`{name}`",
            policy.without + (", always" if policy.even_if_available else ""),
            policy.fixed_schema or "as asked",
            policy.why,
        )
        for name, policy in sorted(POLICIES.items(), key=lambda item: (item[1].without != "stub", item[0]))
    ]
