"""Tests of original.toml_text: the same settings as the `[tool.supaseed]` of a pyproject.toml."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from original.full_config import FULL

from pytest_supaseed.options import Options, resolve_options
from pytest_supaseed.original import FILE_NAME
from pytest_supaseed.original.config_file import read_original
from pytest_supaseed.original.toml_text import toml_of

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='."'), min_size=1).filter(
    str.strip
)


def converted(folder: Path, values: object) -> tuple[Options, Options, str]:
    """The options by the file, by the TOML that is written of it, and that TOML."""
    config = folder / FILE_NAME
    config.write_text(json.dumps(values), encoding="utf-8")
    before = resolve_options({}, {}, folder / "pyproject.toml")
    found = read_original(config)
    assert found is not None
    text = toml_of(found)
    apart = folder / "apart"
    apart.mkdir(exist_ok=True)
    (apart / "pyproject.toml").write_text(text, encoding="utf-8")
    return before, resolve_options({}, {}, apart / "pyproject.toml"), text


def test_the_written_settings_mean_the_same(tmp_path: Path) -> None:
    """Every option that the file sets has the same value; what it calls usual has become a number."""
    before, after, text = converted(tmp_path, FULL)

    for key in ("users", "seed", "domain", "framework", "map"):
        assert getattr(after, key) == getattr(before, key), key
    assert after.rows == {"setups": 8, "gear": 25, "media": 8}
    assert "media = 8  # 1 for each of the setups" in text
    assert "# without a meaning here: supabaseServiceKey" in text
    assert "secret-key" not in text
    assert '# in a factory of "gear": category = factory.Iterator(["camping", "cooking"])' in text


def test_usual_numbers_follow_the_users(tmp_path: Path) -> None:
    """Ten of them where the file does not say how many, as without it."""
    values = {"setupsPerUser": 3, "imagesPerSetup": 2}
    assert converted(tmp_path, values)[1].rows == {"setups": 30, "media": 60}
    assert converted(tmp_path, {**values, "userCount": 2})[1].rows == {"setups": 6, "media": 12}


def test_an_empty_file_is_an_empty_table(tmp_path: Path) -> None:
    """There is nothing to say."""
    assert converted(tmp_path, {})[2] == "[tool.supaseed]\n"


@pytest.mark.parametrize(
    "name", ["plain", "with space", 'say "hi"', "back\\slash", "Größe", "a\tb", "\x7f", "'"]
)
def test_any_text_is_quoted_right(tmp_path: Path, name: str) -> None:
    """TOML has its own escapes."""
    before, after, _ = converted(tmp_path, {"seed": name, "tables": {name: {"count": 1}}})
    assert after.seed == before.seed == name
    assert after.rows == before.rows == {name: 1}


@given(seed=NAMES.filter(str.strip), table=NAMES.filter(str.strip))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_file_can_be_read_again(tmp_path: Path, seed: str, table: str) -> None:
    """No text of a JSON file makes TOML that is none."""
    text = converted(tmp_path, {"seed": seed, "schema": {"setupTable": table}})[2]
    found = tomllib.loads(text)["tool"]["supaseed"]
    assert found["seed"] == seed
    assert found.get("tables", {"setups": "setups"})["setups"] == table
