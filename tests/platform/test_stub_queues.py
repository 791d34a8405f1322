"""What stands in for pgmq: queues are tables, by the documented functions."""

from __future__ import annotations

import psycopg
import pytest
from platform_databases import one_row, one_value
from psycopg.types.json import Jsonb


@pytest.fixture
def queue(stubs: psycopg.Connection) -> psycopg.Connection:
    """A connection to a database with the queue `jobs`, which holds three messages."""
    stubs.execute("select pgmq.create('jobs')")
    stubs.execute(
        "select pgmq.send_batch('jobs', array[%s, %s]::jsonb[])", (Jsonb({"n": 1}), Jsonb({"n": 2}))
    )
    stubs.execute("select pgmq.send('jobs', %s, 0)", (Jsonb({"n": 3}),))
    return stubs


def test_messages_are_read_in_order_and_hidden_meanwhile(queue: psycopg.Connection) -> None:
    """A message that was read is not read again before its time is over, and says how often it was."""
    first = queue.execute("select msg_id, read_ct, message from pgmq.read('jobs', 30, 2)").fetchall()
    assert first == [(1, 1, {"n": 1}), (2, 1, {"n": 2})]
    assert one_row(queue, "select msg_id, vt > now() from pgmq.read('jobs', 0, 5)") == (3, True)
    assert one_value(queue, "select msg_id from pgmq.set_vt('jobs', 1, -1)") == 1
    assert one_row(queue, "select msg_id, read_ct from pgmq.read('jobs', 30, 5)") == (1, 2)
    assert one_value(queue, "select count(*) from pgmq.read_with_poll('jobs', 1, 1, 0, 1, '{\"n\": 9}')") == 0


def test_messages_are_taken_archived_and_deleted(queue: psycopg.Connection) -> None:
    """One goes with `pop`, one to the archive, one for good; what is not there is said to be not."""
    assert one_value(queue, "select message from pgmq.pop('jobs')") == {"n": 1}
    assert one_value(queue, "select pgmq.archive('jobs', 2)") is True
    assert one_row(queue, "select msg_id, message from pgmq.a_jobs") == (2, {"n": 2})
    assert one_value(queue, "select pgmq.delete('jobs', 3)") is True
    assert one_value(queue, "select pgmq.delete('jobs', 3)") is False
    assert queue.execute("select pgmq.archive('jobs', array[7, 8])").fetchall() == []


def test_metrics_count_what_is_there_and_what_was(queue: psycopg.Connection) -> None:
    """Length, what can be seen, and all that were ever sent."""
    queue.execute("select pgmq.pop('jobs')")
    queue.execute("select pgmq.send('jobs', '{}', '{\"h\": 1}', 60)")
    counted = "select queue_length, queue_visible_length, total_messages, oldest_msg_age_sec from"
    assert one_row(queue, f"{counted} pgmq.metrics('jobs')") == (3, 2, 4, 0)
    assert one_value(queue, "select queue_name from pgmq.metrics_all()") == "jobs"
    assert one_value(queue, "select headers from pgmq.q_jobs where headers is not null") == {"h": 1}
    assert one_value(queue, "select pgmq.purge_queue('jobs')") == 3


def test_queues_come_and_go(queue: psycopg.Connection) -> None:
    """Twice the same name is one queue; kinds are written down, and a dropped one is no more."""
    for call in ("create('jobs')", "create_unlogged('Fast')", "create_partitioned('many')"):
        queue.execute(f"select pgmq.{call}")
    listed = "select queue_name, is_partitioned, is_unlogged from pgmq.list_queues() order by queue_name"
    assert queue.execute(listed).fetchall() == [
        ("Fast", False, True),
        ("jobs", False, False),
        ("many", True, False),
    ]
    assert one_value(queue, "select to_regclass('pgmq.q_fast') is not null") is True
    assert one_value(queue, "select pgmq.drop_queue('jobs')") is True
    assert one_value(queue, "select pgmq.drop_queue('jobs')") is False
    assert one_value(queue, "select to_regclass('pgmq.a_jobs')") is None


@pytest.mark.parametrize("name", ["a;b", "a'b", "a--b", "a$b", "q" * 48])
def test_names_that_no_queue_has(stubs: psycopg.Connection, name: str) -> None:
    """As in the real one: signs that SQL means something by, and names that no table could have."""
    with pytest.raises(psycopg.errors.RaiseException):
        stubs.execute("select pgmq.create(%s)", (name,))
