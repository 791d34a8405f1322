"""Docstrings as Markdown: their prose, and what they say of arguments and errors as lists."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SECTION = re.compile(r"^(Args|Attributes|Raises):\n", re.MULTILINE)
_ENTRY = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```\n+", re.MULTILINE | re.DOTALL)  # not run, so not shown


@dataclass(frozen=True, slots=True)
class Docstring:
    """What a docstring says.

    Args:
        prose: all that stands before its sections, without code.
        arguments: by name, what it says of them.
        errors: by class, when they are raised.
    """

    prose: str
    arguments: Mapping[str, str]
    errors: Mapping[str, str]

    @property
    def summary(self) -> str:
        """The first paragraph, on one line."""
        return _on_one_line(self.prose.split("\n\n", maxsplit=1)[0])

    def markdown(self) -> Iterator[str]:
        """Yield its prose, and a list of the rest."""
        yield self.prose
        lines = [f"- `{name}`: {said}" for name, said in self.arguments.items()]
        lines += [f"- raises `{name}`: {said}" for name, said in self.errors.items()]
        if lines:
            yield "\n".join(lines)


def read_docstring(thing: object) -> Docstring:
    """Read the docstring of a class, a function or a property.

    Raises:
        ValueError: it has none, or a section of it cannot be read.
    """
    text = inspect.getdoc(thing)
    if not text:
        raise ValueError(f"{thing!r} has no docstring")
    prose, *rest = _SECTION.split(text + "\n")
    sections = {name: _entries(body) for name, body in zip(rest[::2], rest[1::2], strict=True)}
    return Docstring(
        prose=_FENCED.sub("", prose).strip(),
        arguments={**sections.get("Args", {}), **sections.get("Attributes", {})},
        errors=sections.get("Raises", {}),
    )


def _entries(body: str) -> Mapping[str, str]:
    if _ENTRY.sub("", body).strip():
        raise ValueError(f"not a list of names and what they are: {body}")
    return {name: _on_one_line(said) for name, said in _ENTRY.findall(body)}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def call_of(name: str, function: Callable[..., object]) -> str:
    """Show how a function is called, without its types: `can(user, action, table, row=None, /, **values)`."""
    signature = inspect.signature(function)
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
        if parameter.name not in {"self", "cls"}
    ]
    shown = signature.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return f"{name}{shown}"
