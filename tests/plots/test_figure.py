"""Figures: as a part of a page, as a file, as pixels; and what is in the way of that."""

from __future__ import annotations

import struct
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from claims.errors import BadValue
from tests.claims.builders import said
from tests.support.pictures import HOSTILE, dossiered, step
from tracker.plots import drawing
from tracker.plots.claim import claim_chart
from tracker.plots.drawing import escaped
from tracker.plots.figure import Figure
from tracker.plots.palette import DARK, LIGHT

CHART = claim_chart(dossiered([said("france")]), [step("2018-11-23", "unverified", 0.5, "claim.france")])


def pixels(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_in_a_page_it_has_no_style_of_its_own_and_a_name_that_can_be_changed():
    drawn = CHART.inline("twice")
    assert drawn.startswith('<svg id="twice"')
    assert "<style" not in drawn
    assert 'aria-labelledby="twice-title twice-desc"' in drawn
    assert LIGHT.stances["supports"] not in drawn


def test_as_a_file_it_has_its_colours_and_follows_the_screen_unless_told():
    auto, dark = CHART.standalone(), CHART.standalone("dark")
    assert "prefers-color-scheme:dark" in auto
    assert LIGHT.ink in auto
    assert DARK.ink in dark
    assert LIGHT.ink not in dark
    ET.fromstring(auto.encode())


def test_as_pixels_it_is_as_large_as_asked_and_of_one_theme():
    wide, high = pixels(CHART.png(1))
    assert pixels(CHART.png(2)) == (2 * wide, 2 * high)
    assert CHART.png(1) != CHART.png(1, "dark")


def test_pixels_have_the_colours_of_the_classes():
    one = Figure(
        name="x",
        kind="x",
        title="x",
        description="x",
        width=40,
        height=40,
        elements=(drawing.rect(0, 0, 40, 40, "band", "refuted"),),
    )
    other = Figure(
        name="x",
        kind="x",
        title="x",
        description="x",
        width=40,
        height=40,
        elements=(drawing.rect(0, 0, 40, 40, "band", "confirmed"),),
    )
    assert one.png(1) != other.png(1)


@pytest.mark.parametrize("scale", [0, -1, 9, float("nan")])
def test_a_scale_that_makes_no_sense_is_refused(scale):
    with pytest.raises(BadValue):
        CHART.png(scale)


def test_more_pixels_than_a_machine_bears_are_refused():
    with pytest.raises(BadValue, match="million pixels are too many"):
        replace(CHART, height=9000).png(8)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(BadValue) as refused:
        CHART.png()
    assert "claims-verification-tracker[plots]" in refused.value.hint


def test_escaped_text_is_nothing_but_text():
    root = ET.fromstring(f"<a b=\"{escaped(HOSTILE)}\" c='{escaped(HOSTILE)}'>{escaped(HOSTILE)}</a>")
    assert root.text == root.get("b") == root.get("c")
    assert root.text.startswith("<script>alert(1)</script>\"'&]]>")
    assert "\u202e" not in root.text
