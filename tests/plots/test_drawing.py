"""Elements of figures: as text they are what the library makes of them."""

from __future__ import annotations

import pytest

from tracker.plots import drawing


@pytest.mark.parametrize(
    "element",
    [
        drawing.words(1, 2.25, "<b> & “so”", "strong", "muted", anchor="end", title="all of it", size=16),
        drawing.words(1, 2, "plain"),
        drawing.slanted(0, 0.04, "up", title="higher"),
        drawing.rect(0, 0, 0, 3, "band", title="status"),
        drawing.dot(1, 1, 2.5),
        drawing.path([[(0, 0), (1.26, 2)], [(3, 4)]], "line", closed=True),
        drawing.path([[(0, 0), (1, 2)]], "line", title="course"),
        drawing.group([drawing.dot(1, 1, 1, "a"), drawing.group([])], "b"),
    ],
)
def test_elements_are_written_as_the_library_writes_them(element: drawing.Element) -> None:
    assert drawing.written(element) == element.as_str()
