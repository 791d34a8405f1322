"""The random streams, which lie a layer below: the plan counts children by them too."""

from pytest_supaseed.plan.streams import CHUNK_ROWS, GENERATOR_VERSION, Draws, Stream

__all__ = ["CHUNK_ROWS", "GENERATOR_VERSION", "Draws", "Stream"]
