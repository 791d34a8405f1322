"""The header line: what a run asks for, and who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.options import resolve_options
from pytest_supaseed.reporting.header import header_line

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("flags", "environ", "said"),
    [
        ({}, {}, "supaseed: 10 users, seed 'supaseed'"),
        ({"users": "1"}, {}, "supaseed: 1 user, seed 'supaseed' (by --supaseed-users)"),
        (
            {"users": "50"},
            {"SUPASEED_SEED": "ci"},
            "supaseed: 50 users, seed 'ci' (by --supaseed-users, SUPASEED_SEED)",
        ),
        (
            {"postgresql": "my_proc"},
            {},
            "supaseed: 10 users, seed 'supaseed', server of the fixture my_proc (by --supaseed-postgresql)",
        ),
        (
            {"framework": "makerkit"},
            {},
            "supaseed: 10 users, seed 'supaseed', framework makerkit (by --supaseed-framework)",
        ),
    ],
)
def test_the_header_says_what_was_asked_and_by_whom(
    flags: dict[str, str | None], environ: dict[str, str], said: str
) -> None:
    """Nobody has to wonder where the number of users came from."""
    assert header_line(resolve_options(flags, environ)) == said


def test_the_header_says_the_file_once(tmp_path: Path) -> None:
    """Its path is a line further down, in pytest's own header."""
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text('[tool.supaseed]\nusers = 3\nseed = "ci"\n', encoding="utf-8")
    line = header_line(resolve_options({}, {}, pyproject))
    assert line == "supaseed: 3 users, seed 'ci' (by [tool.supaseed])"


def test_the_header_never_shows_the_url() -> None:
    """It may hold a password, and headers land in logs."""
    line = header_line(resolve_options({}, {"SUPASEED_URL": "postgresql://me:secret@localhost/x"}))
    assert line.startswith("supaseed: 10 users, seed 'supaseed', server of SUPASEED_URL")
    assert "secret" not in line
