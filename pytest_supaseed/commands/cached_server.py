"""Which server the commands of `supaseed cache` look into, and how what is there is shown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from pytest_supaseed.commands.conventions import say_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from pytest_supaseed.isolation.dataset_cache import ServerCache
    from pytest_supaseed.isolation.template_registry import ListedTemplate
    from pytest_supaseed.options import Options
    from pytest_supaseed.server.endpoint import Endpoint

MIB = 1 << 20

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def server_options(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Give a command `--url` and `--allow-remote`."""
    url = click.option(
        "--url", help="A server that runs already, instead of the one that a run here would use."
    )
    remote = click.option("--allow-remote", is_flag=True, help="Allow a server that is not on this machine.")
    return url(remote(command))


@contextmanager
def cached_server(options: Options) -> Iterator[Endpoint | None]:
    """Give the server that a run here would use; None where it is one of ours that has not been made yet.

    Raises:
        EndpointError: no server can be had, or the one that was named cannot be used.
    """
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.current_cluster import is_made
    from pytest_supaseed.server.resolve import resolved_endpoint

    if options.url is None and not is_made(options, control_path()):
        yield None
        return
    with resolved_endpoint(options, control_path=control_path(), on_wait=say_waiting) as endpoint:
        yield endpoint


def cache_lines(found: ServerCache) -> Iterator[str]:
    """Show templates and kept databases, a line for each, datasets below their schema."""
    if found.templates or found.kept:
        yield _line("", "size", "made", "last used", "in use", "what")
    for one in _by_schema(found.templates):
        what = f"{'  ' if one.kind == 'dataset' else ''}{one.title or one.name}"
        yield _line(
            one.kind or "template",
            _size(one.bytes),
            _moment(one.made_at),
            _moment(one.used_at),
            "yes" if one.in_use else "",
            what if one.is_valid else f"{what} (no run can use it any more)",
        )
    for kept in found.kept:
        test = kept.test or "nothing is written down of it"
        yield _line("kept", _size(kept.bytes), _shown_text(kept.at), "", "", f"{kept.name}  {test}")


def _line(kind: str, size: str, *cells: str) -> str:
    made, used, in_use, what = cells
    return f"  {kind:<8}  {size:>10}  {made:<16}  {used:<16}  {in_use:<6}  {what}"


def _by_schema(templates: Iterable[ListedTemplate]) -> Iterator[ListedTemplate]:
    datasets = [one for one in templates if one.made_from is not None]
    schemas = [one for one in templates if one.made_from is None]
    for schema in schemas:
        yield schema
        yield from (one for one in datasets if one.made_from == schema.name)
    names = {schema.name for schema in schemas}
    yield from (one for one in datasets if one.made_from not in names)


def _size(size: int) -> str:
    return f"{size / MIB:,.0f} MiB"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _shown_text(moment: str) -> str:
    """A moment as a kept database's comment has it, which anybody may have written."""
    from datetime import datetime

    try:
        return _moment(datetime.fromisoformat(moment))
    except ValueError:
        return moment[:16]
