"""What an option is: one declaration, and what follows from it for flag, environment and file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.option_values import SWITCH

if TYPE_CHECKING:
    from pytest_supaseed.option_values import ValueKind

FLAG_PREFIX = "--supaseed-"


@dataclass(frozen=True, slots=True)
class Option:
    """An option.

    Args:
        name: with dashes, as in the flag: `allow-remote`.
        kind: how its value is read, and what is allowed.
        default: its value when nobody says anything.
        help: what it does, for `--help` and the reference.
        shown_default: the default in words, where it is not itself worth showing.
    """

    name: str
    kind: ValueKind
    default: object
    help: str
    shown_default: str = ""

    @property
    def key(self) -> str:
        """The key in the file, and the attribute of `Options`."""
        return self.name.replace("-", "_")

    @property
    def flag(self) -> str:
        """The command line's flag."""
        return f"{FLAG_PREFIX}{self.name}"

    @property
    def dest(self) -> str:
        """The name under which pytest keeps the flag's value."""
        return f"supaseed_{self.key}"

    @property
    def is_switch(self) -> bool:
        """Whether the flag alone means true."""
        return self.kind is SWITCH

    @property
    def metavar(self) -> str:
        """What stands for the value in `--help`."""
        return self.key.upper()

    @property
    def environment(self) -> str:
        """The environment variable."""
        return f"SUPASEED_{self.key.upper()}"
