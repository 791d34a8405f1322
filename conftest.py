"""The root conftest: pytester, with which plugin behaviour is tested in real pytest runs of its own."""

from __future__ import annotations

pytest_plugins = ["pytester"]
