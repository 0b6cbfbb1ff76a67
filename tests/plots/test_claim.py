"""The chart of a claim: all evidence is in it, whatever the history, and it says in words what it shows."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.vocabulary import Stance, Status, Withdrawal
from tests.claims.builders import said, source
from tests.support.examples import examples
from tests.support.pictures import HOSTILE, check, dossiered, step, texts
from tracker.plots.claim import claim_chart

KILLED = [
    said("france", on="2018-11-23"),
    said("mali", on="2018-11-24"),
    said("aqim", "denies", on="2018-12"),
    said("video", "denies", on="2019-02-28"),
]
STEPS = [
    step("2018-11-23", "unverified", 0.57, "claim.france"),
    step("2018-12-31", "disputed", 0.3, "claim.aqim", was="unverified"),
    step("2019-02-28", "refuted", 0.01, "claim.video", was="disputed"),
]


def classes(root: ET.Element) -> list[str]:
    return [element.get("class", "") for element in root.iter()]


def marks(root: ET.Element, stance: str) -> int:
    return sum({stance, "mark"} <= set(each.split()) for each in classes(root))


def test_each_piece_is_marked_by_the_shape_of_its_stance():
    root = check(claim_chart(dossiered(KILLED), STEPS))
    assert marks(root, "supports") == 2 + 1  # and the key to the shape
    assert marks(root, "denies") == 2 + 1
    told = texts(claim_chart(dossiered(KILLED), STEPS))
    assert "Aqim denies; published 2018-12 (between 2018-12-01 and 2018-12-31); line source:aqim" in told


def test_statuses_lie_behind_the_line_with_their_names():
    root = check(claim_chart(dossiered(KILLED), STEPS))
    bands = [each for each in classes(root) if each.startswith("band ")]
    assert bands[:3] == ["band unverified", "band disputed", "band refuted"]
    assert {"unverified", "disputed", "refuted"} <= set(root.itertext())


def test_a_day_that_is_not_known_is_a_span():
    exact = [said("france", on="2018-11-23")]
    month = [said("france", on="2018-11")]
    assert "span supports" not in classes(check(claim_chart(dossiered(exact), STEPS[:1])))
    assert "span supports" in classes(check(claim_chart(dossiered(month), STEPS[:1])))


@pytest.mark.parametrize("on", [None, "../2018-11-23", "2018-11-23/.."])
def test_undated_evidence_is_shown_and_its_span_is_open(on):
    piece = said("france", on=on, recorded_on=date(2019, 1, 1))
    root = check(claim_chart(dossiered([piece]), [step("2019-01-01", "unverified", 0.5, piece.key)]))
    assert marks(root, "supports") == 2
    assert "span open supports" in classes(root)
    assert "date unknown, or open at one end" in set(root.itertext())


def test_a_claim_without_evidence_says_so_on_a_dashed_line():
    figure = claim_chart(dossiered(), [])
    root = check(figure)
    assert "course supposed" in classes(root)
    assert "unverified: no evidence has moved it yet (30%)" in texts(figure)
    assert "No evidence has moved it yet" in figure.description


def test_what_was_taken_back_is_struck_out():
    back = said("france", withdrawn=Withdrawal.BY_SOURCE, withdrawn_on=date(2019, 1, 5))
    mistake = said("mali", withdrawn=Withdrawal.MISTAKE)
    root = check(claim_chart(dossiered([back, mistake]), STEPS[:1]))
    assert classes(root).count("strike") == 2 + 1
    assert "France supports; published 2018-11-23; line source:france; taken back 5 Jan 2019" in "".join(
        root.itertext()
    )


def test_what_moved_it_though_said_of_another_claim_has_a_lane():
    steps = [*STEPS, step("2019-03-01", "refuted", 0.005, "alive.video")]
    figure = claim_chart(dossiered(KILLED), steps, others={"alive.video": said("video", of="alive")})
    check(figure)
    assert "by alive" in texts(figure)
    assert "2019-03-01: video supports alive" in texts(figure)


def test_by_the_clock_of_recording_evidence_lies_where_it_was_recorded():
    steps = [step("2024-01-01T08:00:00Z", "unverified", 0.5, "claim.france")]
    figure = claim_chart(dossiered(KILLED), steps, clock="recorded")
    root = check(figure)
    assert "by what had been recorded here" in figure.description
    assert not [each for each in classes(root) if each.startswith("span")]
    assert figure.name != claim_chart(dossiered(KILLED), STEPS).name


def test_evidence_of_later_than_the_day_is_left_out():
    figure = claim_chart(dossiered(KILLED, as_of=date(2018, 12, 1)), STEPS[:1])
    assert marks(check(figure), "denies") == 0
    assert [row[1] for row in figure.tables[1].rows] == ["France", "Mali"]


def test_sixty_pieces_on_one_day_are_all_there_and_none_lies_on_another():
    many = [said(f"outlet-{n}", "supports" if n % 3 else "denies") for n in range(70)]
    root = check(claim_chart(dossiered(many), STEPS[:1]))
    assert marks(root, "supports") + marks(root, "denies") == 70 + 2
    paths = [each.get("d") for each in root.iter() if "mark" in each.get("class", "").split()]
    assert len(set(paths)) == len(paths)


def test_one_source_that_spoke_sixty_times_is_stacked_in_one_lane():
    many = [said("paper", key=f"claim.paper-{n}", on="2018-11-23") for n in range(60)]
    figure = claim_chart(dossiered(many), STEPS[:1])
    assert marks(check(figure), "supports") == 61
    assert figure.height < 400


def test_of_thousands_of_pieces_those_that_are_alike_share_a_mark():
    many = [
        said(f"s{n % 50}", "supports" if n % 2 else "denies", key=f"claim.{n}", on=f"2018-{1 + n % 12:02}-01")
        for n in range(3000)
    ]
    figure = claim_chart(dossiered(many), STEPS[:1])
    drawn = figure.inline()
    check(figure)
    assert re.search(r" · and \d+ more</title>", drawn)
    assert len(drawn) < 200_000
    assert len(figure.tables[1].rows) == 3000


def test_dozens_of_causes_are_told_in_short():
    many = [said(f"outlet-{n:02}") for n in range(80)]
    figure = claim_chart(dossiered(many), [step("2018-11-23", "confirmed", 0.99, *(p.key for p in many))])
    assert len(figure.description) < 500
    assert "…" in figure.description


def test_a_long_name_is_cut_and_told_whole():
    name = "الجماعة السلفية للدعوة والقتال في بلاد المغرب الإسلامي والساحل الأفريقي الكبير"
    figure = claim_chart(dossiered(KILLED, sources={"france": source("france", note=None)}), STEPS)
    assert "France" in texts(figure)
    long = dossiered([said("x")])
    long.sources["x"] = type(long.sources["x"])(key="x", name=name, type=long.sources["x"].type)
    told = list(check(claim_chart(long, STEPS[:1])).itertext())
    assert name in told
    assert any(text.endswith("…") and name.startswith(text[:-1]) for text in told)


def test_what_others_wrote_stays_text():
    pieces = [said("france", quote=HOSTILE)]
    dossier = dossiered(pieces)
    dossier.sources["france"] = type(dossier.sources["france"])(
        key="france", name=HOSTILE, type=dossier.sources["france"].type
    )
    drawn = claim_chart(dossier, STEPS[:1]).inline()
    check(claim_chart(dossier, STEPS[:1]))
    assert "<script" not in drawn
    assert "\u202e" not in drawn


def test_the_description_tells_the_story_and_no_more_than_a_reader_bears():
    figure = claim_chart(dossiered(KILLED), STEPS)
    assert (
        "2018-12-31: disputed, unlikely (30%); was unverified, because aqim denied it." in figure.description
    )
    assert figure.description.endswith("4 pieces of evidence in 4 lines.")
    days = [date(2018, 12, 1) + timedelta(days=n) for n in range(40)]
    long = claim_chart(dossiered(KILLED), [step(str(day), "disputed", n / 50) for n, day in enumerate(days)])
    assert "Then 28 more changes, which the table has." in long.description
    assert len(long.tables[0].rows) == 40


dates = st.dates(date(1, 1, 1), date(2024, 3, 15))
edtf = st.one_of(
    st.none(),
    dates.map(str),
    dates.map(lambda day: str(day)[:7]),
    st.tuples(dates, dates).map(lambda both: f"{min(both)}/{max(both)}"),
    dates.map(lambda day: f"../{day}"),
    dates.map(lambda day: f"{day}/.."),
)


@st.composite
def histories(draw):
    pieces = [
        said(
            draw(st.sampled_from("abcd")),
            draw(st.sampled_from([*Stance])),
            key=f"claim.{number}",
            on=draw(edtf),
            recorded_on=draw(dates),
            quote=draw(st.none() | st.text(max_size=9)),
            withdrawn=(gone := draw(st.none() | st.sampled_from([*Withdrawal]))),
            withdrawn_on=draw(dates) if gone is Withdrawal.BY_SOURCE else None,
        )
        for number in range(draw(st.integers(0, 30)))
    ]
    keys = [piece.key for piece in pieces] + ["other.x"]
    days = sorted(draw(st.lists(dates, max_size=6)))
    steps = [
        step(str(day), draw(st.sampled_from([*Status])), draw(st.floats(0, 1)), draw(st.sampled_from(keys)))
        for day in days
    ]
    return pieces, steps


@pytest.mark.slow
@given(histories(), st.sampled_from(["published", "recorded"]), st.sampled_from([320, 760, 1400]))
@examples(60)
def test_any_history_gives_a_figure_with_all_its_evidence(history, clock, width):
    pieces, steps = history
    figure = claim_chart(dossiered(pieces), steps, clock=clock, width=width)
    root = check(figure)
    told = "\n".join(root.itertext())
    assert all(f"[{piece.key}]" in told for piece in pieces)
    assert len(figure.tables[1].rows) == len(pieces)
    for element in root.iter():
        if element.get("cx"):
            assert 0 <= float(element.get("cx")) <= width
