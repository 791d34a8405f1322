"""Circles in a directed graph of tables, and a small set of arcs that opens them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

Arcs = set[tuple[int, int]]
"""Pairs (child, parent) of table OIDs."""

CANDIDATES = 24
"""Arcs that are tried for each cut: each costs one search, and real circles have fewer."""


def circles(arcs: Collection[tuple[int, int]]) -> list[set[int]]:
    """The strongly connected components of more than one table, in the order of their smallest OID."""
    nexts: dict[int, list[int]] = {}
    for child, parent in sorted(arcs):
        nexts.setdefault(child, []).append(parent)
    return sorted((found for found in _components(nexts) if len(found) > 1), key=min)


def fewest_cuts(hard: Arcs, soft: Arcs, order: Sequence[int]) -> Arcs:
    """A small set of soft arcs without which no circle is left; the hard arcs alone have none.

    Greedy: of the arcs in circles, the one is cut after which the fewest tables are in circles.

    Args:
        hard: arcs that stay.
        soft: arcs that may be cut.
        order: the tables in an order that is the same on every machine; decides between equals.
    """
    place = {oid: number for number, oid in enumerate(order)}
    cut: Arcs = set()
    kept = set(soft)
    while found := circles(hard | kept):
        inside = {oid: number for number, tables in enumerate(found) for oid in tables}
        arcs = {
            (child, parent)
            for child, parent in hard | kept
            if child in inside and inside[child] == inside.get(parent)
        }
        best = min(
            _promising(arcs & kept, arcs, place),
            key=lambda arc: (_left(arcs - {arc}), place[arc[0]], place[arc[1]]),
        )
        kept.discard(best)
        cut.add(best)
    return cut - _needless(cut, hard | kept, place)


def harmless(wanted: Arcs, arcs: Arcs, order: Sequence[int]) -> Arcs:
    """The wanted arcs that close no circle with others, taken one by one in the order of their tables."""
    place = {oid: number for number, oid in enumerate(order)}
    parents: dict[int, set[int]] = {}
    for child, parent in arcs:
        parents.setdefault(child, set()).add(parent)
    taken: Arcs = set()
    for child, parent in sorted(wanted, key=lambda arc: (place[arc[0]], place[arc[1]])):
        if not _reaches(parent, child, parents):
            parents.setdefault(child, set()).add(parent)
            taken.add((child, parent))
    return taken


def _reaches(start: int, goal: int, parents: dict[int, set[int]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        new = parents.get(at, set()) - seen
        seen |= new
        waiting += new
    return False


def _promising(candidates: Arcs, arcs: Arcs, place: dict[int, int]) -> list[tuple[int, int]]:
    """The arcs that the most circles are likely to run through."""
    into = Counter(parent for _, parent in arcs)
    out = Counter(child for child, _ in arcs)
    ranked = sorted(candidates, key=lambda arc: (-into[arc[0]] * out[arc[1]], place[arc[0]], place[arc[1]]))
    return ranked[:CANDIDATES]


def _left(arcs: Arcs) -> int:
    return sum(len(found) for found in circles(arcs))


def _needless(cut: Arcs, arcs: Arcs, place: dict[int, int]) -> Arcs:
    """Cuts that later ones made needless: put back one by one as long as no circle comes back."""
    back: Arcs = set()
    for arc in sorted(cut, key=lambda arc: (place[arc[0]], place[arc[1]])):
        if not circles(arcs | back | {arc}):
            back.add(arc)
    return back


def _components(nexts: dict[int, list[int]]) -> Iterator[set[int]]:
    """Tarjan's algorithm, without recursion: a schema may hold a chain of a thousand tables."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    for root, first in nexts.items():
        if root in number:
            continue
        path = [(root, iter(first))]
        number[root] = low[root] = len(number)
        stack.append(root)
        while path:
            at, parents = path[-1]
            following = next(parents, None)
            if following is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[at])
                if low[at] == number[at]:
                    yield _popped(stack, at, low)
            elif following not in number:
                number[following] = low[following] = len(number)
                stack.append(following)
                path.append((following, iter(nexts.get(following, ()))))
            elif low[following] >= 0:
                low[at] = min(low[at], number[following])


def _popped(stack: list[int], until: int, low: dict[int, int]) -> set[int]:
    found: set[int] = set()
    while until not in found:
        member = stack.pop()
        found.add(member)
        low[member] = -1
    return found
