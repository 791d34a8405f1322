"""The hooks: a few lines each over what can be tested without pytest. Nothing heavy is imported here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed import compiled_imports  # noqa: F401  # first: it finds the ones below
from pytest_supaseed.errors import UnusedSettingWarning, UsageError
from pytest_supaseed.fixtures import (
    supaseed_dataset,
    supaseed_db,
    supaseed_db_class,
    supaseed_db_module,
    supaseed_endpoint,
    supaseed_plan,
    supaseed_process,
    supaseed_run,
    supaseed_schema,
    supaseed_table_map,
)
from pytest_supaseed.marker_names import MARKERS
from pytest_supaseed.options import OPTIONS, resolve_options
from pytest_supaseed.run_state import OPTIONS_KEY, RECORDS_KEY, REPORT_KEY, RUNS_KEY

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_supaseed.options import Options

__all__ = [
    "supaseed_dataset",
    "supaseed_db",
    "supaseed_db_class",
    "supaseed_db_module",
    "supaseed_endpoint",
    "supaseed_plan",
    "supaseed_process",
    "supaseed_run",
    "supaseed_schema",
    "supaseed_table_map",
]

WORKER_OUTPUT, WORKER_RUNS, WORKER_REPORT = "supaseed_records", "supaseed_runs", "supaseed_report"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add each option as a flag; what it says is read and checked in one place, `options`."""
    group = parser.getgroup("supaseed", "seeded Postgres databases")
    for option in OPTIONS:
        kind: dict[str, Any] = (
            {"action": "store_const", "const": "true"} if option.is_switch else {"metavar": option.metavar}
        )
        group.addoption(option.flag, dest=option.dest, default=None, help=option.help, **kind)


def pytest_configure(config: pytest.Config) -> None:
    """Settle the options before anything runs: a wrong one ends the run with one message."""
    flags = {option.key: config.getoption(option.dest, default=None) for option in OPTIONS}
    try:
        options = resolve_options(flags, os.environ, config.rootpath / "pyproject.toml")
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[OPTIONS_KEY] = options
    _say_unused(config, options)
    config.stash[RECORDS_KEY], config.stash[RUNS_KEY] = [], []
    if options.report is not None:
        from pytest_supaseed.run_report import RunReport

        config.stash[REPORT_KEY] = RunReport(options.report)
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def _say_unused(config: pytest.Config, options: Options) -> None:
    """Say once for all workers which keys of the original tool's file do nothing here."""
    if options.original is None or not options.original.unused or hasattr(config, "workerinput"):
        return
    warning = UnusedSettingWarning(options.original.unused_message())
    try:
        config.issue_config_time_warning(warning, stacklevel=2)
    except UnusedSettingWarning:  # where warnings are errors
        raise pytest.UsageError(str(warning)) from None


def pytest_report_header(config: pytest.Config) -> str:
    """Say what was asked for, and by whom where it is not the default."""
    from pytest_supaseed.reporting.header import header_line

    return header_line(config.stash[OPTIONS_KEY])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what speaks of a test that fails, where that is asked for: its database, and why it has none."""
    report = yield
    if report.failed:
        from pytest_supaseed.evidence import keep_evidence

        keep_evidence(item, report)
        if REPORT_KEY in item.config.stash:
            item.config.stash[REPORT_KEY].add_failure(call)
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what a worker did to the process that writes the summary and the report; write that here.

    After pytest itself, which tears down here what a run leaves that was stopped, as by `-x`.
    """
    output = getattr(session.config, "workeroutput", None)
    report = session.config.stash.get(REPORT_KEY, None)
    if output is not None:
        output[WORKER_OUTPUT] = [record.to_json() for record in session.config.stash[RECORDS_KEY]]
        output[WORKER_RUNS] = [run.to_json() for run in session.config.stash[RUNS_KEY]]
        output[WORKER_REPORT] = None if report is None else report.page(session.config).to_json()
    elif report is not None and not report.write(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker did; a worker that crashed sends nothing."""
    sent: dict[str, Any] = getattr(node, "workeroutput", {})
    if sent.get(WORKER_OUTPUT) or sent.get(WORKER_RUNS):
        from pytest_supaseed.reporting.run_record import RunRecord
        from pytest_supaseed.reporting.summary import DatasetRecord

        node.config.stash[RECORDS_KEY] += [DatasetRecord.from_json(data) for data in sent[WORKER_OUTPUT]]
        node.config.stash[RUNS_KEY] += [RunRecord.from_json(data) for data in sent[WORKER_RUNS]]
    if page := sent.get(WORKER_REPORT):
        node.config.stash[REPORT_KEY].add(page)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which server and which datasets were used; nothing where no test asked for one."""
    records, runs = config.stash[RECORDS_KEY], config.stash[RUNS_KEY]
    report = config.stash.get(REPORT_KEY, None)
    if records or runs or report is not None:
        from pytest_supaseed.reporting.summary import summary_lines

        outcome = "" if report is None else report.outcome
        failed = report is not None and report.failed
        verbosity = config.get_verbosity()
        lines = summary_lines(records, runs, verbosity=verbosity, report=outcome, report_failed=failed)
        if lines:
            terminalreporter.section("supaseed", sep="-")
        for line in lines:
            terminalreporter.line(line)
