"""Tests of mapping.table_words: names as words, and what every name of a schema begins with."""

from __future__ import annotations

import pytest

from pytest_supaseed.mapping.table_words import prefixes_of, without_prefix, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("setup_types", ("setup", "type")),
        ("SetupTypes", ("setup", "type")),
        ("accounts_memberships", ("account", "membership")),
        ("identities", ("identity",)),
        ("addresses", ("address",)),
        ("status", ("status",)),
        ("gas", ("gas",)),
        ("boxes", ("box",)),
        ("HTTPLogs2", ("http", "log", "2")),
        ("größen", ("gr", "öß", "en")),
        ("___", ()),
        ("", ()),
    ],
)
def test_a_name_is_its_words_in_the_singular(name: str, words: tuple[str, ...]) -> None:
    """Case, underscores and the plural do not matter."""
    assert words_of(name) == words


def test_what_most_names_begin_with_is_a_prefix() -> None:
    """Two words too, the longer one first; three tables of six share nothing by accident."""
    names = ["my_app_users", "my_app_posts", "my_app_gear", "my_other"]
    prefixes = prefixes_of(names)

    assert prefixes[:2] == (("my", "app"), ("my",))
    assert without_prefix(words_of("my_app_gear"), prefixes) == ("gear",)
    assert without_prefix(words_of("my_other"), prefixes) == ("other",)


@pytest.mark.parametrize(
    "names",
    [
        ["user_roles", "user_settings"],
        ["user_roles", "user_settings", "user_tokens", "posts", "tags", "gear", "media"],
    ],
)
def test_what_some_names_begin_with_is_none(names: list[str]) -> None:
    """`user_roles` are not `roles` because of two more tables about users."""
    assert without_prefix(words_of("user_roles"), prefixes_of(names)) is None


def test_a_prefix_alone_is_a_name() -> None:
    """A table `app` has no name without its prefix."""
    assert without_prefix(words_of("app"), prefixes_of(["app"])) is None
