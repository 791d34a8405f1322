"""Reads the fenced blocks of a Markdown page, so that tests can run what the page shows.

A page is one small project. A block with `title="..."` in its info string is a file of that project, or more
of that file where the title has occurred. A `console` block holds commands behind `$ ` and the output that a
reader is to expect. `bash` and `yaml` blocks are for the reader's own machine and are not run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>.*)$")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
# What differs from run to run: times, sizes, ports, versions, digests, the kind of server, whether a dataset
# was there. Counts of rows and tests do not.
_VARYING = re.compile(
    r"127\.0\.0\.1:\d+|\d+(\.\d+)+|\b\d+ (ms|s|MiB|MB)\b|\b[0-9a-f]{8,}\b|\.\.\."
    r"|\bembedded Postgres\b|\b(built|reused)\b"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        line: the number of its opening fence, from 1.
        language: the first word of the info string.
        title: the file that the block is, if it says so.
        text: what stands between the fences, without their indentation.
    """

    line: int
    language: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a `console` block and the lines that follow it."""

    arguments: tuple[str, ...]
    output: tuple[str, ...]

    @property
    def patterns(self) -> list[str]:
        """The expected lines for `fnmatch_lines`: what varies from run to run is left open."""
        return [_pattern(line) for line in self.output if line.strip(" .=")]


def read_blocks(page: Path) -> tuple[Block, ...]:
    """Read all fenced blocks of a page.

    Raises:
        ValueError: a fence is not closed.
    """
    return tuple(_blocks(page, page.read_text(encoding="utf-8").splitlines()))


def read_commands(block: Block) -> tuple[Command, ...]:
    """Split a `console` block into commands, each with its output."""
    commands: list[Command] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            commands.append(Command(tuple(line[2:].split()), ()))
        elif commands:
            last = commands.pop()
            commands.append(Command(last.arguments, (*last.output, line)))
    return tuple(commands)


def _blocks(page: Path, lines: list[str]) -> Iterator[Block]:
    numbered = iter(enumerate(lines, start=1))
    for number, line in numbered:
        fence = _FENCE.match(line)
        if fence is None:
            continue
        inside = []
        for _, inner in numbered:
            if inner.strip() == "```":
                break
            inside.append(inner.removeprefix(fence["indent"]))
        else:
            raise ValueError(f"{page}:{number}: this block is not closed")
        language, _, rest = fence["info"].strip().partition(" ")
        title = dict(_ATTRIBUTE.findall(rest)).get("title")
        yield Block(number, language, title, "\n".join(inside) + "\n")


def _pattern(line: str) -> str:
    parts = [re.sub(r"([\[\]*?])", r"[\1]", part) for part in _split_varying(line.rstrip())]
    return re.sub(r"=+", "=*", "*".join(parts))


def _split_varying(line: str) -> list[str]:
    ends = [0]
    for found in _VARYING.finditer(line):
        ends += [found.start(), found.end()]
    ends.append(len(line))
    return [line[ends[i] : ends[i + 1]] for i in range(0, len(ends), 2)]
