"""Options: said by a flag, in the environment or in the file, and refused with a reason where wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.email_pattern import EmailPattern
from pytest_supaseed.errors import UsageError
from pytest_supaseed.name_map import NameMap
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.options import OPTIONS, Options, describe_options, resolve_options

if TYPE_CHECKING:
    from pytest_supaseed.option import Option

VALUES: dict[str, tuple[str, str, object]] = {
    "users": ("7", "7", 7),
    "seed": ("abc", '"abc"', "abc"),
    "locale": ("de_DE", '"de_DE"', "de_DE"),
    "domain": ("saas", '"saas"', "saas"),
    "rows": ("setups=3", "{ setups = 3 }", {"setups": 3}),
    "triggers": ("skip", '"skip"', "skip"),
    "isolation": ("clone", '"clone"', "clone"),
    "keep": ("1", "true", True),
    "strict": ("on", "true", True),
    "framework": ("makerkit", '"makerkit"', "makerkit"),
    "factories": ("tests.factories,more", '["tests.factories", "more"]', ("tests.factories", "more")),
    "schema": ("db,more", '["db", "more"]', ("db", "more")),
    "url": ("postgresql://h/d", '"postgresql://h/d"', "postgresql://h/d"),
    "allow_remote": ("true", "true", True),
    "postgresql": ("my_proc", '"my_proc"', "my_proc"),
    "storage": ("disk", '"disk"', "disk"),
    "cache_dir": ("kept", '"kept"', Path("kept")),
    "cache_limit": ("2GB", '"2GB"', 2_000_000_000),
    "jwt_secret": ("very-secret", '"very-secret"', "very-secret"),
    "rebuild": ("yes", "true", True),
    "extensions": ("vector=skip", '{ vector = "skip" }', {"vector": "skip"}),
    "map": (
        "memos=notes,memos.text=body",
        '{ memos = "notes", "memos.text" = "body" }',
        NameMap({"memos": "notes"}, {"memos": {"text": "body"}}),
    ),
    "exact_names": ("on", "true", True),
    "user_strategy": ("hybrid", '"hybrid"', "hybrid"),
    "additional": ("4", "4", 4),
    "existing_users": (
        "plan=free,accounts.is_personal_account=true",
        '{ plan = "free", "accounts.is_personal_account" = true }',
        {"plan": "free", "accounts.is_personal_account": "true"},
    ),
    "email_pattern": ("{n}@a.test", '"{n}@a.test"', EmailPattern("{n}@a.test")),
    "allow_real_domains": ("on", "true", True),
    "password": ("correct horse", '"correct horse"', "correct horse"),
    "user_kinds": ("phone=2,mfa=1", "{ phone = 2, mfa = 1 }", {"phone": 2, "mfa": 1}),
    "personas": ("on", "true", True),
    "batch_size": ("50", "50", 50),
    "memory_limit": ("1GiB", '"1GiB"', 1 << 30),
    "max_rows": ("2000", "2000", 2000),
    "report": ("out/report.html", '"out/report.html"', Path("out/report.html")),
}
"""By key: as a flag or variable says it, as the file says it, and what both mean."""


@pytest.fixture
def pyproject(tmp_path: Path) -> Path:
    """The place of a pyproject.toml that is not there yet."""
    return tmp_path / "pyproject.toml"


def refused(flags: dict[str, str | None], environ: dict[str, str], pyproject: Path | None = None) -> str:
    """Return the message with which options are refused."""
    with pytest.raises(UsageError) as caught:
        resolve_options(flags, environ, pyproject)
    return str(caught.value)


def test_each_option_is_tested_here() -> None:
    """A new option comes with a value in this file, and with a field in `Options`."""
    assert list(VALUES) == [option.key for option in OPTIONS]
    assert {field.name for field in fields(Options)} == {*VALUES, "original", "sources"}


def test_defaults_are_in_force_where_nothing_is_said() -> None:
    """Ten users, a fixed seed, a server of our own."""
    options = resolve_options({}, {})
    for option in OPTIONS:
        assert getattr(options, option.key) == option.default
        assert options.source(option.key) == f"the default of {option.key}"
    assert (options.users, options.seed, options.url) == (10, "supaseed", None)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_flag_wins_over_the_environment_and_that_over_the_file(option: Option, pyproject: Path) -> None:
    """Each of the three is read, and messages can name the one that had the last word."""
    text, toml, value = VALUES[option.key]
    default = resolve_options({}, {})
    flags: dict[str, str | None] = {option.key: text}
    environ = {option.environment: text}
    pyproject.write_text(f"[tool.supaseed]\n{option.name} = {toml}\n", encoding="utf-8")
    wrong_environ = {option.environment: "\x00 wrong"} if option.key != "map" else {}

    by_flag = resolve_options(flags, wrong_environ, pyproject)
    by_environment = resolve_options({option.key: None}, environ, pyproject)
    by_file = resolve_options({}, {option.environment: ""}, pyproject)

    assert [getattr(found, option.key) for found in (by_flag, by_environment, by_file)] == [value] * 3
    assert by_flag.source(option.key) == option.flag
    assert by_environment.source(option.key) == f"the environment variable {option.environment}"
    assert by_file.source(option.key) == f"{option.name} in [tool.supaseed] of {pyproject}"
    others = [other.key for other in OPTIONS if other is not option]
    assert all(getattr(by_flag, key) == getattr(default, key) for key in others)


def test_the_last_word_alone_is_checked(pyproject: Path) -> None:
    """What is overruled does no harm: a flag mends a run whose environment is wrong."""
    pyproject.write_text("[tool.supaseed]\nusers = -1\n", encoding="utf-8")
    assert resolve_options({"users": "3"}, {"SUPASEED_USERS": "abc"}, pyproject).users == 3


@pytest.mark.parametrize(
    ("text", "toml", "asked"),
    [
        ("a=1..5 per users", '{ per = "users", count = [1, 5] }', PerParent("users", 1, 5)),
        ("a=3 per users", '{ per = "users", count = 3 }', PerParent("users", 3, 3)),
        (
            "a=0..2  per public.users by owner_id",
            '{ per = "public.users", count = [0, 2], by = "owner_id" }',
            PerParent("public.users", 0, 2, "owner_id"),
        ),
        (
            'a=1 per "my users" by "an id"',
            '{ per = "\\"my users\\"", count = 1, by = "\\"an id\\"" }',
            PerParent('"my users"', 1, 1, '"an id"'),
        ),
    ],
)
def test_rows_are_counted_by_parent(text: str, toml: str, asked: PerParent, pyproject: Path) -> None:
    """One short form on the command line, TOML's own in the file, both beside plain numbers."""
    pyproject.write_text(f"[tool.supaseed.rows]\na = {toml}\nb = 5\n", encoding="utf-8")

    assert resolve_options({"rows": f"{text},b=5"}, {}).rows == {"a": asked, "b": 5}
    assert resolve_options({}, {}, pyproject).rows == {"a": asked, "b": 5}


@pytest.mark.parametrize(
    "value", ["5..1 per users", "x..2 per users", "1..2", "1.. per users", "1 per", "-1 per u", "1 per u by"]
)
def test_a_wrong_count_by_parent_is_named(value: str) -> None:
    """The message shows the table's value and both forms that are allowed."""
    message = refused({"rows": f"setups={value}"}, {})
    assert "`setups=200,teams=5`, or `setups=1..5 per users`" in message
    assert f"setups is {value!r}" in message


@pytest.mark.parametrize("value", ["-1", "abc", "", "1.5"])
def test_a_wrong_flag_is_named_with_its_value_and_what_is_allowed(value: str) -> None:
    """The message says who gave what, and what would do."""
    message = refused({"users": value}, {})
    assert message.startswith(f"--supaseed-users is {value!r}; allowed is a whole number, 0 or more.")


def test_a_wrong_variable_is_named() -> None:
    """It is the environment that has to be mended, and the message says so."""
    message = refused({}, {"SUPASEED_ALLOW_REMOTE": "perhaps"})
    assert message.startswith(
        "the environment variable SUPASEED_ALLOW_REMOTE is 'perhaps'; allowed is true or false."
    )


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('users = "5"', "is '5'; allowed is a whole number, 0 or more."),
        ("users = true", "is True; allowed is a whole number, 0 or more."),
        ("rows = { setups = -1 }", "`setups=200,teams=5`, or `setups=1..5 per users`: setups is -1."),
        ('rows = { a = { per = "b" } }', 'it takes both per and count: {per = "users", count = [1, 5]}.'),
        ('rows = { a = { per = "b", count = [5, 1] } }', "the fewest, 5, come before the most, 1."),
        ('rows = { a = { per = "b", count = -1 } }', "count is -1; allowed is a whole number, or two"),
        ('rows = { a = { per = "b", count = [1, 2, 3] } }', "allowed is a whole number, or two: [1, 5]."),
        ("rows = { a = { per = 5, count = 1 } }", "per is 5; allowed is a name."),
        ('rows = { a = { per = "b", count = 1, by = 2 } }', "by is 2; allowed is a name."),
        ('rows = { a = { per = "b", count = 1, on = "c" } }', "'on' is none of per, count and by."),
        ("rows.public.setups = 5", 'a name with a dot is quoted in TOML: "public.setups".'),
        ('allow-remote = "no"', "is 'no'; allowed is true or false."),
        ("schema = 5", "is 5; allowed is folders, files, patterns or functions, separated by commas."),
        ('columns = { memos = "body" }', "memos is 'body'."),
        ("cache_dir = []", "is []; allowed is the path of a folder."),
    ],
)
def test_a_wrong_type_in_the_file_is_named(toml: str, said: str, pyproject: Path) -> None:
    """The message names the key as it is written, the file, the value, and what is allowed."""
    pyproject.write_text(f"[tool.supaseed]\n{toml}\n", encoding="utf-8")
    message = refused({}, {}, pyproject)
    key = toml.split(" ", 1)[0].split(".", 1)[0]
    assert message.startswith(f"{key} in [tool.supaseed] of {pyproject} is ")
    assert said in message


def test_tables_inside_the_table_are_read(pyproject: Path) -> None:
    """`[tool.supaseed.tables]` and its like are how a longer list is written."""
    pyproject.write_text(
        "[tool.supaseed.rows]\nsetups = 5\n'public.notes' = 2\n"
        "[tool.supaseed.columns.memos]\ntext = 'body'\n[tool.other]\nusers = 3\n",
        encoding="utf-8",
    )
    options = resolve_options({}, {}, pyproject)
    assert options.rows == {"setups": 5, "public.notes": 2}
    assert options.map.columns == {"memos": {"text": "body"}}
    assert options.users == 10


def test_an_unknown_key_of_the_file_is_refused_with_near_names(pyproject: Path) -> None:
    """A misspelt key does not silently do nothing."""
    pyproject.write_text("[tool.supaseed]\nallow_remotes = true\n", encoding="utf-8")
    message = refused({}, {}, pyproject)
    assert message.startswith(f"allow_remotes in [tool.supaseed] of {pyproject} is no option")
    assert "did you mean allow-remote?" in message
    assert all(name in message for name in (*(option.name for option in OPTIONS), "tables", "columns"))


class TestMap:
    """The one option of which every source counts: name by name, the strongest has the last word."""

    def test_sources_are_merged_name_by_name(self, pyproject: Path) -> None:
        """Flag over environment over file; what only one of them names, it alone decides."""
        pyproject.write_text(
            "[tool.supaseed.tables]\na = 'file_a'\nb = 'file_b'\nc = 'file_c'\n"
            "[tool.supaseed.columns.a]\nx = 'file_x'\ny = 'file_y'\n",
            encoding="utf-8",
        )
        environ = {"SUPASEED_MAP": "b=env_b,c=env_c,a.y=env_y"}
        options = resolve_options({"map": "c=flag_c"}, environ, pyproject)

        assert options.map.tables == {"a": "file_a", "b": "env_b", "c": "flag_c"}
        assert options.map.columns == {"a": {"x": "file_x", "y": "env_y"}}
        assert options.map.givers == {
            "a": f"tables in [tool.supaseed] of {pyproject}",
            "b": "the environment variable SUPASEED_MAP",
            "c": "--supaseed-map",
            "a.x": f"columns in [tool.supaseed] of {pyproject}",
            "a.y": "the environment variable SUPASEED_MAP",
        }
        assert options.source("map") == "--supaseed-map"

    def test_the_file_says_a_name_once(self, pyproject: Path) -> None:
        """In `map` or in `tables`, not in both."""
        pyproject.write_text(
            "[tool.supaseed]\nmap = { a = 'x', 'b.c' = 'y' }\n[tool.supaseed.tables]\na = 'z'\n",
            encoding="utf-8",
        )
        message = refused({}, {}, pyproject)
        assert message.startswith("a is configured twice: by map in [tool.supaseed]")
        assert "and by tables in [tool.supaseed]" in message

    @pytest.mark.parametrize("text", ["a", "a=", "=b", ",", "a=b,a=c", "a.b=c,a.b=d"])
    def test_what_is_no_name_is_refused(self, text: str) -> None:
        """The message says which part is wrong and what is allowed."""
        message = refused({"map": text}, {})
        assert message.startswith(f"--supaseed-map is {text!r}; allowed is names by name, `setup_types=")

    def test_a_wrong_source_is_refused_though_another_is_stronger(self) -> None:
        """None overrules the others whole, so each has to be right."""
        assert "SUPASEED_MAP is 'a'" in refused({"map": "a=b"}, {"SUPASEED_MAP": "a"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[tool.supaseed]\nusers = \n", "cannot be read: Invalid value"),
        (rb'[tool.supaseed]\nreport = "C:\Users\me"'.replace(rb"\n", b"\n"), "a path in single quotes, 'C:"),
        (b"[tool.supaseed]\nseed = '\xff'\n", "cannot be read: 'utf-8' codec"),
        (b"[tool]\nsupaseed = 5\n", "allowed is a table, [tool.supaseed]"),
        (b"[tool.supaseed]\ncache-dir = 'a'\ncache_dir = 'b'\n", "stands twice in [tool.supaseed]"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(content: bytes, said: str, pyproject: Path) -> None:
    """A broken file is one message, with its place."""
    pyproject.write_bytes(content)
    message = refused({}, {}, pyproject)
    assert str(pyproject) in message
    assert said in message


@pytest.mark.parametrize("content", ["", "tool = 3 # supaseed\n", "[tool.pytest]\nx = 1\n", "not [ TOML"])
def test_a_file_without_a_table_of_ours_is_left_alone(content: str, pyproject: Path) -> None:
    """What is not about us is not for us to complain about."""
    pyproject.write_text(content, encoding="utf-8")
    assert resolve_options({}, {}, pyproject) == resolve_options({}, {}, pyproject.parent / "none.toml")


def test_the_password_stays_out_of_what_is_printed() -> None:
    """The URL is no part of the options' repr, which lands in tracebacks and logs."""
    assert "secret" not in repr(resolve_options({"url": "postgresql://me:secret@localhost/x"}, {}))


def test_the_description_covers_every_option_in_order() -> None:
    """The tables in the docs are made of it: no option is left out, no default is a raw Python value."""
    described = list(describe_options())
    assert [row[0] for row in described] == [f"`--supaseed-{option.name}`" for option in OPTIONS]
    assert not any(
        "mappingproxy" in cell or "None" in cell or cell == "" for row in described for cell in row
    )
    assert dict(zip((row[0] for row in described), described, strict=True))["`--supaseed-users`"][1] == "`10`"


class TestRealRuns:
    """The same through pytest itself: exit code 4, one message, no traceback."""

    @pytest.fixture
    def folder(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
        """A folder with one test that passes, and an environment without options of ours."""
        for option in OPTIONS:
            monkeypatch.delenv(option.environment, raising=False)
        monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:asyncio")  # pytest-asyncio warns where nobody set it up
        pytester.makepyfile(test_one="def test_one(): pass")
        return pytester

    @staticmethod
    def message_of(result: Any) -> str:
        """Return what a run that was refused printed, having checked that it is a message alone."""
        text = result.stdout.str() + result.stderr.str()
        assert result.ret == pytest.ExitCode.USAGE_ERROR, text
        assert "Traceback" not in text
        assert ".py" not in text
        return str(text)

    @pytest.mark.parametrize("value", ["-1", "abc", ""])
    def test_a_wrong_flag_ends_the_run(self, value: str, folder: pytest.Pytester) -> None:
        """Before any test: the reader sees what was wrong and nothing else."""
        text = self.message_of(folder.runpytest_subprocess(f"--supaseed-users={value}"))
        assert text.count("ERROR:") == 1
        assert f"--supaseed-users is {value!r}; allowed is a whole number, 0 or more." in text

    def test_zero_users_are_allowed(self, folder: pytest.Pytester) -> None:
        """0 is the schema alone."""
        result = folder.runpytest_subprocess("--supaseed-users=0")
        assert result.ret == 0
        result.stdout.fnmatch_lines(["supaseed: 0 users*(by --supaseed-users)"])

    def test_a_wrong_variable_ends_the_run(
        self, folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As a wrong flag does."""
        monkeypatch.setenv("SUPASEED_STORAGE", "tape")
        text = self.message_of(folder.runpytest_subprocess())
        assert "SUPASEED_STORAGE is 'tape'; allowed is auto, disk or memory." in text

    def test_a_wrong_key_of_the_file_ends_the_run(self, folder: pytest.Pytester) -> None:
        """As a wrong flag does; the name that was meant is proposed."""
        folder.makepyprojecttoml("[tool.supaseed]\nuser = 5\n")
        text = self.message_of(folder.runpytest_subprocess())
        assert "did you mean users?" in text

    def test_the_file_beside_the_tests_is_read(self, folder: pytest.Pytester) -> None:
        """It is that of pytest's root folder."""
        folder.makepyprojecttoml("[tool.supaseed]\nusers = 5\nseed = 'ci'\n")
        result = folder.runpytest_subprocess()
        result.stdout.fnmatch_lines(["supaseed: 5 users, seed 'ci' (by [[]tool.supaseed[]])"])

    def test_help_lists_every_option(self, folder: pytest.Pytester) -> None:
        """`pytest --help` is where people look first."""
        result = folder.runpytest_subprocess("--help")
        text = result.stdout.str()
        assert all(option.flag in text for option in OPTIONS)
