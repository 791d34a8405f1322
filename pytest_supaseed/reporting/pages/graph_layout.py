"""Where tables stand in the drawing of their relations: parents left, children right, few crossings.

The method is Sugiyama's: tables are layered by their longest way from a table that refers to nothing, sorted
within a layer by the places of their neighbours, and moved towards them without overlapping. All references
to one table share one line through the layers between, so that a table to which all refer stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.isotonic import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_SWEEPS = 4
"""More than these change nothing that can be seen."""
NODE_HEIGHT, LINE_HEIGHT = 40.0, 12.0
"""The room that a table takes in a layer, and a line that passes through it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from one table to another; `is_cut` where it closes a circle."""

    child: str
    parent: str
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A layer, from the left, and a height, from the top, of a middle."""

    layer: int
    height: float


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Args:
        tables: by name.
        trunks: by parent: the places through which the line to its children passes, from layer to layer.
        back: references against the direction: to a table in the same layer or further right.
        alone: tables without a reference from or to another one, by name.
        layers: how many there are.
        height: of the whole.
    """

    tables: Mapping[str, Place]
    trunks: Mapping[str, tuple[Place, ...]]
    back: frozenset[tuple[str, str]]
    alone: tuple[str, ...]
    layers: int
    height: float


@dataclass(slots=True)
class _Node:
    """A table, or a point (`trunk`) of the line to a table's children."""

    name: str
    layer: int
    trunk: bool = False
    height: float = 0.0
    before: list[_Node] = field(default_factory=list)
    after: list[_Node] = field(default_factory=list)

    @property
    def room(self) -> float:
        return LINE_HEIGHT if self.trunk else NODE_HEIGHT


def lay_out(tables: Iterable[str], links: Iterable[Link]) -> Layout:
    """Return the places of tables; the same input gives the same drawing.

    Args:
        tables: the names of all.
        links: references between them; those of a table to itself do not count.
    """
    drawn = sorted({link for link in links if link.child != link.parent}, key=_by_names)
    joined = {name for link in drawn for name in (link.child, link.parent)}
    alone = tuple(sorted(set(tables) - joined))
    forward = _forward(sorted(joined), drawn)
    layers = _layers(sorted(joined), forward)
    nodes, trunks = _nodes(layers, forward)
    _place(nodes)
    return Layout(
        tables={node.name: Place(node.layer, node.height) for node in nodes if not node.trunk},
        trunks={name: tuple(Place(one.layer, one.height) for one in line) for name, line in trunks.items()},
        back=frozenset((link.child, link.parent) for link in drawn) - forward,
        alone=alone,
        layers=max(layers.values(), default=-1) + 1,
        height=max((node.height + node.room / 2 for node in nodes), default=0.0),
    )


def _by_names(link: Link) -> tuple[str, str, bool]:
    return link.child, link.parent, link.is_cut


def _forward(names: Sequence[str], links: Sequence[Link]) -> frozenset[tuple[str, str]]:
    """The references (child, parent) without those that close a circle, found by a walk in depth."""
    parents: dict[str, list[str]] = {name: [] for name in names}
    for link in links:
        if not link.is_cut:
            parents[link.child].append(link.parent)
    kept: set[tuple[str, str]] = set()
    done: set[str] = set()
    for root in names:
        way: dict[str, int] = {} if root in done else {root: 0}
        while way:
            name, at = next(reversed(way.items()))
            if at == len(parents[name]):
                done.add(name)
                del way[name]
                continue
            way[name] = at + 1
            parent = parents[name][at]
            if parent not in way:
                kept.add((name, parent))
                if parent not in done:
                    way[parent] = 0
    return frozenset(kept)


def _layers(names: Sequence[str], forward: frozenset[tuple[str, str]]) -> dict[str, int]:
    """Each table right of all that it refers to; one that refers to nothing, just left of its children."""
    parents: dict[str, list[str]] = {name: [] for name in names}
    children: dict[str, list[str]] = {name: [] for name in names}
    for child, parent in sorted(forward):
        parents[child].append(parent)
        children[parent].append(child)
    layers: dict[str, int] = {}
    waiting = {name: len(parents[name]) for name in names}
    ready = [name for name in names if not waiting[name]]
    for name in ready:  # grows while it is walked through: parents stand before their children
        layers[name] = max((layers[parent] + 1 for parent in parents[name]), default=0)
        for child in children[name]:
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    for name in names:
        if not parents[name] and children[name]:
            layers[name] = min(layers[child] for child in children[name]) - 1
    return layers


def _nodes(
    layers: Mapping[str, int], forward: frozenset[tuple[str, str]]
) -> tuple[list[_Node], dict[str, list[_Node]]]:
    """Tables and the points of lines between them, joined from layer to layer."""
    tables = {name: _Node(name, layer) for name, layer in layers.items()}
    nodes = list(tables.values())
    trunks: dict[str, list[_Node]] = {}
    for child, parent in sorted(forward, key=lambda pair: (pair[1], layers[pair[0]], pair[0])):
        line = trunks.setdefault(parent, [])
        last = line[-1] if line else tables[parent]
        while last.layer < layers[child] - 1:
            last = _joined(last, _Node(parent, last.layer + 1, trunk=True))
            line.append(last)
            nodes.append(last)
        _joined(last, tables[child])
    return nodes, {name: line for name, line in trunks.items() if line}


def _joined(left: _Node, right: _Node) -> _Node:
    left.after.append(right)
    right.before.append(left)
    return right


def _place(nodes: Sequence[_Node]) -> None:
    """Sort the layers and set the heights, by sweeps from left to right and back."""
    count = max((node.layer for node in nodes), default=-1) + 1
    columns: list[list[_Node]] = [[] for _ in range(count)]
    for node in sorted(nodes, key=lambda one: (one.name, one.trunk)):
        columns[node.layer].append(node)
    for column in columns:
        _stack(column)
    for _ in range(_SWEEPS):
        for column in columns:
            _sort(column, lambda node: node.before)
        for column in reversed(columns):
            _sort(column, lambda node: node.after)
    for _ in range(_SWEEPS):
        for column in (*columns, *reversed(columns)):
            _move(column)
    lowest = min((node.height - node.room / 2 for node in nodes), default=0.0)
    for node in nodes:
        node.height -= lowest


def _stack(column: Sequence[_Node]) -> None:
    height = 0.0
    for node in column:
        node.height = height + node.room / 2
        height += node.room
    for node in column:
        node.height -= height / 2


def _sort(column: list[_Node], neighbours: Callable[[_Node], list[_Node]]) -> None:
    column.sort(key=lambda node: _mean(neighbours(node), node.height))
    _stack(column)


def _mean(nodes: Sequence[_Node], otherwise: float) -> float:
    return sum(node.height for node in nodes) / len(nodes) if nodes else otherwise


def _move(column: Sequence[_Node]) -> None:
    """Move a layer's nodes as near to the middle of their neighbours as their order and room allow."""
    wanted = [_mean([*node.before, *node.after], node.height) for node in column]
    gaps = [(one.room + other.room) / 2 for one, other in pairwise(column)]
    for node, height in zip(column, spread(wanted, gaps), strict=True):
        node.height = height
