"""The header line: what a run asks for, as text made from the options.

By itself, since runs without a database print it too: what the summary needs is not loaded there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.options import TABLE
from pytest_supaseed.original import FILE_NAME

if TYPE_CHECKING:
    from pytest_supaseed.options import Options


def header_line(options: Options) -> str:
    """Say what the run asks for, and by whom where it is not the default."""
    said = [f"{options.users:,} {'user' if options.users == 1 else 'users'}", f"seed {options.seed!r}"]
    if options.framework:
        said.append(f"framework {options.framework}")
    if options.url:
        said.append(f"server of {_giver(options.source('url'))}")
    elif options.postgresql:
        said.append(f"server of the fixture {options.postgresql}")
    givers = dict.fromkeys(map(_giver, options.sources.values()))
    by = f" (by {', '.join(givers)})" if givers else ""
    return f"supaseed: {', '.join(said)}{by}"


def _giver(source: str) -> str:
    """The short name of who gave a value: pytest's own header names the file."""
    if source.endswith(FILE_NAME):
        return FILE_NAME
    return TABLE if TABLE in source else source.removeprefix("the environment variable ")
