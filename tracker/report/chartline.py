"""A claim's likelihood over time as one line of characters, with the days at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.report.timescale import moment_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tracker.report.models import Step

BLOCKS = "▁▂▃▄▅▆▇█"
DIGITS = "0123456789"
"""For terminals without blocks: tenths."""

CUTS = {BLOCKS: "┄", DIGITS: "~"}
"""What stands for a long time in which nothing changed."""

SHORTEST, LONGEST = 12, 60
"""How many characters a chart has."""


def chart_line(steps: Sequence[Step], until: date, width: int, levels: str = BLOCKS) -> str:
    """A chart of a history, oldest first, up to a day, in lines of a width; empty where all of it is of one
    day, or there is no room. The higher the likelihood, the higher the block, or the larger the digit: each
    stands for what was so at the end of its time."""
    if not steps:
        return ""
    first, last = steps[0].at[:10], max(until.isoformat(), steps[-1].at[:10])
    room = min(width - len(first) - len(last) - 2, LONGEST)
    if room < SHORTEST or first == last:
        return ""
    moments = [moment_of(step.at) for step in steps]
    scale = scale_of([*moments, max(moment_of(last), moments[-1])], 0, room, cut=3, least=2, edge=0)
    places = [scale(moment) for moment in moments]
    drawn = []
    for column in range(room):
        before = [step for step, place in zip(steps, places, strict=True) if place < column + 1]
        if any(left < column + 0.5 < right for left, right in scale.cuts):
            drawn.append(CUTS[levels])
        elif before:
            drawn.append(levels[min(int(before[-1].likelihood * len(levels)), len(levels) - 1)])
        else:
            drawn.append(" ")
    return f"{first} {''.join(drawn)} {last}"
