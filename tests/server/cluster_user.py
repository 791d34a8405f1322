"""A process that uses a cluster until its standard input ends: run by the tests beside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.server.binaries import find_embedded, find_local
from pytest_supaseed.server.cluster_state import read_state
from pytest_supaseed.server.clusters import running_cluster
from pytest_supaseed.server.memory_tablespace import ClusterEndpoint


def main() -> None:
    """Join, say what was joined in one line, leave at the end of the input."""
    binaries = find_embedded().found or find_local().found
    if binaries is None:
        sys.exit("no Postgres binaries")
    said: list[str] = []
    with running_cluster(
        binaries, cache=Path(sys.argv[1]), storage="auto", control_path=None, on_wait=said.append
    ) as endpoint:
        if not isinstance(endpoint, ClusterEndpoint):
            raise TypeError(endpoint)
        state = read_state(endpoint.folder / "state.json")
        facts = {
            "conninfo": endpoint.conninfo(),
            "port": endpoint.port,
            "warden": state and state.warden,
            "postgres": state and state.postgres,
            "memory": state and state.memory,
            "folder": str(endpoint.folder),
            "notes": endpoint.notes,
            "said": said,
        }
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    try:
        main()
    except SupaseedError as error:
        sys.exit(str(error))
