"""Logins as a project asks for them: by marker, flag and file, and what is said of those that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inner_project import InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

pytest_plugins = ["pytester"]

SETTINGS = """
[tool.supaseed]
users = 10
framework = "supabase"
user-kinds = { banned = 1 }
"""

TESTS = """
import bcrypt
import pytest


def test_by_the_file(supaseed_db):
    assert supaseed_db.users["banned"].banned_until is not None


@pytest.mark.supaseed(user_kinds={"mfa": 2}, password="sesame", personas=True)
def test_by_the_marker(supaseed_db):
    user = supaseed_db.users["mfa"]
    assert supaseed_db.count("auth.mfa_factors") == 2
    assert bcrypt.checkpw(b"sesame", user.encrypted_password.encode())
    assert user.persona in {"casual", "expert", "creator", "admin", "power"}
    with pytest.raises(Exception, match="No user is called 'banned'"):
        supaseed_db.users["banned"]
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project without a schema of its own."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    (pytester.path / "schema.sql").unlink()
    made.write("pyproject.toml", SETTINGS)
    yield made
    made.forget()


def test_kinds_are_asked_for_by_file_and_marker(project: InnerProject) -> None:
    """What the file says holds for all tests; a marker takes its place, and gets a dataset of its own."""
    project.write("test_logins.py", TESTS)

    project.passes(passed=2)


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("user_kinds={'robot': 1}", "'robot' is no kind of user"),
        ("user_kinds={'mfa': -1}", "mfa is -1"),
        ("user_kinds={'banned': 99}", "have room for 7"),
        ("password=''", "it is empty"),
        ("password='x' * 73", "it has 73 bytes"),
        ("password='a' + chr(0)", "it holds a NUL character"),
        ("personas='yes'", "allowed is True or False"),
    ],
)
def test_a_wrong_argument_is_that_tests_error(project: InnerProject, argument: str, said: str) -> None:
    """The message says what is wrong, and no line of ours is shown."""
    project.write(
        "test_wrong.py",
        f"import pytest\n@pytest.mark.supaseed({argument})\ndef test_wrong(supaseed_db): pass\n",
    )

    fails_plainly(project.run(), said)


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("--supaseed-password=" + "é" * 37, "it has 74 bytes"),
        ("--supaseed-user-kinds=robot=1", "'robot' is no kind of user"),
        ("--supaseed-user-kinds=mfa", "'mfa' is no name=value"),
    ],
)
def test_a_wrong_flag_ends_the_run(project: InnerProject, flag: str, said: str) -> None:
    """Before any test, with the exit code of wrong usage."""
    project.write("test_logins.py", TESTS)
    result = project.run(flag)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()
