"""What `plan` and `seed` are asked for: how many rows, of which tables, for which users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

import click

from pytest_supaseed.plan.chosen_tables import TableChoice, choose_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

_OPTIONS = (
    click.option("--users", metavar="N", help="How many users; everything else follows.  [default: 10]"),
    click.option(
        "--rows", metavar="TABLE=N", multiple=True, help="The number of rows of a table; may be repeated."
    ),
    click.option("--seed", metavar="TEXT", help="Any text; the same seed gives the same rows."),
    click.option("--user-strategy", metavar="NAME", help="create, existing or hybrid.  [default: create]"),
    click.option("--additional", metavar="N", help="With hybrid: this many more users."),
    click.option(
        "--existing-users", metavar="COLUMN=VALUE", help="Which of the users that are there count."
    ),
    click.option("--email-pattern", metavar="TEXT", help="Users' addresses: {first}.{last}.{n}@example.com"),
    click.option("--triggers", metavar="MODE", help="fire or skip.  [default: fire]"),
)  # fmt: skip
_CHOICE = (
    click.option("--only", metavar="TABLE", multiple=True, help="These tables alone; may be repeated."),
    click.option("--exclude", metavar="TABLE", multiple=True, help="Not these tables; may be repeated."),
)
_SAID = (
    "users",
    "rows",
    "seed",
    "user_strategy",
    "additional",
    "existing_users",
    "email_pattern",
    "triggers",
)
"""The parameters of these options that are options of a run too."""


max_rows = click.option("--max-rows", metavar="N", help="Refuse a plan of more rows.  [default: 100,000,000]")


def asking_rows(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Give a command the options that say how many rows are asked for, and for which users."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asking(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Give a command the options that say what is asked for, and of which tables."""
    for option in reversed(_CHOICE):
        command = option(command)
    return asking_rows(command)


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line.

    Args:
        flags: by an option's key, the text that was given; None where nothing was.
        choice: which tables are to get rows.
    """

    flags: Mapping[str, Any]
    choice: TableChoice

    @classmethod
    def of(cls, given: Mapping[str, Any], framework: str | None = None) -> Self:
        """Return what the parameters of these options say, and that of `--framework`."""
        flags = {"framework": framework, **{key: given[key] for key in _SAID}}
        flags["rows"] = ",".join(given["rows"]) or None
        choice = TableChoice(_listed(given.get("only", ())), _listed(given.get("exclude", ())))
        return cls(flags, choice)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not self.choice and all(value is None for value in self.flags.values())

    @property
    def only_framework(self) -> bool:
        """Whether nothing was said but what the schema is."""
        said = (key for key, value in self.flags.items() if value is not None)
        return not self.choice and set(said) <= {"framework"}

    def plan(self, schema: InspectedSchema, options: Options) -> SeedPlan:
        """Return the plan of what was asked for.

        Raises:
            SupaseedError: there is none, or a table that is chosen needs one that is not.
        """
        whole = schema.plan(options)
        asked = list(options.rows) if self.flags["rows"] is not None else []
        return choose_tables(whole, self.choice, schema.catalog, schema.table_map, asked)

    def to_json(self) -> dict[str, Any]:
        """Return plain values, of which `from_json` makes the same."""
        said = {key: value for key, value in self.flags.items() if value is not None}
        return {**said, "only": list(self.choice.only), "exclude": list(self.choice.exclude)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` made."""
        flags = {key: data.get(key) for key in ("framework", *_SAID)}
        return cls(flags, TableChoice(tuple(data["only"]), tuple(data["exclude"])))


def _listed(given: tuple[str, ...]) -> tuple[str, ...]:
    """The names of lists with commas, in their order."""
    return tuple(dict.fromkeys(name for text in given for one in text.split(",") if (name := one.strip())))
