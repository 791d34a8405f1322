"""Tests of isolation.names_in_force: what options mean for one schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from kit_catalogs import make, makerkit
from small_catalog import column, reference, table

from pytest_supaseed.errors import MappingError
from pytest_supaseed.isolation.names_in_force import categories_in_force, names_in_force, rows_in_force
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.options import Options, resolve_options
from pytest_supaseed.original import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.mapping.table_map import TableMap


def asked(folder: Path, original: dict[str, Any] | None = None, **flags: str | None) -> Options:
    """Options by flags, and by a `supa-seed.config.json`."""
    if original is not None:
        (folder / FILE_NAME).write_text(json.dumps(original), encoding="utf-8")
    return resolve_options(flags, {}, folder / "pyproject.toml")


def mapped(catalog: Catalog, options: Options) -> TableMap:
    """The table map of a catalog."""
    return names_in_force(catalog, detect(catalog, explicit=options.framework), options)


def content(*, to_users: bool) -> Catalog:
    """Users, setups, which refer to them or not, and media of setups."""
    users = table("users", column("email"))
    keys = (reference("user_id", users),) if to_users else ()
    setups = table("setups", column("user_id", "uuid"), foreign_keys=keys)
    media = table("media", column("setup_id", "uuid"), foreign_keys=(reference("setup_id", setups),))
    return make(users, setups, media)


def test_options_are_the_map(tmp_path: Path) -> None:
    """Tables, columns and the switch for guesses."""
    options = asked(tmp_path, map="setup_types=accounts,accounts.mail=email", exact_names="true")
    found = mapped(makerkit(), options)

    assert found.resolve("setup_types").name == "accounts"
    assert found.column("accounts", "mail") == "email"
    assert not found.lookup.guessing


@pytest.mark.parametrize(
    ("map_text", "said"),
    [
        ("setup_types=kinds", "is configured as 'kinds', and this database has no such table"),
        ("accounts.mail=e_mail", "has no column 'e_mail', configured for 'mail'"),
    ],
)
def test_an_error_names_who_configured_it(tmp_path: Path, map_text: str, said: str) -> None:
    """Several places may: the reader need not search them all."""
    with pytest.raises(MappingError) as caught:
        mapped(makerkit(), asked(tmp_path, map=map_text))
    assert said in str(caught.value)
    assert "it is configured by --supaseed-map" in caught.value.looked_at


def test_the_original_s_table_is_asked_for_no_more(tmp_path: Path) -> None:
    """Where its file names `base_templates`, `setup_types` is that table, and nothing warns (symptom 2)."""
    options = asked(tmp_path, {"schema": {"framework": "makerkit", "baseTemplateTable": "base_templates"}})
    found = mapped(makerkit(), options)

    assert found.resolve("setup_types").name == "base_templates"
    assert {one.source for one in found.resolutions if one.logical == "setup_types"} == {"configured"}


def test_usual_rows_are_for_each_parent_where_the_schema_says_so(tmp_path: Path) -> None:
    """Setups refer to users, media to setups."""
    options = asked(tmp_path, {"userCount": 4, "setupsPerUser": 3, "imagesPerSetup": 2})
    found = rows_in_force(options, mapped(content(to_users=True), options))

    assert found == {"setups": PerParent("users", 3, 3), "media": PerParent("setups", 2, 2)}


def test_usual_rows_are_as_many_in_all_otherwise(tmp_path: Path) -> None:
    """Setups that belong to an account, not to a user."""
    options = asked(tmp_path, {"userCount": 4, "setupsPerUser": 3, "imagesPerSetup": 2})
    found = rows_in_force(options, mapped(content(to_users=False), options))

    assert found == {"setups": 12, "media": PerParent("setups", 2, 2)}


def test_what_is_said_counts_over_what_is_usual(tmp_path: Path) -> None:
    """An exact count is a total (symptom 8), by whatever name of the table."""
    usual = {"setupsPerUser": 3, "tables": {"setups": {"count": 8}}}
    options = asked(tmp_path, usual)
    assert rows_in_force(options, mapped(content(to_users=True), options)) == {"setups": 8}

    options = asked(tmp_path, {"setupsPerUser": 3}, rows="public.setups=5")
    assert rows_in_force(options, mapped(content(to_users=True), options)) == {"public.setups": 5}


def test_usual_rows_of_a_table_that_is_not_there_are_none(tmp_path: Path) -> None:
    """The original's files all say `setupsPerUser`; a count that somebody wrote is an error."""
    options = asked(tmp_path, {"setupsPerUser": 3, "imagesPerSetup": 2})
    assert rows_in_force(options, mapped(make(table("users")), options)) == {}

    options = asked(tmp_path, {"tables": {"gear": {"count": 25}}})
    with pytest.raises(MappingError, match="called 'gear'"):
        rows_in_force(options, mapped(make(table("users")), options))


def test_categories_count_where_there_is_such_a_column(tmp_path: Path) -> None:
    """Under another name too; not a reference, nor in a table without one or that is not there."""
    kinds = table("kinds", column("name"))
    gear = table("gear", column("category", "uuid"), foreign_keys=(reference("category", kinds),))
    catalog = make(kinds, gear, table("setup_types", column("sort")), table("posts", column("title")))
    listed = {name: {"categories": ["a", "b"]} for name in ("gear", "setup_types", "posts", "media")}
    options = asked(tmp_path, {"tables": listed}, map="setup_types.category=sort")
    found = categories_in_force(options, mapped(catalog, options))

    assert {catalog.by_oid[oid].name: dict(values) for oid, values in found.items()} == {
        "setup_types": {"sort": ("a", "b")}
    }
    assert categories_in_force(resolve_options({}, {}), mapped(catalog, options)) == {}
