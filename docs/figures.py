"""The figures of docs/plots.md: of the bundled casebook, and of an affair made up for what it has not.

They are written by ``python -m docs.generate``, as all pages are.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import canonicalize

from tracker.app import create_tracker
from tracker.plots.case import matrix
from tracker.plots.claim import claim_chart
from tracker.plots.count import revisions
from tracker.plots.person import life_line
from tracker.plots.source import calibration

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.plots.figure import Figure

NAMES = ("claim", "person", "case", "source", "count")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

SOURCES = {
    "army": "The army",
    "wire": "A news agency",
    "group": "The armed group",
    "radio": "A local radio",
    "witness": "A witness",
    "ministry": "The ministry",
}

LIVES = (
    # kind, when, the words, and who says what of it on which day
    ("death", "late 2014", "killed in an air strike", "army supports 2014-12-20; group denies 2015-01"),
    (
        "sign-of-life",
        "2015-06-03",
        "heard in a recording",
        "group supports 2015-06-03; radio supports 2015-06-05",
    ),
    (
        "death",
        "2016-02-10",
        "dead of his wounds",
        "radio supports 2016-02-12; wire mentions -; group denies 2016-02-20",
    ),
    ("sign-of-life", "2016-11", "seen at a wedding", "witness supports 2016-11-20"),
    ("death", "early May 2018", "killed by rivals", "wire supports 2018-05-10; army doubts 2018-05-12"),
    ("sign-of-life", "2019-01-15", "filmed in a tent", "wire supports 2019-01-15"),
    (
        "death",
        "2020-06-03",
        "killed in a raid",
        "army supports 2020-06-05; wire supports 2020-06-05; group supports 2020-06-18",
    ),
)

TOLL = (
    ("2020-08-01", "at least 12", "wire"),
    ("2020-08-02", "17", "army"),
    ("2020-08-03", "20 to 30", "radio"),
    ("2020-08-06", "31", "army"),
    ("2020-08-09", "about 35", "wire"),
    ("2020-08-20", "38", "ministry"),
)


@cache
def figures() -> dict[str, Figure]:
    """Each figure by the name of its file."""
    with tempfile.TemporaryDirectory() as folder:
        with create_tracker(str(Path(folder) / "demo.db"), author="desk", clock=lambda: NOW) as demo:
            demo.import_demo()
            course = demo.course("kouffa-killed-2018")
            claim = claim_chart(course.dossier, course.steps, others=course.others)
        with create_tracker(str(Path(folder) / "affair.db"), author="desk", clock=lambda: NOW) as tracker:
            _affair(tracker)
            return {
                "claim": claim,
                "person": life_line(tracker.life("commander")),
                "case": matrix(tracker.matrix("affair")),
                "source": calibration(tracker.calibrated("army")),
                "count": revisions(tracker.revisions("toll")),
            }


def svg(name: str) -> str:
    """A figure as a file, in the form (C14N) that does not depend on how a library orders attributes."""
    return canonicalize(figures()[name].standalone()) + "\n"


def _affair(tracker: Tracker) -> None:
    """A commander who was killed four times, a toll that rose, and an army that was often right."""
    tracker.add_case("affair", title="A commander and a market")
    tracker.add_entity("The commander", key="commander", type="person")
    for key, name in SOURCES.items():
        tracker.add_source(name, key=key, reliability="B" if key in {"wire", "ministry"} else None)
    for number, (kind, when, words, said) in enumerate(LIVES):
        key = f"life-{number}"
        tracker.add_claim(
            f"The commander was {words}.", key=key, kind=kind, subject="commander", when=when, case="affair"
        )
        for one in said.split("; "):
            source, stance, day = one.split()
            basis = "witnessed" if kind == "sign-of-life" else None
            tracker.log(key, source=source, stance=stance, published=None if day == "-" else day, basis=basis)
    tracker.add_question(
        "How many died in the attack on the market?", key="toll", counted="killed", cumulative=True
    )
    for number, (day, value, source) in enumerate(TOLL):
        key = f"toll-{number}"
        tracker.add_claim(
            f"{value} died in the attack.",
            key=key,
            kind="count",
            value=value,
            question="toll",
            when=day,
            case="affair",
        )
        tracker.log(key, source=source, stance="supports", published=day)
    for number in range(24):
        _settled(tracker, number)


def _settled(tracker: Tracker, number: int) -> None:
    """A claim that the army takes a side on, and that others settle a month later."""
    key, true = f"settled-{number}", number % 3 > 0
    year, month = 2017 + number // 8, number % 8 + 1
    tracker.add_claim(f"Raid {number + 1} took place.", key=key, kind="event")
    stance = "supports" if number % 5 else "denies"
    tracker.log(
        key, source="army", stance=stance, published=f"{year}-{month:02}-03", credibility=str(1 + number % 4)
    )
    for source in ("wire", "ministry", "radio"):
        settles = "supports" if true else "denies"
        tracker.log(
            key,
            source=source,
            stance=settles,
            published=f"{year}-{month + 1:02}-03",
            basis="witnessed",
            credibility="1",
        )
