"""Markers: what a test asks for in place of the options, and how a wrong one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.marker_names import FRAMEWORK_MARKERS, MARKERS
from pytest_supaseed.markers import Wanted, wanted_by
from pytest_supaseed.name_map import NameMap
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.options import resolve_options

TEST = "tests/test_x.py::test_y"


def mark(name: str, *args: object, **kwargs: object) -> pytest.Mark:
    """A marker as it stands on a test."""
    found: Any = getattr(pytest.mark, name)
    return found.with_args(*args, **kwargs).mark  # type: ignore[no-any-return]


def refused(given: pytest.Mark) -> str:
    """Return the message with which a marker is refused."""
    with pytest.raises(UsageError) as caught:
        wanted_by(TEST, [given])
    return str(caught.value)


def test_no_marker_asks_for_nothing() -> None:
    """A test without a marker of ours gets what the options say."""
    wanted = wanted_by(TEST, [mark("usefixtures", "x"), mark("parametrize", "n", [1])])
    assert wanted == Wanted()
    options = resolve_options({}, {})
    assert wanted.over(options) == options


def test_all_arguments_are_taken() -> None:
    """Each argument stands in place of the option of its name; the others stay."""
    rows = {"setups": 200, "public.notes": 0}
    wanted = wanted_by(TEST, [mark("supaseed", users=0, rows=rows, seed=7, framework="basejump")])
    assert wanted == Wanted(0, rows, "7", framework="basejump")
    options = wanted.over(resolve_options({"users": "9", "schema": "db"}, {}))
    assert (options.users, options.rows, options.seed, options.framework) == (0, rows, "7", "basejump")
    assert options.schema == ("db",)


@pytest.mark.parametrize("name", FRAMEWORK_MARKERS)
def test_a_framework_marker_says_the_framework(name: str) -> None:
    """`@pytest.mark.makerkit` is `supaseed(framework="makerkit")`."""
    assert wanted_by(TEST, [mark(name)]) == Wanted(framework=name)


def test_the_closest_marker_has_the_last_word_on_each_argument() -> None:
    """A class says the users, a module the seed and the framework: each argument comes from the closest."""
    marks = [
        mark("supaseed", users=1),
        mark("basejump"),
        mark("supaseed", users=2, seed="class", framework="makerkit"),
        mark("supaseed", users=3, seed="module", rows={"setups": 1}),
        mark("makerkit"),
    ]
    assert wanted_by(TEST, marks) == Wanted(1, {"setups": 1}, "class", framework="basejump")


def test_names_of_markers_and_options_are_merged() -> None:
    """A class may name one table and a test another; of one name the closest marker decides, then options."""
    marks = [mark("supaseed", map={"a": "test_a"}), mark("supaseed", map={"a": "class_a", "b.c": "class_c"})]
    wanted = wanted_by(TEST, marks)
    assert wanted.map == NameMap({"a": "test_a"}, {"b": {"c": "class_c"}})
    names = wanted.over(resolve_options({"map": "a=flag_a,d=flag_d"}, {})).map
    assert names.tables == {"a": "test_a", "d": "flag_d"}
    assert names.givers == {"a": "the marker", "b.c": "the marker", "d": "--supaseed-map"}


def test_rows_are_counted_by_parent() -> None:
    """As in the file, with a tuple for the fewest and the most."""
    rows = {"a": {"per": "users", "count": (1, 5)}, "b": {"per": "a", "count": 2, "by": "a_id"}, "c": 7}
    wanted = wanted_by(TEST, [mark("supaseed", rows=rows)])
    assert wanted.rows == {"a": PerParent("users", 1, 5), "b": PerParent("a", 2, 2, "a_id"), "c": 7}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"per": "users", "count": (5, 1)}, "the fewest, 5, come before the most, 1."),
        ({"per": "users", "count": (1, "5")}, "count is (1, '5'); allowed is a whole number, or two"),
        ({"per": "users"}, "it takes both per and count"),
        ({"count": 1}, "it takes both per and count"),
    ],
)
def test_a_wrong_count_by_parent_is_named(asked: object, said: str) -> None:
    """The reason stands at the end of what is allowed."""
    message = refused(mark("supaseed", rows={"setups": asked}))
    assert said in message
    assert '{"setups": {"per": "users", "count": (1, 5)}}: setups is' in message


def test_zero_and_empty_are_words_too() -> None:
    """`users=0` and `rows={}` are said; a marker further off does not fill them in."""
    marks = [mark("supaseed", users=0, rows={}), mark("supaseed", users=5, rows={"setups": 5})]
    assert wanted_by(TEST, marks) == Wanted(users=0, rows={})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"users": -1}, "users=-1; allowed is a whole number, 0 or more."),
        ({"users": "5"}, "users='5'; allowed is a whole number, 0 or more."),
        ({"users": True}, "users=True; allowed is a whole number, 0 or more."),
        ({"users": 1.0}, "users=1.0; allowed is a whole number, 0 or more."),
        (
            {"rows": 5},
            'rows=5; allowed is whole numbers by table, {"setups": 200} or {"setups": {"per": "users",',
        ),
        ({"rows": ["setups"]}, "rows=['setups']; allowed is whole numbers by table"),
        ({"rows": {"setups": -1}}, "rows={'setups': -1}; allowed is whole numbers by table"),
        ({"rows": {5: 5}}, "rows={5: 5}; allowed is whole numbers by table"),
        ({"seed": 1.5}, "seed=1.5; allowed is a text that is not empty."),
        ({"seed": ""}, "seed=''; allowed is a text that is not empty."),
        ({"seed": False}, "seed=False; allowed is a text that is not empty."),
        ({"locale": 5}, "locale=5; allowed is a locale of Faker, such as 'de_DE'."),
        ({"framework": 5}, "framework=5; allowed is a framework's name, such as 'makerkit'."),
        ({"domain": "retail"}, "domain='retail'; allowed is 'generic' or 'outdoor' or "),
        ({"triggers": "off"}, "triggers='off'; allowed is 'fire' or 'skip'."),
        ({"strategy": "new"}, "strategy='new'; allowed is 'create' or 'existing' or 'hybrid'."),
        ({"additional": -1}, "additional=-1; allowed is a whole number, 0 or more."),
        ({"map": 5}, 'map=5; allowed is names by name, {"setup_types": "base_templates", "setups.name":'),
        ({"map": {"a": 5}}, "map={'a': 5}; allowed is names by name"),
        ({"map": {"a": {"b": ""}}}, "map={'a': {'b': ''}}; allowed is names by name"),
        ({"framework": " "}, "framework=' '; allowed is a framework's name, such as 'makerkit'."),
    ],
)
def test_a_wrong_value_names_test_argument_and_what_is_allowed(
    arguments: dict[str, object], said: str
) -> None:
    """The reader need not look anything up."""
    message = refused(mark("supaseed", **arguments))
    assert message.startswith(f"@pytest.mark.supaseed on {TEST} is wrong: {said}")
    assert (
        "allowed are: users=, rows=, seed=, locale=, domain=, framework=, triggers=, map=, strategy="
        in message
    )


def test_an_unknown_argument_is_refused_with_the_near_name() -> None:
    """A misspelt argument does not silently do nothing."""
    message = refused(mark("supaseed", user=3))
    assert message.startswith(f"@pytest.mark.supaseed on {TEST} is wrong: ")
    assert "'user'" in message
    assert "did you mean users=?" in message


def test_an_argument_without_a_name_is_refused() -> None:
    """`supaseed(50)` could mean anything."""
    message = refused(mark("supaseed", 50))
    assert "the marker takes 0 positional arguments but 1 was given." in message
    assert "_signature" not in message


@pytest.mark.parametrize("given", [mark("makerkit", users=3), mark("basejump", 3)])
def test_a_framework_marker_takes_no_arguments(given: pytest.Mark) -> None:
    """The message shows where the argument belongs."""
    message = refused(given)
    assert message.startswith(f"@pytest.mark.{given.name} on {TEST} is wrong: the marker ")
    assert "said beside it: @pytest.mark.supaseed(users=3)" in message
    assert "_signature" not in message


def test_what_a_test_asks_for_cannot_be_changed_behind_its_back() -> None:
    """The marker's own dictionary may change later; what was asked for does not."""
    rows = {"setups": 1}
    wanted = wanted_by(TEST, [mark("supaseed", rows=rows)])
    rows["setups"] = 2
    assert wanted.rows == {"setups": 1}


def test_every_marker_is_described() -> None:
    """`pytest --markers` and `--strict-markers` know each of them."""
    named = [line.partition(":")[0].partition("(")[0] for line in MARKERS]
    assert named == ["supaseed", *FRAMEWORK_MARKERS]
