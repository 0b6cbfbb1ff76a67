"""Colours are told apart by those who see fewer of them, in grey, and on paper of either colour."""

from __future__ import annotations

from itertools import combinations

import pytest

from claims.vocabulary import Stance, Status
from tracker.plots.palette import DARK, DASHES, LIGHT, colours, mixed, stylesheet

SEEN = {
    # What is left of red, green and blue (linear light): Machado, Oliveira and Fernandes 2009, severity 1.
    "all three": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}
APART = 19.0
"""Of this distance in CIELAB (1976) everybody sees two colours; about 2.3 are just noticeable."""

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, seen: tuple[tuple[float, ...], ...]) -> list[float]:
    light = linear(colour)
    r, g, b = (min(max(sum(m * v for m, v in zip(row, light, strict=True)), 0), 1) for row in seen)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def distance(one: str, other: str, seen: tuple[tuple[float, ...], ...]) -> float:
    pairs = zip(lab(one, seen), lab(other, seen), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


@PALETTES
@pytest.mark.parametrize("who", SEEN)
def test_no_two_stances_and_no_two_statuses_look_alike(palette, who):
    for named in (palette.stances, palette.statuses):
        for (one, a), (other, b) in combinations(named.items(), 2):
            assert distance(a, b, SEEN[who]) >= APART, (one, other)


@PALETTES
def test_every_stance_and_status_has_a_colour(palette):
    assert palette.stances.keys() == set(Stance)
    assert palette.statuses.keys() == set(Status) == DASHES.keys()


def test_no_two_statuses_are_dashed_alike():
    assert len(set(DASHES.values())) == len(Status)


@PALETTES
def test_words_can_be_read_on_paper_and_on_every_band(palette):
    bands = [mixed(colour, palette.paper, palette.wash) for colour in palette.statuses.values()]
    for ground in [palette.paper, *bands]:
        assert contrast(palette.ink, ground) >= 7
    assert contrast(palette.quiet, palette.paper) >= 4.5


@PALETTES
def test_marks_stand_out_from_paper(palette):
    assert all(contrast(colour, palette.paper) >= 3 for colour in palette.stances.values())


def test_a_sheet_is_about_figures_alone_and_fetches_nothing():
    for theme in ("light", "dark", "auto"):
        sheet = stylesheet(theme)
        assert "url(" not in sheet
        assert "@import" not in sheet
        for line in sheet.splitlines():
            assert line.startswith((".plot", "@media")) or line == "}"
    assert "prefers-color-scheme:dark" in stylesheet("auto")
    assert DARK.ink not in stylesheet("light")
    assert colours(DARK, "[data-theme=dark]")[0].startswith("[data-theme=dark] .plot{")
