"""Ctrl-C while rows are loaded: once stops after the open batch, twice stops at once."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pytest_supaseed.load.interruption import StopSign

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def stopped_by_ctrl_c() -> Iterator[StopSign]:
    """Give a sign that Ctrl-C puts up; pressed again, it interrupts as ever.

    Only the main thread hears signals (`signal.signal`); elsewhere nothing changes.
    """
    sign = StopSign()
    if threading.current_thread() is not threading.main_thread():
        yield sign
        return
    usual = signal.getsignal(signal.SIGINT)

    def pressed(number: int, frame: FrameType | None) -> None:
        del number, frame
        sign.is_up = True
        signal.signal(signal.SIGINT, usual)
        click.echo("stopping after the open batch; press Ctrl-C again to stop at once", err=True)

    signal.signal(signal.SIGINT, pressed)
    try:
        yield sign
    finally:
        signal.signal(signal.SIGINT, usual)
