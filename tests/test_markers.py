"""Markers: what a test asks for in place of the options, and how a wrong one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.markers import FRAMEWORK_MARKERS, MARKERS, Wanted, wanted_by
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
    assert not wanted
    options = resolve_options({}, {})
    assert wanted.over(options) == options


def test_all_arguments_are_taken() -> None:
    """Each argument stands in place of the option of its name; the others stay."""
    rows = {"setups": 200, "public.notes": 0}
    wanted = wanted_by(TEST, [mark("supaseed", users=0, rows=rows, seed=7, framework="basejump")])
    assert wanted == Wanted(0, rows, "7", "basejump")
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
    assert wanted_by(TEST, marks) == Wanted(1, {"setups": 1}, "class", "basejump")


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
        ({"rows": 5}, 'rows=5; allowed is whole numbers by table, {"setups": 200}.'),
        ({"rows": ["setups"]}, "rows=['setups']; allowed is whole numbers by table"),
        ({"rows": {"setups": -1}}, "rows={'setups': -1}; allowed is whole numbers by table"),
        ({"rows": {5: 5}}, "rows={5: 5}; allowed is whole numbers by table"),
        ({"seed": 1.5}, "seed=1.5; allowed is a text that is not empty."),
        ({"seed": ""}, "seed=''; allowed is a text that is not empty."),
        ({"seed": False}, "seed=False; allowed is a text that is not empty."),
        ({"framework": 5}, "framework=5; allowed is a framework's name, such as 'makerkit'."),
        ({"triggers": "off"}, "triggers='off'; allowed is 'fire' or 'skip'."),
        ({"framework": " "}, "framework=' '; allowed is a framework's name, such as 'makerkit'."),
    ],
)
def test_a_wrong_value_names_test_argument_and_what_is_allowed(
    arguments: dict[str, object], said: str
) -> None:
    """The reader need not look anything up."""
    message = refused(mark("supaseed", **arguments))
    assert message.startswith(f"@pytest.mark.supaseed on {TEST} is wrong: {said}")
    assert "the arguments allowed are: users=, rows=, seed=, framework=, triggers=" in message


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
