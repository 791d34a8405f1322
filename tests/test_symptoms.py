"""What users of the original tool ran into, one test each: none of it happens here.

Most of it is looked at in one dataset of the schema that it was reported for (`outfitters`), seeded as a
project would ask for it: seven users, eight setups in all, 25 pieces of gear.
"""

from __future__ import annotations

import json
import re
import warnings
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import outfitters
import psycopg
import pytest
from click.testing import CliRunner
from factory_databases import session

from pytest_supaseed import MappingError, TableFactory, UsageError
from pytest_supaseed.cli import COMMANDS, main
from pytest_supaseed.name_map import NameMap
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.options import Options
    from pytest_supaseed.server.endpoint import Endpoint

USERS, SETUPS, GEAR = 7, 8, 25

OURS = ("accounts", "accounts_memberships", "profiles", "base_templates", "setups", "gear", "modifications")


@pytest.fixture(scope="module")
def opened(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session on the schema; every warning is an error."""
    folder = tmp_path_factory.mktemp("outfitters")
    with warnings.catch_warnings(), session(endpoint, folder, outfitters.SCHEMA, **FLAGS) as found:
        warnings.simplefilter("error")
        yield found


FLAGS = {"users": str(USERS), "rows": f"setups={SETUPS},gear={GEAR}", "map": "setups.name=title"}


@pytest.fixture(scope="module")
def db(opened: SeedSession) -> Iterator[SeededDatabase]:
    """The seeded database, for tests that read it, or write what the others do not look at."""
    with opened.clone(opened.dataset_for(opened._options), test="symptoms") as found:
        yield found


@contextmanager
def seeded(opened: SeedSession, **changed: Any) -> Iterator[SeededDatabase]:
    """A database under other options."""
    options: Options = replace(opened._options, **changed)
    with opened.clone(opened.dataset_for(options), test="symptoms") as found:
        yield found


def one(db: SeededDatabase, query: str) -> Any:
    """The single value of a query over logical names."""
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]


def supaseed(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def ran(*arguments: str) -> Any:
    """Run a command that succeeds, and return its JSON."""
    result = supaseed(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def own(
    empty_database: psycopg.Connection, endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> psycopg.Connection:
    """A database of somebody's own, and a folder to run commands in."""
    for name in ("SUPASEED_URL", "SUPASEED_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return empty_database


def url_of(connection: psycopg.Connection) -> str:
    """How to connect to it, password included."""
    return psycopg.conninfo.make_conninfo(connection.info.dsn, password=connection.info.password)


def test_symptom_01_memory(opened: SeedSession) -> None:
    """OOM in setup generation at 50+ users: ten times the users and setups take no more memory."""
    per_user = 200
    peaks = {}
    for users in (20, 200):
        with seeded(opened, users=users, rows={"setups": users * per_user}, rebuild=True) as db:
            assert db.count("setups") == users * per_user
            peaks[users] = db.report.peak_mib

    assert peaks[200] - peaks[20] < 12, peaks


def test_symptom_02_setup_types(db: SeededDatabase) -> None:
    """Queries for `setup_types` though there is `base_templates`: the name is resolved, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert one(db, "select count(*) from {setup_types}") == db.count("base_templates") > 0
        assert db.rows("setup_types")[0] == db.rows("base_templates")[0]
        assert (
            db.translate("select 1 from setup_types")
            == 'select 1 from "public"."base_templates" as setup_types'
        )
        assert TemplateFactory(make="Rover").make == "Rover"
    assert not [note for note in db.report.notes if "setup_types" in note]
    assert db.catalog.find("public", "setup_types") is None


class TemplateFactory(TableFactory):
    """Knows the logical name only."""

    class Meta:
        table = "setup_types"

    type = "vehicle"


def test_symptom_03_email_already_registered(own: psycopg.Connection) -> None:
    """A further run without a cleanup, "email already registered": whoever is added is somebody else."""
    own.execute(outfitters.AUTH + outfitters.SCHEMA)
    emails = "select count(*), count(distinct lower(email)) from auth.users"
    for users in (5, 10):
        assert ran("seed", "--url", url_of(own), "--users", "5", "--yes")["plan"]
        assert own.execute(emails).fetchone() == (users, users)
    assert ran("seed", "--url", url_of(own), "--users", "17", "--user-strategy", "hybrid", "--yes")["plan"]
    assert own.execute(emails).fetchone() == (17, 17)


def test_symptom_04_no_setup_types_found(db: SeededDatabase) -> None:
    """Error "No setup types found": templates of every kind are there first, and each setup has one."""
    kinds = db.execute("select type::text from {setup_types}").fetchall()
    assert {kind for (kind,) in kinds} == set(outfitters.TEMPLATES)
    order = [part.logical for part in db.plan.tables]
    assert order.index("setup_types") < order.index("setups")
    assert one(db, "select count(*) from {setups} join {setup_types} t on t.id = base_template_id") == SETUPS


def test_symptom_05_could_not_find_user_id(db: SeededDatabase) -> None:
    """Error "Could not find the 'user_id' column": the catalog says which it is, at the first attempt."""
    (part,) = [part for part in db.report.parts if part.logical == "setups"]
    assert (part.loaded, part.refused, part.reason) == (SETUPS, 0, "")
    assert one(db, "select count(*) from {setups} s join {accounts} a on a.id = s.account_id") == SETUPS
    account = db.rows("accounts")[0]
    made = db.create("setups", user_id=account.id)
    assert made.user_id == made.account_id == account.id
    db.execute("delete from {setups} where id = %s", (made.id,))


def test_symptom_06_duplicate_emails(opened: SeedSession, db: SeededDatabase) -> None:
    """Same seed, duplicate e-mails; their cure was chance: addresses differ, and are the same in each run."""
    emails = [user.email for user in db.users]
    assert len(set(emails)) == USERS
    with seeded(opened, rebuild=True) as again:
        assert [user.email for user in again.users] == emails
    with seeded(opened, users=USERS + 50) as more:
        assert {user.email for user in more.users} > set(emails)
        assert len({user.email for user in more.users}) == USERS + 50


def test_symptom_07_configured_categories(endpoint: Endpoint, tmp_path: Path) -> None:
    """Configured categories ignored, an enum violated: they are used, and wrong ones refused at once."""
    wanted = {"setups": "overlanding", "gear": "shelter"}
    found = seeded_with_categories(endpoint, tmp_path, wanted)
    assert found == {"setups": {"overlanding"}, "gear": {"shelter"}}
    with pytest.raises(UsageError, match="does not allow: camping") as caught:
        seeded_with_categories(endpoint, tmp_path, {"gear": "camping"})
    assert "it allows shelter, cooking, sleep" in str(caught.value)


def seeded_with_categories(
    endpoint: Endpoint, folder: Path, categories: dict[str, str]
) -> dict[str, set[str]]:
    """The categories in rows of tables for which a file of the original tool lists one."""
    tables = {name: {"count": 20, "categories": [category]} for name, category in categories.items()}
    config = {"userCount": 3, "tables": tables}
    (folder / "supa-seed.config.json").write_text(json.dumps(config), encoding="utf-8")
    options = resolve_options({}, {}, folder / "pyproject.toml")
    with session(endpoint, folder, outfitters.SCHEMA) as opened:
        dataset = opened.dataset_for(options)
        assert dataset.report.shortfalls == ()
        with opened.clone(dataset, test="symptoms") as db:
            return {name: {row.category for row in [*db.rows(name), db.create(name)]} for name in tables}


def test_symptom_08_an_exact_count(opened: SeedSession, db: SeededDatabase) -> None:
    """A count of 8 gave 62,342 setups: it is a total, may be below the users' number, and may be large."""
    assert db.count("setups") == SETUPS
    with seeded(opened, rows={"setups": 3}) as few:
        assert few.count("setups") == 3
        without = "select count(*) from {accounts} a where a.id not in (select account_id from {setups})"
        assert one(few, without) >= few.count("accounts") - 3 > 0
    with seeded(opened, rows={"setups": 0}) as none:
        assert (none.count("setups"), none.count("modifications")) == (0, 0)
    with seeded(opened, rows={"setups": 2_500}) as many:
        assert many.count("setups") == 2_500


def test_symptom_09_dependent_tables(db: SeededDatabase) -> None:
    """Error "No X found in cache": parents come before children, and no dependent table is empty."""
    assert db.report.shortfalls == ()
    assert {name: db.count(name) > 0 for name in OURS} == dict.fromkeys(OURS, True)
    first: dict[int, int] = {}
    for place, part in enumerate(db.plan.tables):
        first.setdefault(part.table.oid, place)
    for part in db.plan.tables:
        parents = {key.target_oid for key in part.table.foreign_keys} & first.keys()
        assert all(first[oid] < first[part.table.oid] for oid in parents), part.label
    pictures = "select count(*) from {modification_pictures} join {modifications} m on m.id = modification_id"
    assert one(db, pictures) > 0


def test_symptom_10_unique_personal_account(own: psycopg.Connection, opened: SeedSession) -> None:
    """`unique_personal_account` for every added user: the kit's trigger makes their accounts, once each."""
    own.execute(outfitters.AUTH + outfitters.SCHEMA)
    personal = (
        "select count(*), count(distinct primary_owner_user_id) from accounts where is_personal_account"
    )
    for users in (3, 10):
        ran("seed", "--url", url_of(own), "--users", str(users), "--user-strategy", "hybrid", "--yes")
        assert own.execute(personal).fetchone() == (users, users)
    with seeded(opened) as db:
        user = db.create("users")
        assert db.count("accounts", primary_owner_user_id=user.id, is_personal_account=True) == 1
        assert len(db.create_batch("users", 3)) == 3
        assert db.execute(personal).fetchone() == (USERS + 4, USERS + 4)


def test_symptom_11_gear_count(db: SeededDatabase) -> None:
    """gear.count 25 gave none, or variants of one: 25 pieces are 25 names."""
    assert db.count("gear") == len({row.name for row in db.rows("gear")}) == GEAR


def test_symptom_12_enum_categories(db: SeededDatabase, endpoint: Endpoint, tmp_path: Path) -> None:
    """An enum taken for a table of categories: which of both it is, the catalog says."""
    assert {row.category for row in db.rows("gear")} == set(outfitters.GEAR)
    assert not [part for part in db.plan.tables if "categor" in part.table.name]
    found = db.execute("select count(*) from pg_tables where tablename like '%%categor%%'").fetchone()
    assert found == (0,)
    with session(endpoint, tmp_path, outfitters.SHELVES, rows="gear=30") as other, seeded(other) as shelves:
        assert one(shelves, "select count(*) from gear join categories c on c.id = gear.category") == 30


def test_symptom_13_column_mapping(opened: SeedSession) -> None:
    """Mapped columns ignored, warnings under a right configuration: names are used, and nothing is said."""
    columns = {
        "profiles": {"avatar_url": "picture_url", "display_name": "username"},
        "setup_types": {"name": "make"},
        "setups": {"name": "title"},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with seeded(opened, map=NameMap({"setup_types": "base_templates"}, columns)) as db:
            profile = db.rows("profiles")[0]
            assert profile.display_name == profile["username"] == profile.username
            assert db.rows("profiles", display_name=profile.username)[0].id == profile.id
            assert db.create("setup_types", name="Rover").make == "Rover"
            made = db.create("setups", name="Mine")
    assert made.title == "Mine"
    assert "description" not in made
    assert not [note for note in db.report.notes if "description" in note]


def test_symptom_14_roles_without_id(db: SeededDatabase) -> None:
    """`column roles.id does not exist`: a key is what the catalog says, whatever its name."""
    assert [row.name for row in db.rows("roles")][:2] == ["member", "owner"]
    assert one(db, "select count(*) from {memberships} m join {roles} r on r.name = m.account_role") > 0
    role = db.create("roles")
    assert db.rows("roles", name=role.name)[0] == role
    assert db.create("memberships", account_role=role.name).role == role.name
    with pytest.raises(MappingError, match="no column 'id'"):
        db.rows("roles", id=1)[0]


def test_symptom_15_profiles_of_personal_accounts(db: SeededDatabase) -> None:
    """Error "Profiles can only be created for personal accounts": each person has one, and no team."""
    assert one(db, "select count(*) from {profiles}") == USERS
    assert (
        one(db, "select count(*) from {profiles} join {accounts} a using (id) where is_personal_account")
        == USERS
    )
    assert one(db, "select tgenabled::text from pg_trigger where tgname = 'only_persons'") == "O"


def test_symptom_16_slug_of_personal_accounts(db: SeededDatabase) -> None:
    """`accounts_slug_null_if_personal_account_true`: persons have no slug, teams have one."""
    rows = db.execute(
        "select is_personal_account, slug is null, count(*) from {accounts} group by 1, 2"
    ).fetchall()
    assert sorted(rows) == [(False, False, 2), (True, True, USERS)]
    assert db.create("accounts").slug


def test_symptom_17_framework(opened: SeedSession, db: SeededDatabase) -> None:
    """MakerKit taken for "simple" with no relationships, and an explicit framework ignored."""
    assert db.framework == "makerkit"
    assert sum(len(table.foreign_keys) for table in db.catalog.tables if table.schema == "public") == 10
    asked = replace(opened._options, framework="supabase")
    assert opened.detection(asked).framework == opened.table_map(asked).framework == "supabase"
    wrong = opened.detection(replace(opened._options, framework="basejump"))
    assert wrong.framework == "basejump"
    assert "makerkit" in str(wrong.contradiction)


def test_symptom_18_a_wrong_key_is_no_missing_table(
    own: psycopg.Connection, opened: SeedSession, endpoint: Endpoint
) -> None:
    """JWSInvalidSignature told as "table not found": what failed is said, be it login, server or right."""
    url = url_of(own)
    wrong = psycopg.conninfo.make_conninfo(url, password="wrong")
    refused = psycopg.conninfo.make_conninfo(url, port=1)
    for asked, said in ((wrong, "the user and the password"), (refused, "start the server")):
        result = supaseed("plan", "--url", asked)
        assert result.exit_code == 1
        assert said in result.stderr
        assert not re.search(r"no table|not found|does not exist", result.stderr, re.IGNORECASE)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(asked)

    with seeded(opened) as db:
        with db.acting_as_anon() as anon, pytest.raises(psycopg.errors.InsufficientPrivilege):
            anon.execute("delete from auth.users")
        with psycopg.connect(endpoint.conninfo(db.name), autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", (db.connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            db.count("gear")
        assert db.count("gear") == GEAR


def test_symptom_19_constraints_and_commands(db: SeededDatabase) -> None:
    """Constraint discovery of 0%, documented commands that are not there, a wrong --version."""
    found = db.execute(
        "select conname::text from pg_constraint c join pg_namespace n on n.oid = c.connamespace"
        " where n.nspname = 'public' and contype in ('p', 'u', 'f', 'c')"
    ).fetchall()
    tables = [table for table in db.catalog.tables if table.schema == "public"]
    known = {key.name for table in tables for key in table.unique_keys}
    known |= {key.name for table in tables for key in table.foreign_keys}
    known |= {check.name for table in tables for check in table.checks}
    assert {name for (name,) in found} <= known
    assert len(found) > 20

    assert supaseed("--version").output == f"supaseed, version {version('pytest-supaseed')}\n"
    page = (Path(__file__).parents[1] / "docs/reference/command-line.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `supaseed (\w+)", page, re.MULTILINE))
    assert {"detect", "plan", "doctor"} <= documented <= set(COMMANDS)
    for command in documented:
        assert supaseed(command, "--help").exit_code == 0


def test_symptom_20_one_failed_table(own: psycopg.Connection) -> None:
    """One failed seeder cascaded to all, as a "success": it costs itself and its children, and is none."""
    own.execute(outfitters.BROKEN)
    result = supaseed("seed", "--url", url_of(own), "--users", "5", "--yes", "--json")
    parts = {part["table"]: part for part in json.loads(result.stdout)["report"]["parts"]}

    assert {name: part["loaded"] for name, part in parts.items()} == {
        "users": 5,
        "broken": 0,
        "of_broken": 0,
        "sound": 5,
    }
    assert "refuses_all" in parts["broken"]["note"]
    assert "public.broken" in parts["of_broken"]["note"]
    assert result.exit_code == 1
