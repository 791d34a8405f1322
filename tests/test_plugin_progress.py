"""The progress of a seeding in a pytest run: where it is shown, and where it must not be."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from inner_project import READS, SCHEMA, TIMEOUT, InnerProject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

SLOW = f"""{SCHEMA}
create function slow() returns trigger language plpgsql as $$
begin perform pg_sleep(0.25); return new; end $$;
create trigger slow before insert on public.users for each row execute function slow();
create table public.pages (book_id bigint not null references public.books (id), number integer not null);
"""
"""Five users take more than a second, before the books and their pages."""
LINE = "supaseed: seeding: 1 of 3 tables, 5 of "


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project whose dataset takes more than a second."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    made.write("schema.sql", f"-- {pytester.path}\n{SLOW}")
    made.write("test_rows.py", READS)
    yield made
    made.forget()


def test_a_line_is_written_once_it_takes_a_second(project: InnerProject) -> None:
    """Of tables, rows, speed, time and memory, where it is no terminal; none where the dataset is there."""
    printed = project.passes(passed=1)
    line = next(line for line in printed.splitlines() if line.startswith(LINE))
    assert "rows/s" in line
    assert "s left" in line
    assert LINE not in project.passes(passed=1)


def test_quiet_runs_and_workers_show_nothing(project: InnerProject) -> None:
    """With `-q`, and on workers of xdist, whose output is nobody's."""
    assert "seeding:" not in project.passes("-q", passed=1)
    project.forget()
    assert "seeding:" not in project.passes("-n", "2", passed=1)


def test_a_dataset_that_is_quick_is_not_spoken_of(project: InnerProject) -> None:
    """Less than a second."""
    project.write("schema.sql", f"-- {project.pytester.path}\n{SCHEMA}")
    assert "seeding:" not in project.passes(passed=1)


def test_a_terminal_gets_a_bar_that_goes_again(project: InnerProject) -> None:
    """Beside captured output, pytest's own lines are whole: the bar had a line of its own."""
    project.write("test_rows.py", READS.replace("    assert", "    print('said by the test')\n    assert", 1))
    leader, follower = pty.openpty()
    options = ["-p", "watch", "-p", "no:cacheprovider"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options],
        cwd=project.pytester.path,
        stdout=follower,
        stderr=follower,
        stdin=follower,
        close_fds=True,
    )
    os.close(follower)
    printed = bytearray()
    while True:
        try:
            printed += os.read(leader, 65536)
        except OSError:  # Linux says so at the end of a terminal
            break
    os.close(leader)
    assert process.wait(TIMEOUT) == 0, printed.decode()
    text = printed.decode()
    assert "1 of 3 tables" in text, text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1
    assert "1 passed" in text
    assert "said by the test" not in text
