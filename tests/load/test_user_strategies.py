"""Users beside users that are there: kept as they are, new ones valid, and all of it removed again."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from bundled_databases import add_user, load_bundled, with_platform
from user_databases import HOME_GROWN, OwnDatabase, lost

from pytest_supaseed.errors import UsageError
from pytest_supaseed.load.report import SeedReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

KITS = ("makerkit", "makerkit-lite", "basejump", "supabase")
THERE = ("ada.before.1@example.com", "bob.before.2@example.com")


@contextmanager
def own_database(maker: Any, schema: str, users: tuple[str, ...] = THERE) -> Iterator[OwnDatabase]:
    """A database with a schema and users."""
    with maker.database(f"own_{schema.replace('-', '_')}") as connection:
        if schema == "home-grown":
            connection.execute(HOME_GROWN)
            yield OwnDatabase(connection)
            return
        load_bundled(with_platform(connection, maker.endpoint), schema)
        for email in users:
            add_user(connection, email)
        connection.execute("reset role")
        yield OwnDatabase(connection, maker.endpoint.owner)


@pytest.fixture
def makerkit(empty_database: psycopg.Connection, endpoint: Endpoint) -> OwnDatabase:
    """MakerKit with two users."""
    load_bundled(with_platform(empty_database, endpoint), "makerkit")
    for email in THERE:
        add_user(empty_database, email)
    empty_database.execute("reset role")
    return OwnDatabase(empty_database, endpoint.owner)


@pytest.fixture
def home_grown(empty_database: psycopg.Connection) -> OwnDatabase:
    """A schema that no framework is."""
    empty_database.execute(HOME_GROWN)
    return OwnDatabase(empty_database)


def emails(database: OwnDatabase, table: str = "auth.users") -> list[str]:
    """The addresses of all users."""
    return [str(value) for value in database.values(f"select email from {table} order by 1")]  # noqa: S608


def said(report: SeedReport) -> dict[str, list[int]]:
    """The decisions by what they say."""
    found: dict[str, list[int]] = {}
    for decision in report.decisions:
        found.setdefault(decision.what, []).append(decision.count)
    return found


@pytest.mark.parametrize("schema", ["makerkit", "supabase", "home-grown"])
def test_ten_runs_and_nothing_is_left(maker: Any, schema: str) -> None:
    """No conflict, what was there stays to the byte, and cleanup brings every table back to its bytes."""
    table = "users" if schema == "home-grown" else "auth.users"
    with own_database(maker, schema) as database:
        before = database.rows()
        for run in range(1, 11):
            report = database.seed(2 + 2 * run)
            after = database.rows()
            assert lost(before, after) == {}
            assert [(part.qualified, part.note, part.refused) for part in report.parts if part.note] == []
            assert not any(part.refused for part in report.parts)
            found = [email.lower() for email in emails(database, table)]
            assert len(found) == len(set(found)) == 2 + 2 * run
            assert said(report)["created"] == [2]
        if schema != "home-grown":
            assert len(after["auth.identities"]) == 20
        database.clean()
        assert database.rows() == before


@pytest.mark.parametrize("schema", [*KITS, "home-grown"])
@pytest.mark.parametrize("strategy", ["existing", "create"])
def test_what_is_there_stays_as_it_is(maker: Any, schema: str, strategy: str) -> None:
    """The digest of all rows that were there is the same before and after, under each strategy."""
    with own_database(maker, schema) as database:
        before = database.rows()
        report = database.seed(5, strategy)  # type: ignore[arg-type]  # one of the two
        after = database.rows()
        kept = {name: [row for row in after[name] if row in set(rows)] for name, rows in before.items()}
        assert digest(kept) == digest(before)
        assert not [part for part in report.parts if part.note]
        table = "public.users" if schema == "home-grown" else "auth.users"
        assert len(after[table]) == (2 if strategy == "existing" else 7)
        database.clean()
        assert database.rows() == before


def digest(rows: dict[str, list[str]]) -> str:
    """Of all rows of all tables."""
    return hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()


def test_existing_users_get_teams_and_content(makerkit: OwnDatabase) -> None:
    """Both are in one team, one of them owns it, and all setups are theirs or their team's; none is made."""
    report = makerkit.seed(10, "existing")
    assert emails(makerkit) == list(THERE)
    assert makerkit.one("select count(*) from accounts where not is_personal_account") == 1
    assert sorted(makerkit.values("select account_role from accounts_memberships")) == ["member", "owner"]
    assert makerkit.one("select count(*) from setups") == 6
    assert makerkit.one("select count(*) from auth.identities") == 0
    assert [str(decision) for decision in report.decisions] == [
        f"2 users kept: they are used as they are; none is added ({', '.join(THERE)})",
        "0 users created: by the strategy existing",
    ]
    again = makerkit.seed(10, "existing")
    assert makerkit.one("select count(*) from accounts_memberships") == 2
    assert makerkit.one("select count(*) from setups") == 12
    assert "2 users skipped: they are in a team, and get no second one" in map(str, again.decisions)


def test_each_new_user_has_what_users_have(makerkit: OwnDatabase) -> None:
    """One identity, one personal account and one team each, in the first run and in a later one."""
    makerkit.seed(6)
    makerkit.seed(9)
    assert makerkit.one("select count(*) from auth.users") == 9
    assert makerkit.one("select count(distinct user_id) from auth.identities") == 7
    assert makerkit.one("select count(*) from accounts where is_personal_account") == 9
    assert makerkit.one("select count(distinct user_id) = 9 and count(*) = 9 from accounts_memberships")
    assert makerkit.one(
        "select bool_and(exists (select from accounts_memberships m where m.account_id = a.id"
        " and m.user_id = a.primary_owner_user_id and m.account_role = 'owner'))"
        " from accounts a where not is_personal_account"
    )
    assert makerkit.one(
        "select bool_and(o.total_amount = (select sum(price_amount * quantity) from order_items i"
        " where i.order_id = o.id)) from orders o"
    )


def test_teamless_users_get_a_team_beside_those_that_have_one(makerkit: OwnDatabase) -> None:
    """Without a single new user: what the new team pays is its own, not that of the team before."""
    makerkit.seed(4)
    for number in (1, 2):
        add_user(makerkit.connection, f"later.{number}@example.org")
    before = makerkit.rows()
    report = makerkit.seed(4)
    after = makerkit.rows()
    assert lost(before, after) == {}
    assert said(report)["created"] == [0]
    assert not any(part.refused or part.note for part in report.parts)
    assert makerkit.one("select count(*) from accounts where not is_personal_account") == 2
    assert makerkit.values("select distinct count(*) from order_items group by order_id") == [2]
    assert makerkit.one("select count(distinct user_id) = 6 and count(*) = 6 from accounts_memberships")


def test_more_users_than_asked_for(makerkit: OwnDatabase) -> None:
    """None is added, and it is said; content that is missing is made for those who are there."""
    report = makerkit.seed(1)
    assert emails(makerkit) == list(THERE)
    assert str(report.decisions[0]).startswith("2 users kept: 1 were asked for, so none is added")
    assert makerkit.one("select count(*) from setups") == 6
    second = makerkit.seed(1)
    assert makerkit.one("select count(*) from setups") == 6
    assert sum(part.loaded for part in second.parts) == 0


def test_additional_users(makerkit: OwnDatabase) -> None:
    """So many more, whatever the number of users is."""
    report = makerkit.seed(2, additional=3)
    assert len(emails(makerkit)) == 5
    assert "2 users kept: they are there; 3 more are added" in str(report.decisions[0])


def test_the_same_state_gives_the_same_users(maker: Any) -> None:
    """Two databases that hold the same get the same addresses, also in the second run."""
    found = []
    for _ in range(2):
        with own_database(maker, "makerkit-lite") as database:
            database.seed(5)
            database.seed(8)
            found.append(emails(database))
    assert found[0] == found[1]
    assert len(found[0]) == 8


def test_a_run_that_was_cleaned_up_leaves_no_trace(makerkit: OwnDatabase) -> None:
    """The next run makes the same users: they depend on what is there alone."""
    makerkit.seed(5)
    first = emails(makerkit)
    makerkit.clean()
    makerkit.seed(5)
    assert emails(makerkit) == first


def test_addresses_in_use_are_stepped_around(maker: Any) -> None:
    """Whatever their case, and wherever they stand: an invitation's, an account's."""
    with own_database(maker, "makerkit", ()) as fresh:
        fresh.seed(3)
        usual = emails(fresh)
        fresh.clean()
        add_user(fresh.connection, usual[0].upper())
        report = fresh.seed(4, "create")
        made = set(emails(fresh)) - {usual[0].upper()}
        assert len(made) == 4
        assert not made & set(usual)
        assert "the largest in an address in use" in str(report.decisions[-1])
        number = max(int(re.findall(r"\d+", email)[0]) for email in usual[:1])
        assert min(int(re.findall(r"\d+", email)[0]) for email in made) == number + 1


def test_rows_of_an_earlier_tool_are_stepped_around(makerkit: OwnDatabase) -> None:
    """A dump of a seeded database, without our ledger, holds rows of the same seed: no id is made twice."""
    makerkit.seed(5)
    makerkit.connection.execute("drop schema supaseed cascade")
    before = makerkit.rows()
    report = makerkit.seed(8)
    assert not any(part.refused or part.note for part in report.parts)
    assert lost(before, makerkit.rows()) == {}


def test_a_pattern_without_a_number(makerkit: OwnDatabase) -> None:
    """A number is added where an address is in use, in the run or before it; the others stay bare."""
    makerkit.seed(30, pattern="{team}@staff.example.com")
    found = emails(makerkit)
    bare = [email for email in found if re.fullmatch(r"\d+@staff\.example\.com", email)]
    numbered = [email for email in found if re.fullmatch(r"\d+\.\d+@staff\.example\.com", email)]
    assert (len(bare), len(numbered)) == (6, 22)
    report = makerkit.seed(35, pattern="{team}@staff.example.com")
    (decision,) = [one for one in report.decisions if one.what == "numbered"]
    assert decision.count == 5
    assert len(set(emails(makerkit))) == 35


def test_a_pattern_without_a_number_has_a_limit(makerkit: OwnDatabase) -> None:
    """To know which are in use, those before are made again: of too many users a number is asked for."""
    with pytest.raises(UsageError, match=r"hold no number.* 10,000 users, and 10,001 are asked for") as error:
        makerkit.plan(10_003, pattern="{first}@example.com")
    assert "{first}.{n}@example.com" in str(error.value)


def test_home_grown_users_have_the_pattern(home_grown: OwnDatabase) -> None:
    """Also where the table of users is filled from its catalog, and its key is on lower(email)."""
    home_grown.seed(5, pattern="{persona}{n}@team{team}.test")
    found = set(emails(home_grown, "users")) - {"Ada@Example.com", "bob.jones.3@example.com"}
    assert found == {"owner1@team1.test", "member2@team1.test", "member3@team1.test"}


def test_a_filter_chooses_users(home_grown: OwnDatabase) -> None:
    """Only those count and get content; the others are skipped, with the reason."""
    report = home_grown.seed(3, where={"plan": "pro"})
    assert home_grown.one("select count(*) from users") == 4
    assert "1 user skipped: they are not plan=pro (bob.jones.3@example.com)" in map(str, report.decisions)
    follows = home_grown.values("select follower_id from follows union select followed_id from follows")
    bob = home_grown.one("select id from users where name = 'Bob'")
    assert bob not in follows
    assert follows


def test_a_filter_of_accounts(makerkit: OwnDatabase) -> None:
    """As in the original's file: users by a column of the accounts that are theirs."""
    makerkit.connection.execute("update accounts set name = 'Ada' where email like 'ada%'")
    report = makerkit.seed(1, "existing", where={"accounts.name": "Ada"})
    assert said(report)["kept"] == [1]
    owners = makerkit.values(
        "select u.email from auth.users u join accounts a on a.primary_owner_user_id = u.id"
        " join setups s on s.account_id = a.id"
    )
    assert "bob.before.2@example.com" not in owners
    assert "ada.before.1@example.com" in owners


def test_no_user_where_some_are_needed(makerkit: OwnDatabase) -> None:
    """The message says what was looked at, and why those that are there do not count."""
    makerkit.connection.execute("update auth.users set deleted_at = now()")
    with pytest.raises(UsageError, match="needs users that are there, and there are none") as error:
        makerkit.plan(5, "existing")
    assert "auth.users: 2 rows" in str(error.value)
    assert "2 do not count: they are deleted" in str(error.value)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"plam": "pro"}, "names the column plam, and public.users has none of that name"),
        ({"profiles.handel": "x"}, "names the column handel, and public.profiles has none"),
        ({"topics.label": "x"}, "topics is no table that refers to public.users"),
        ({"nowhere.label": "x"}, "nowhere is no table that refers to public.users"),
    ],
)
def test_a_filter_on_what_is_not_there(home_grown: OwnDatabase, where: dict[str, str], message: str) -> None:
    """The column or table is named, with those that there are."""
    with pytest.raises(UsageError, match=message):
        home_grown.plan(5, where=where)


def test_additional_wants_hybrid(home_grown: OwnDatabase) -> None:
    """With another strategy it would mean nothing."""
    with pytest.raises(
        UsageError, match="additional is for the user-strategy hybrid, and create is asked for"
    ):
        home_grown.plan(5, "create", additional=2)


def test_a_strategy_needs_a_table_of_users(empty_database: psycopg.Connection) -> None:
    """A schema without one is told apart from one without users."""
    empty_database.execute("create table topics (id int primary key, label text)")
    with pytest.raises(UsageError, match="needs a table of users, and the schema has none"):
        OwnDatabase(empty_database).plan(5, "existing")


def test_decisions_survive_being_kept(home_grown: OwnDatabase) -> None:
    """The report of a dataset is stored as JSON."""
    report = home_grown.seed(4)
    assert SeedReport.from_json(report.to_json()) == report
    assert report.decisions
