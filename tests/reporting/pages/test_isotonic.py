"""Places near wanted ones, in order."""

from __future__ import annotations

import pytest

from pytest_supaseed.reporting.pages.isotonic import spread


@pytest.mark.parametrize(
    ("wanted", "gaps", "places"),
    [
        ([], [], []),
        ([5.0], [], [5.0]),
        ([0.0, 10.0], [2.0], [0.0, 10.0]),
        ([5.0, 5.0], [2.0], [4.0, 6.0]),
        ([10.0, 0.0], [2.0], [4.0, 6.0]),
        ([0.0, 9.0, 9.0, 20.0], [1.0, 4.0, 1.0], [0.0, 7.0, 11.0, 20.0]),
        ([3.0, 2.0, 1.0], [1.0, 1.0], [1.0, 2.0, 3.0]),
    ],
)
def test_places_give_way_to_each_other_equally(
    wanted: list[float], gaps: list[float], places: list[float]
) -> None:
    """Those that have room stay; those that have none share the shift."""
    assert spread(wanted, gaps) == pytest.approx(places)
