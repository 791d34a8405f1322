"""`Derived()`: a factory's field that is what the catalog's own derivation makes of the column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory.declarations import SKIP

from pytest_supaseed.rows.chunk import Chunk, current_chunk
from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence


class Derived(ColumnDeclaration):
    """The column as it is filled in tables without a factory.

    A `TableFactory` fills columns that it leaves out only where a row needs them: NOT NULL ones without a
    default, and references. `Derived()` asks for the others: `metadata = Derived()`. Where the derivation
    leaves a column to the database, so does this.
    """

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column; the derivation has taken this declaration's place among the producers."""
        return chunk.column(name)

    def evaluate(self, instance: object, step: Any, extra: object) -> object:
        """Read one row's value out of the derived column, for factory_boy's own evaluation.

        Of a row that a test makes, nothing is derived yet: the field is left out, and filled on writing.
        """
        del instance, extra
        chunk = current_chunk.get(None)
        declared = {**step.builder.factory_meta.base_declarations, **step.builder.extras}
        name = next((key for key, declaration in declared.items() if declaration is self), None)
        if chunk is None or step.parent_step is not None or name is None:
            return SKIP
        place = step.sequence - chunk.scope.sequence - chunk.start
        return chunk.column(name)[place] if chunk.has(name) else None
