"""The root conftest: pytester, with which plugin behaviour is tested in real pytest runs of its own."""

from __future__ import annotations

import os

pytest_plugins = ["pytester"]

# Container images often set it; each of the hundreds of inner runs would then compile this package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
