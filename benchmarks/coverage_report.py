"""The results of the coverage benchmark for people: lines for a terminal, and a table for a page."""

from __future__ import annotations

from typing import Any

_SAME = {None: "", True: ", identical twice", False: ", NOT identical twice"}
_SAME_IN_TABLE = {None: "not tried", True: "yes", False: "no"}


def result_line(name: str, result: dict[str, Any]) -> str:
    """One schema in one line."""
    error = f", error: {result['error']}" if result["error"] else ""
    return (
        f"{name}: {result['filled']} of {result['tables']} tables, {result['rows']:,} rows,"
        f" {len(result['violations'])} violations, {result['seconds']:.1f} s, {result['peak_mib']:.0f} MiB"
        f"{_SAME[result['identical_twice']]}{error}"
    )


def summary(found: dict[str, Any]) -> str:
    """Each schema with what is not filled, does not hold or differs, and the totals."""
    lines = []
    for name, result in found["schemas"].items():
        lines.append(result_line(name, result))
        lines += [f"  not filled: {table}: {reason}" for table, reason in result["unfilled"].items()]
        lines += [f"  does not hold: {violation}" for violation in result["violations"]]
        lines += [f"  differs: {table}" for table in result["differing"]]
    lines.append(
        f"{found['filled']} of {found['tables']} tables filled ({found['coverage']:.2%}),"
        f" {found['whole']} of {len(found['schemas'])} schemas whole, {found['violations']} violations,"
        f" {found['rows']:,} rows, {found['seconds']:.1f} s, at most {found['peak_mib']:.0f} MiB"
    )
    return "\n".join(lines)


def markdown_table(found: dict[str, Any]) -> str:
    """A row for each schema, and one for all."""
    rows = ["| schema | tables | filled | rows | violations | seconds | peak MiB | same rows twice |"]
    rows.append("|---|---:|---:|---:|---:|---:|---:|---|")
    rows += [_row(name, result) for name, result in found["schemas"].items()]
    filled = f"{found['filled']:,} ({found['coverage']:.2%})"
    rows.append(
        f"| **all** | {found['tables']:,} | {filled} | {found['rows']:,} | {found['violations']} |"
        f" {found['seconds']:.1f} | {found['peak_mib']:.0f} | |"
    )
    return "\n".join(rows)


def _row(name: str, result: dict[str, Any]) -> str:
    if result["error"] and not result["tables"]:
        return f"| {name} | does not load | | | | | | |"
    same = _SAME_IN_TABLE[result["identical_twice"]]
    return (
        f"| {name} | {result['tables']} | {result['filled']} | {result['rows']:,} |"
        f" {len(result['violations'])} | {result['seconds']:.1f} | {result['peak_mib']:.0f} | {same} |"
    )
