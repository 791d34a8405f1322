"""Declarations that speak of the domain that was asked for: the same fields, other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.business_domains import BusinessDomain, business_domain
from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.chunk import Chunk, Producer


class FromDomain(ColumnDeclaration):
    """A value of each row by `function(domain, row, index)`.

    Args:
        function: makes the value.
        placed: whether the index is counted from the part's first row, as that of parents is.
    """

    def __init__(
        self, function: Callable[[BusinessDomain, Any, int], object], *, placed: bool = False
    ) -> None:
        super().__init__()
        self.function = function
        self.placed = placed

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        words, function = business_domain(chunk.scope.domain), self.function
        indices = chunk.positions if self.placed else chunk.indices
        return [function(words, row, index) for row, index in zip(chunk.rows(), indices, strict=True)]


class DrawnFromDomain(ColumnDeclaration):
    """A value drawn for each row by `function(domain, row, draws)`, from the column's own stream."""

    def __init__(self, function: Callable[[BusinessDomain, Any, Draws], object]) -> None:
        super().__init__()
        self.function = function

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        words, function, draws = business_domain(chunk.scope.domain), self.function, chunk.draws(name)
        return [function(words, row, draws) for row in chunk.rows()]


class DomainText(ColumnDeclaration):
    """A text in the words of the domain; that of any table where the domain has no patterns for it.

    Args:
        patterns: the domain's patterns.
        otherwise: fills the column where there are none.
        least: sentences at the least.
        most: sentences at the most.
    """

    def __init__(
        self,
        patterns: Callable[[BusinessDomain], tuple[str, ...]],
        otherwise: Producer,
        least: int = 1,
        most: int = 1,
    ) -> None:
        super().__init__()
        self.patterns = patterns
        self.otherwise = otherwise
        self.least = least
        self.most = most

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        words = business_domain(chunk.scope.domain)
        patterns = self.patterns(words)
        if not patterns:
            return self.otherwise.fill(chunk, name)
        draws = chunk.draws(name)
        return [self._text(words, patterns, draws) for _ in range(chunk.count)]

    def _text(self, words: BusinessDomain, patterns: tuple[str, ...], draws: Draws) -> str:
        count = self.least if self.least == self.most else draws.between(self.least, self.most)
        return " ".join([words.filled(patterns, draws) for _ in range(count)])
