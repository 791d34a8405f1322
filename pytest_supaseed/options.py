"""The options: each declared once, and said as a flag, in the environment or in `pyproject.toml`.

`--supaseed-users=50`, `SUPASEED_USERS=50` and `users = 50` under `[tool.supaseed]` are one option. The flag
wins over the environment, the environment over the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import (
    COUNT,
    COUNTS,
    EXTENSIONS,
    NAMES,
    NESTED_NAMES,
    PATH,
    SCHEMA,
    STORAGE,
    SWITCH,
    TEXT,
    TRIGGERS,
    ValueKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TABLE = "[tool.supaseed]"


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
        return f"--supaseed-{self.name}"

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


LOCAL_JWT_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long"  # noqa: S105  # public
"""The secret of every local Supabase stack (its CLI's documented default): no secret of anybody's."""

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_OFF = False

OPTIONS: tuple[Option, ...] = (
    Option("users", COUNT, 10, "How many users to seed; everything else follows. 0: the schema alone."),
    Option("seed", TEXT, "supaseed", "Any text. The same seed gives the same rows, on every machine."),
    Option("rows", COUNTS, _EMPTY, "Exact numbers of rows by table: `setups=200`.", "as fits the users"),
    Option("triggers", TRIGGERS, "fire", "`skip`: the schema's triggers are off while rows are loaded."),
    Option("strict", SWITCH, _OFF, "A table that holds fewer rows than planned is an error."),
    Option("framework", TEXT, None, "What the schema is, where that is not recognised.", "recognised"),
    Option("schema", SCHEMA, (), "Folders, files, patterns, `pkg.mod:function`.", "`supabase/migrations`"),
    Option("url", TEXT, None, "A server that runs; only databases `supaseed_*` are made there.", "none"),
    Option("allow-remote", SWITCH, _OFF, "Allow a server that is not on this machine."),
    Option("postgresql", TEXT, None, "A process fixture of pytest-postgresql whose server is used.", "none"),
    Option("storage", STORAGE, "auto", "Where a server of ours keeps its files while it runs."),
    Option("cache-dir", PATH, None, "Where servers of ours and their data are kept.", "user's cache folder"),
    Option("jwt-secret", TEXT, LOCAL_JWT_SECRET, "What `jwt_for` signs with.", "that of a local Supabase"),
    Option("rebuild", SWITCH, _OFF, "Make the datasets anew, whatever is kept."),
    Option("extensions", EXTENSIONS, _EMPTY, "What becomes of an extension: `pg_cron=skip`.", "by our table"),
    Option("tables", NAMES, _EMPTY, "Tables by tests' own names: `memos=public.notes`.", "by framework"),
    Option("columns", NESTED_NAMES, _EMPTY, "Columns likewise: `memos.text=body`.", "by framework"),
)  # fmt: skip
_BY_KEY = {option.key: option for option in OPTIONS}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for, by whoever had the last word."""

    users: int
    seed: str
    rows: Mapping[str, int]
    triggers: Literal["fire", "skip"]
    strict: bool
    framework: str | None
    schema: tuple[str, ...]
    url: str | None = field(repr=False)
    allow_remote: bool
    postgresql: str | None
    storage: Literal["auto", "disk", "memory"]
    cache_dir: Path | None
    jwt_secret: str = field(repr=False)
    rebuild: bool
    extensions: Mapping[str, str]
    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, str] = field(default_factory=lambda: _EMPTY, compare=False)
    """By key: who said it, for messages: `--supaseed-users`. Absent where it is the default."""

    def source(self, key: str) -> str:
        """Who said it, for messages."""
        return self.sources.get(key, f"the default of {key}")


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that somebody gave, and how the giver is called in messages."""

    source: str
    value: object
    is_text: bool


def resolve_options(
    flags: Mapping[str, str | None], environ: Mapping[str, str], pyproject: Path | None = None
) -> Options:
    """Return the options in force.

    Args:
        flags: by key (`allow_remote`), the text given on the command line; None where nothing was.
        environ: the environment; an empty variable counts as none.
        pyproject: a `pyproject.toml`, which need not exist or hold a table of ours.

    Raises:
        UsageError: a value is wrong, a key of the file is unknown, or the file cannot be read.
    """
    table = _read_table(pyproject)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for option in OPTIONS:
        given = _given(option, flags, environ, table)
        if given is None:
            values[option.key] = option.default
            continue
        values[option.key] = _parsed(option, given)
        sources[option.key] = given.source
    return Options(**values, sources=MappingProxyType(sources))


def _given(
    option: Option, flags: Mapping[str, str | None], environ: Mapping[str, str], table: Mapping[str, _Given]
) -> _Given | None:
    flag = flags.get(option.key)
    if flag is not None:
        return _Given(option.flag, flag, is_text=True)
    if environ.get(option.environment):
        return _Given(
            f"the environment variable {option.environment}", environ[option.environment], is_text=True
        )
    return table.get(option.key)


def _parsed(option: Option, given: _Given) -> object:
    read = option.kind.from_text if given.is_text else option.kind.from_toml
    try:
        return read(given.value)
    except ValueError as error:
        why = f": {error}" if str(error) else ""
        raise UsageError(
            f"{given.source} is {_shown(given.value)}; allowed is {option.kind.allowed}{why}.",
            remedies=[f"{option.flag}: {option.help}"],
        ) from None


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _read_table(pyproject: Path | None) -> dict[str, _Given]:
    """What `[tool.supaseed]` says, by the key with underscores."""
    if pyproject is None or not pyproject.is_file():
        return {}
    tools = _toml(pyproject).get("tool", {})
    table = tools.get("supaseed", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"tool.supaseed in {pyproject} is {table!r}; allowed is a table, {TABLE}.")
    found: dict[str, _Given] = {}
    for written, value in table.items():
        key = written.replace("-", "_")
        if key not in _BY_KEY:
            raise _unknown_key(written, pyproject)
        if key in found:
            raise UsageError(
                f"{written} stands twice in {TABLE} of {pyproject}, once with - and once with _."
            )
        found[key] = _Given(f"{written} in {TABLE} of {pyproject}", value, is_text=False)
    return found


def _toml(pyproject: Path) -> dict[str, Any]:
    import tomllib

    try:
        text = pyproject.read_text(encoding="utf-8")
        return tomllib.loads(text) if "supaseed" in text else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{pyproject} cannot be read: {error}.") from None


def _unknown_key(written: str, pyproject: Path) -> UsageError:
    from difflib import get_close_matches

    names = [option.name for option in OPTIONS]
    alike = get_close_matches(written.replace("_", "-"), names, n=2)
    return UsageError(
        f"{written} in {TABLE} of {pyproject} is no option of pytest-supaseed.",
        remedies=[*(f"did you mean {name}?" for name in alike), f"the options are {', '.join(names)}"],
    )


def describe_options() -> Iterator[tuple[str, str, str, str]]:
    """Yield flag, default, what is allowed and what it does, of each option: for tables in the docs."""
    for option in OPTIONS:
        default = option.shown_default or f"`{_default_text(option.default)}`"
        yield f"`{option.flag}`", default, option.kind.allowed, option.help


def _default_text(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)
