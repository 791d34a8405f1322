"""The reader of Markdown pages: the tests of the documentation stand on it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
from markdown_blocks import Command, read_blocks, read_commands

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """
Text.

```python title="test_a.py"
x = 1
```

- In a list:

  ```console
  $ pytest -k a
  1 passed
  $ pytest
  2 passed
  ```
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with two blocks."""
    target = tmp_path / "page.md"
    target.write_text(PAGE)
    return target


def test_blocks_keep_their_place_title_and_text(page: Path) -> None:
    """A block in a list loses the list's indentation, and each says where it stands."""
    first, second = read_blocks(page)
    assert (first.line, first.language, first.title, first.text) == (4, "python", "test_a.py", "x = 1\n")
    assert (second.line, second.language, second.title) == (10, "console", None)
    assert second.text.startswith("$ pytest -k a\n1 passed\n")


def test_commands_own_the_lines_below_them(page: Path) -> None:
    """Two commands in one block have their own output each."""
    assert read_commands(read_blocks(page)[1]) == (
        Command(("pytest", "-k", "a"), ("1 passed",)),
        Command(("pytest",), ("2 passed",)),
    )


def test_a_block_that_is_never_closed_is_an_error(tmp_path: Path) -> None:
    """The rest of a page cannot silently become code."""
    broken = tmp_path / "broken.md"
    broken.write_text("```python\nx = 1\n")
    with pytest.raises(ValueError, match=r"broken\.md:1"):
        read_blocks(broken)


@pytest.mark.parametrize(
    ("printed", "matches"),
    [
        ("users 50 rows in 0.91 s on 127.0.0.1:40001 [new] ==", True),
        ("users 51 rows in 0.12 s on 127.0.0.1:53211 [new] ====", False),
        ("users 50 rows in 0.12 s on 127.0.0.1:53211 [old] ====", False),
    ],
)
def test_only_what_varies_is_left_open(printed: str, matches: bool) -> None:  # noqa: FBT001 -- a table's column
    """Times and ports may differ from the page; counts and words may not."""
    shown = "users 50 rows in 0.12 s on 127.0.0.1:53211 [new] ==="
    (pattern,) = Command((), (shown,)).patterns
    assert fnmatchcase(printed, pattern) is matches
