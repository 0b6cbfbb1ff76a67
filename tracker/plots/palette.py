"""Colours: one for each stance and status, light and dark, and the style sheets that give them to figures.

After the colours that Okabe and Ito (2008) chose to be told apart by the colour-blind, moved until no two of
a kind look alike to people without red, green or blue cones; a test holds them apart. No figure says
by colour alone what it says: stances have shapes, statuses have names and dashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from claims.vocabulary import Stance, Status

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of figures on paper of one colour; ``wash`` is how much of its colour the band of a
    status keeps (0 to 1)."""

    paper: str
    ink: str
    quiet: str
    faint: str
    stances: Mapping[str, str]
    statuses: Mapping[str, str]
    wash: float


LIGHT = Palette(
    paper="#ffffff",
    ink="#1b1f24",
    quiet="#57606a",
    faint="#d8dee4",
    stances={
        Stance.SUPPORTS: "#0072b2",
        Stance.DENIES: "#b33300",
        Stance.DOUBTS: "#c18800",
        Stance.MENTIONS: "#6e7781",
    },
    statuses={
        Status.UNVERIFIED: "#a9b1ba",
        Status.CORROBORATED: "#56b4e9",
        Status.CONFIRMED: "#015ba7",
        Status.DISPUTED: "#b84b88",
        Status.DOUBTFUL: "#df8700",
        Status.REFUTED: "#a63603",
        Status.RETRACTED: "#1f218e",
        Status.SUPERSEDED: "#f0e442",
    },
    wash=0.16,
)

DARK = Palette(
    paper="#14181d",
    ink="#e6edf3",
    quiet="#a3adb8",
    faint="#343b44",
    stances={
        Stance.SUPPORTS: "#56b4e9",
        Stance.DENIES: "#f96f3e",
        Stance.DOUBTS: "#f6d564",
        Stance.MENTIONS: "#b1bac4",
    },
    statuses={
        Status.UNVERIFIED: "#76837c",
        Status.CORROBORATED: "#94d4ff",
        Status.CONFIRMED: "#2b90ff",
        Status.DISPUTED: "#d281be",
        Status.DOUBTFUL: "#f99800",
        Status.REFUTED: "#d9480f",
        Status.RETRACTED: "#7a41bd",
        Status.SUPERSEDED: "#f5ec7a",
    },
    wash=0.22,
)

DASHES = {
    Status.UNVERIFIED: "2 4",
    Status.CORROBORATED: "12 3",
    Status.CONFIRMED: "",
    Status.DISPUTED: "7 5",
    Status.DOUBTFUL: "4 4",
    Status.REFUTED: "16 2 3 2",
    Status.RETRACTED: "9 2 2 2 2 2",
    Status.SUPERSEDED: "1 2",
}
"""How the line over a band is dashed, so that a status is told apart without colour."""

THEMES = ("light", "dark", "auto")
"""``auto``: as the reader's screen is, and on paper light."""

_SHAPE = (
    ".plot{max-width:100%;height:auto}",
    ".plot .axis,.plot .guide,.plot .grid,.plot .thread{fill:none;stroke-width:1}",
    ".plot .guide,.plot .cut{stroke-dasharray:2 3}",
    ".plot .course{fill:none;stroke-width:2;stroke-linejoin:round}",
    ".plot .course.cut{stroke-dasharray:2 4}",
    ".plot .course.supposed{stroke-dasharray:6 4}",
    ".plot .span{stroke-width:4;stroke-opacity:.5;fill:none;stroke-linecap:butt}",
    ".plot .span.open{stroke-dasharray:5 3}",
    ".plot .mark{stroke-width:1.5}",
    ".plot .gone{fill-opacity:.25;stroke-opacity:.6}",
    ".plot .strike{fill:none;stroke-width:1.5}",
    ".plot .strip{fill:none;stroke-width:5}",
    ".plot .tally{fill:none;stroke-width:2}",
    ".plot .tally.open{stroke-dasharray:4 3}",
    ".plot .when{fill:none;stroke-width:5}",
    ".plot .when.open{stroke-dasharray:5 3}",
    ".plot .alive{stroke-width:1.5}",
    ".plot .bracket{fill:none;stroke-width:2}",
    ".plot .strong{font-weight:600}",
    ".plot .halo{stroke-width:3;paint-order:stroke;stroke-linejoin:round}",
)


@cache
def stylesheet(theme: str = "auto") -> str:
    """The style of figures, in a page or in a file of its own; all of it is about what is within
    ``.plot``. For a page with a theme of its own choice: take :func:`colours` apart."""
    light = [*_SHAPE, *_dashes(), *colours(LIGHT)]
    if theme == "light":
        return "\n".join(light)
    if theme == "dark":
        return "\n".join([*_SHAPE, *_dashes(), *colours(DARK)])
    dark = "@media screen and (prefers-color-scheme:dark){\n" + "\n".join(colours(DARK)) + "\n}"
    return "\n".join([*light, dark])


def colours(palette: Palette, within: str = "") -> list[str]:
    """The rules that colour figures; ``within`` is a selector of what they lie in, such as
    ``[data-theme=dark]``."""
    of = f"{within} .plot".lstrip()
    rules = [
        f"{of}{{background:{palette.paper};color:{palette.ink}}}",
        f"{of} text{{fill:{palette.ink}}}",
        f"{of} .quiet{{fill:{palette.quiet}}}",
        f"{of} .paper{{fill:{palette.paper}}}",
        f"{of} .halo{{stroke:{palette.paper}}}",
        f"{of} .ink{{fill:{palette.ink}}}",
        f"{of} .course,{of} .strike,{of} .bracket{{stroke:{palette.ink}}}",
        f"{of} .axis{{stroke:{palette.quiet}}}",
        f"{of} .grid,{of} .guide,{of} .thread{{stroke:{palette.faint}}}",
        f"{of} .guide{{stroke:{palette.quiet};stroke-opacity:.55}}",
        f"{of} .tied,{of} .stands{{stroke:{palette.ink}}}",
        f"{of} .mark.tied,{of} .mark.stands{{fill:{palette.ink}}}",
        f"{of} .fallen{{stroke:{palette.quiet}}}",
        f"{of} .when{{stroke:{palette.quiet}}}",
        f"{of} .alive{{fill:{palette.paper};stroke:{palette.ink}}}",
        f"{of} .on-ink{{fill:{palette.paper}}}",
        f"{of} .area{{fill:{palette.stances[Stance.SUPPORTS]};fill-opacity:.25}}",
    ]
    for stance, colour in palette.stances.items():
        rules += [f"{of} .{stance}{{stroke:{colour}}}", f"{of} .mark.{stance}{{fill:{colour}}}"]
    rules.append(f"{of} .mark.doubts,{of} .mark.mentions,{of} .mark.fallen{{fill:{palette.paper}}}")
    for status, colour in palette.statuses.items():
        rules.append(f"{of} .band.{status}{{fill:{mixed(colour, palette.paper, palette.wash)}}}")
        rules.append(f"{of} .strip.{status}{{stroke:{colour}}}")
    return rules


def _dashes() -> list[str]:
    return [f".plot .strip.{status}{{stroke-dasharray:{dash}}}" for status, dash in DASHES.items() if dash]


def mixed(colour: str, paper: str, part: float) -> str:
    """A colour of which so much is left on a paper, as ``#rrggbb``."""
    parts = zip(_rgb(colour), _rgb(paper), strict=True)
    return "#" + "".join(f"{round(part * one + (1 - part) * other):02x}" for one, other in parts)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
