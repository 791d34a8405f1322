"""The options: each declared once, and said as a flag, in the environment or in `pyproject.toml`.

`--supaseed-users=50`, `SUPASEED_USERS=50` and `users = 50` under `[tool.supaseed]` are one option. The flag
wins over the environment, the environment over the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES, RESERVED, EmailPattern
from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import DEFAULT_PASSWORD
from pytest_supaseed.memory_size import DEFAULT_CACHE, DEFAULT_MEMORY
from pytest_supaseed.name_map import MAP, NameMap
from pytest_supaseed.option import FLAG_PREFIX, Option
from pytest_supaseed.option_values import (
    BATCH,
    CACHE,
    COUNT,
    COUNTS,
    DOMAIN,
    EMAIL,
    EXTENSIONS,
    FILE,
    FILTER,
    ISOLATION,
    LOCALE,
    MEMORY,
    MODULES,
    MOST_ROWS,
    NAMES,
    NESTED_NAMES,
    PASSWORD,
    PATH,
    SCHEMA,
    STORAGE,
    STRATEGY,
    SWITCH,
    TEXT,
    TRIGGERS,
    USER_KINDS,
    PerParent,
    ValueKind,
)
from pytest_supaseed.original import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pytest_supaseed.option_values import IsolationMode
    from pytest_supaseed.original.config_file import OriginalConfig

TABLE = "[tool.supaseed]"

LOCAL_JWT_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long"  # noqa: S105  # public
"""The secret of every local Supabase stack (its CLI's documented default): no secret of anybody's."""

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_OFF = False

OPTIONS: tuple[Option, ...] = (
    Option("users", COUNT, 10, "How many users to seed; everything else follows. 0: the schema alone."),
    Option("seed", TEXT, "supaseed", "Any text. The same seed gives the same rows, on every machine."),
    Option("locale", LOCALE, "en_US", "Whose names, places and words: one of Faker's locales."),
    Option("domain", DOMAIN, "generic", "What the rows speak of: gear of a shop, plans of a service."),
    Option("rows", COUNTS, _EMPTY, "Exact numbers of rows by table: `setups=200`.", "as fits the users"),
    Option("triggers", TRIGGERS, "fire", "`skip`: the schema's triggers are off while rows are loaded."),
    Option("isolation", ISOLATION, "restore", "How a test's writes are undone; `clone`: by a new database."),
    Option("keep", SWITCH, _OFF, "Keep the database of a test that fails, and say how to open it."),
    Option("strict", SWITCH, _OFF, "A table that holds fewer rows than planned is an error."),
    Option("framework", TEXT, None, "What the schema is, where that is not recognised.", "recognised"),
    Option("factories", MODULES, (), "Modules whose factories the plan uses: `tests.factories`.", "none"),
    Option(
        "schema",
        SCHEMA,
        (),
        "Folders, files, patterns, `alembic:alembic.ini`, `pkg.mod:function`.",
        "`supabase/migrations`",
    ),
    Option("url", TEXT, None, "A server that runs; only databases `supaseed_*` are made there.", "none"),
    Option("allow-remote", SWITCH, _OFF, "Allow a server that is not on this machine."),
    Option("postgresql", TEXT, None, "A process fixture of pytest-postgresql whose server is used.", "none"),
    Option("storage", STORAGE, "auto", "Where a server of ours keeps its files while it runs."),
    Option("cache-dir", PATH, None, "Where servers of ours and their data are kept.", "user's cache folder"),
    Option("cache-limit", CACHE, DEFAULT_CACHE, "How much kept datasets may take on a server.", "`4GB`"),
    Option("jwt-secret", TEXT, LOCAL_JWT_SECRET, "What `jwt_for` signs with.", "that of a local Supabase"),
    Option("rebuild", SWITCH, _OFF, "Make the datasets anew, whatever is kept."),
    Option("extensions", EXTENSIONS, _EMPTY, "What becomes of an extension: `pg_cron=skip`.", "by our table"),
    Option("map", MAP, NameMap(), "Tables and columns by tests' own names: `memos=notes`.", "by framework"),
    Option("exact-names", SWITCH, _OFF, "A name that nothing explains is never guessed."),
    Option("user-strategy", STRATEGY, "create", "New users, those that are there, or these and more."),
    Option("additional", COUNT, None, "With `hybrid`: this many more users.", "up to `users`"),
    Option("existing-users", FILTER, _EMPTY, "Which of the users that are there count.", "all"),
    Option(
        "email-pattern",
        EMAIL,
        DEFAULT_ADDRESSES.pattern,
        "Users' addresses, of the fields first, last, n, seed, persona, team.",
        f"`{DEFAULT_ADDRESSES.pattern.text}`",
    ),
    Option("allow-real-domains", SWITCH, _OFF, "Allow addresses that may be somebody's."),
    Option("password", PASSWORD, DEFAULT_PASSWORD, "What every seeded user logs in with."),
    Option("user-kinds", USER_KINDS, _EMPTY, "How many users are no ordinary ones: `mfa=1`.", "none"),
    Option("personas", SWITCH, _OFF, "Users are casual, expert, creator, admin and power users in turn."),
    Option("batch-size", BATCH, None, "How many rows are committed at once; no row depends on it.", "`auto`"),
    Option("memory-limit", MEMORY, DEFAULT_MEMORY, "How much memory seeding may add.", "`512MB`"),
    Option("max-rows", COUNT, MOST_ROWS, "Refuse a plan of more rows.", "`100000000`"),
    Option("report", FILE, None, "Write an HTML page of what was seeded, and what isolation cost.", "none"),
)  # fmt: skip
_BY_KEY = {option.key: option for option in OPTIONS}
_MAP_TABLES = {"tables": NAMES, "columns": NESTED_NAMES}
"""Keys of the file alone, a longer way to say `map`: `[tool.supaseed.tables]`, `[tool.supaseed.columns]`."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for, by whoever had the last word."""

    users: int
    seed: str
    locale: str
    domain: str
    rows: Mapping[str, int | PerParent]
    triggers: Literal["fire", "skip"]
    isolation: IsolationMode
    keep: bool
    strict: bool
    framework: str | None
    factories: tuple[str, ...]
    schema: tuple[str, ...]
    url: str | None = field(repr=False)
    allow_remote: bool
    postgresql: str | None
    storage: Literal["auto", "disk", "memory"]
    cache_dir: Path | None
    cache_limit: int | None
    jwt_secret: str = field(repr=False)
    rebuild: bool
    extensions: Mapping[str, str]
    map: NameMap
    exact_names: bool
    user_strategy: Literal["create", "existing", "hybrid"]
    additional: int | None
    existing_users: Mapping[str, str | None]
    email_pattern: EmailPattern
    allow_real_domains: bool
    password: str = field(repr=False)
    user_kinds: Mapping[str, int]
    personas: bool
    batch_size: int | None
    memory_limit: int | None
    max_rows: int
    report: Path | None
    original: OriginalConfig | None = None
    """What a `supa-seed.config.json` beside the `pyproject.toml` says."""
    sources: Mapping[str, str] = field(default_factory=lambda: _EMPTY, compare=False)
    """By key: who said it, for messages: `--supaseed-users`. Absent where it is the default."""

    def source(self, key: str) -> str:
        """Who said it, for messages."""
        return self.sources.get(key, f"the default of {key}")


class _Given(NamedTuple):
    """A value that somebody gave, and how the giver is called in messages."""

    source: str
    value: object
    is_text: bool


def resolve_options(
    flags: Mapping[str, str | None],
    environ: Mapping[str, str],
    pyproject: Path | None = None,
    *,
    flag_prefix: str = FLAG_PREFIX,
) -> Options:
    """Return the options in force.

    Args:
        flags: by key (`allow_remote`), the text given on the command line; None where nothing was.
        environ: the environment; an empty variable counts as none.
        pyproject: a `pyproject.toml`, which need not exist or hold a table of ours.
        flag_prefix: what flags begin with, for messages: pytest's or those of our own command line.

    Raises:
        UsageError: a value is wrong, a key of the file is unknown, or the file cannot be read.
    """
    table = _read_table(pyproject)
    original = _original(pyproject)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for option in OPTIONS:
        given = [*_said(option, flags, environ, flag_prefix), *_written(option, table, original)]
        if option.kind is MAP:
            values[option.key] = _merged_map(option, given, flag_prefix)
        else:
            values[option.key] = _parsed(option, given[0], flag_prefix) if given else option.default
        if given:
            sources[option.key] = given[0].source
    options = Options(**values, original=original, sources=MappingProxyType(sources))
    _refuse_real_domains(options)
    return options


def _refuse_real_domains(options: Options) -> None:
    """Addresses of nobody, unless somebody says that it is meant.

    Raises:
        UsageError: the pattern's domain can be somebody's.
    """
    pattern = options.email_pattern
    if pattern.is_reserved or options.allow_real_domains:
        return
    raise UsageError(
        f"{options.source('email_pattern')} makes addresses at {pattern.domain}, which may be somebody's.",
        looked_at=[f"domains that are nobody's: {', '.join(RESERVED)}, and what lies below them"],
        remedies=[
            "take one of these: {first}.{last}.{n}@example.com",
            "if no mail can leave your tests: allow-real-domains",
        ],
    )


def _original(pyproject: Path | None) -> OriginalConfig | None:
    """The original tool's file beside `pyproject.toml`, if there is one."""
    if pyproject is None or not (pyproject.parent / FILE_NAME).exists():
        return None
    from pytest_supaseed.original.config_file import read_original

    return read_original(pyproject.parent / FILE_NAME)


def _said(
    option: Option, flags: Mapping[str, str | None], environ: Mapping[str, str], flag_prefix: str
) -> Iterator[_Given]:
    """What this run says of an option, the strongest first."""
    flag = flags.get(option.key)
    if flag is not None:
        yield _Given(f"{flag_prefix}{option.name}", flag, is_text=True)
    if environ.get(option.environment):
        yield _Given(
            f"the environment variable {option.environment}", environ[option.environment], is_text=True
        )


def _written(
    option: Option, table: Mapping[str, _Given], original: OriginalConfig | None
) -> Iterator[_Given]:
    """What the project's files say of an option, the strongest first."""
    if option.key in table:
        yield table[option.key]
    if original is not None and option.key in original.options:
        yield _Given(original.source(option.key), original.options[option.key], is_text=False)


def _merged_map(option: Option, given: Iterable[_Given], flag_prefix: str) -> NameMap:
    """The names that all of them configure; of each, the strongest has the last word."""
    merged = NameMap()
    for one in given:
        parsed = cast("NameMap", _parsed(option, one, flag_prefix))
        merged = merged.over(parsed if parsed.givers else parsed.given_by(one.source))
    return merged


def _parsed(option: Option, given: _Given, flag_prefix: str, kind: ValueKind | None = None) -> object:
    kind = kind or option.kind
    read = kind.from_text if given.is_text else kind.from_toml
    try:
        return read(given.value)
    except ValueError as error:
        why = f": {error}" if str(error) else ""
        raise UsageError(
            f"{given.source} is {_shown(given.value)}; allowed is {kind.allowed}{why}.",
            remedies=[f"{flag_prefix}{option.name}: {option.help}"],
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
        if key not in _BY_KEY and key not in _MAP_TABLES:
            raise _unknown_key(written, pyproject)
        if key in found:
            raise UsageError(
                f"{written} stands twice in {TABLE} of {pyproject}, once with - and once with _."
            )
        found[key] = _Given(f"{written} in {TABLE} of {pyproject}", value, is_text=False)
    return _with_one_map(found)


def _with_one_map(found: dict[str, _Given]) -> dict[str, _Given]:
    """The file's `map`, `tables` and `columns` as one `map`.

    Raises:
        UsageError: two of them configure one name.
    """
    merged = NameMap()
    given = [(name, found.pop(name)) for name in ("map", *_MAP_TABLES) if name in found]
    for name, one in given:
        names = _map_of(name, one).given_by(one.source)
        twice = [written for written in names.names() if written in merged.givers]
        if twice:
            raise UsageError(
                f"{twice[0]} is configured twice: by {merged.givers[twice[0]]}, and by {one.source}."
            )
        merged = merged.over(names)
    return {**found, "map": given[0][1]._replace(value=merged)} if given else found


def _map_of(key: str, given: _Given) -> NameMap:
    parsed: Any = _parsed(_BY_KEY["map"], given, FLAG_PREFIX, _MAP_TABLES.get(key))
    return NameMap(**{key: parsed}) if key in _MAP_TABLES else parsed


def _toml(pyproject: Path) -> dict[str, Any]:
    import tomllib

    try:
        text = pyproject.read_text(encoding="utf-8")
        return tomllib.loads(text) if "supaseed" in text else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"{pyproject} cannot be read: {error}.", remedies=_about_backslashes(error)
        ) from None


def _about_backslashes(error: Exception) -> list[str]:
    """What TOML says of a path of Windows in double quotes: an unknown escape, or half of a character."""
    if any(word in str(error) for word in ("scape", "hex value")):
        return [r"write a backslash twice, a path in single quotes, 'C:\Users\me', or with /: C:/Users/me"]
    return []


def _unknown_key(written: str, pyproject: Path) -> UsageError:
    from difflib import get_close_matches

    names = [*(option.name for option in OPTIONS), *_MAP_TABLES]
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
