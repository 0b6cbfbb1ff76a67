"""Tables of invented rumours, settled and unsettled, for what imports, measures and fits."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from tracker.app import fitting

if TYPE_CHECKING:
    import pytest

HEADINGS = ("rumour", "text", "outlet", "view", "day", "link", "ended")

MAP = """
about = "Invented rumours."

[columns]
claim = "text"
claim_id = "rumour"
source = "outlet"
stance = "view"
published = "day"
url = "link"
assessment = "ended"

[values.stance]
for = "supports"
against = "denies"
neutral = "mentions"

[values.assessment]
yes = "confirmed"
no = "refuted"
open = ""

[constants]
kind = "event"
source_type = "outlet"
assessed_by = "The rumour desk"
"""


def table(*rows: tuple[str, ...]) -> bytes:
    """A table with these rows under :data:`HEADINGS`."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([HEADINGS, *rows])
    return file.getvalue().encode()


def row(
    rumour: str, outlet: str, view: str, day: str = "2024-03-01", *, ended: str = "open", link: str = ""
) -> tuple[str, ...]:
    """What one outlet wrote of one rumour."""
    return (rumour, f"It is said that {rumour}", outlet, view, day, link, ended)


def rumours(n: int = 90, seed: int = 11) -> bytes:
    """Many rumours by ten outlets: two in five come true, one in four is never settled, and what is
    denied is mostly false."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(n):
        true, open_ = chance.random() < 0.4, chance.random() < 0.25
        ended = "open" if open_ else "yes" if true else "no"
        for outlet in chance.choice(10, size=int(chance.integers(1, 7)), replace=False):
            against = chance.random() < (0.05 if true else 0.1 if open_ else 0.45)
            view = "against" if against else str(chance.choice(["for", "neutral"]))
            day = f"2024-03-{1 + int(chance.integers(28)):02}"
            rows.append(row(f"rumour {number}", f"outlet {outlet}", view, day, ended=ended))
    return table(*rows)


def fit_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer pulls and priors, tried on fewer parts: for tests of what does not hang on how many."""
    monkeypatch.setattr(fitting, "PULLS", (0.5, 2.0))
    monkeypatch.setattr(fitting, "PRIORS", (8.0, 2.0))
    monkeypatch.setattr(fitting, "INNER_FOLDS", 2)
    monkeypatch.setattr(fitting, "INNER_REPEATS", 1)
