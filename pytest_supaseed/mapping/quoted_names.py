"""Names of tables as users write them: `setups`, `public.setups`, `"My Table"`, `kit."a.b"`."""

from __future__ import annotations

import re

from pytest_supaseed.errors import UsageError

_PART = r'"(?:[^"]|"")+"|[^".\s](?:[^".]*[^".\s])?'
_NAME = re.compile(rf"\s*(?:({_PART})\s*\.\s*)?({_PART})\s*")


def split_name(text: str) -> tuple[str | None, str]:
    """Return schema and name, unquoted; the schema is None where none is written.

    Case is kept, also outside quotes: a name means the table that is called so.

    Raises:
        UsageError: it is no name: empty, of three parts, or with a quote that does not close.
    """
    found = _NAME.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{text!r} is not the name of a table.",
            remedies=['write setups, public.setups, or "Quoted"."Name"'],
        )
    schema, name = found.groups()
    return (None if schema is None else _bare(schema)), _bare(name)


def quoted_name(schema: str, name: str) -> str:
    """Return the name that `split_name` takes apart again, whatever the parts hold."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))


def _bare(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part
