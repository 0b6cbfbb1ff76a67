"""Which sources of a tracker seem to copy one another: its evidence as questions to learn agreement from.

Sources of one declared origin (owner, side, relays) are one voice already, so a suspicion is about
voices that count apart. It is for a person to confirm, and changes no likelihood by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.resolve.lines import origin_of, source_behind
from claims.vocabulary import STANCE_SIGN, Stance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from claims.agreement import Suspicion
    from claims.model import Claim, Evidence, Source
    from claims.resolve.explaining import Line

SIGNED = {1: "supports", -1: "denies"}

Slot = tuple[str, str]
"""What is asked: "claim" or "question", and its key."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What one voice says in one slot: the ``label`` is a stance on a claim, or a stance on one of the
    rival answers to a question. ``source`` is the key of the source behind it."""

    slot: Slot
    label: str
    voice: str
    source: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """Voices that may be copying. ``voices``: their origins, as lines name them; ``members``: the keys
    of the sources behind them; ``owners``: those that are declared for them; ``found``: how they
    agree, its members being what the voices are called."""

    voices: tuple[str, ...]
    members: tuple[str, ...]
    owners: tuple[str, ...]
    found: Suspicion


@dataclass(frozen=True, slots=True)
class SuspectedLines:
    """A suspicion that touches a claim: on one side of it (+1 for, -1 against) several of the suspected
    count as separate lines. ``sources`` are the keys of those, ``names`` what they are called."""

    suspected: Suspected
    side: int
    sources: tuple[str, ...]
    names: tuple[str, ...]


def assertions(
    claims: Mapping[str, Claim], evidence: Mapping[str, Evidence], sources: Mapping[str, Source], as_of: date
) -> list[Assertion]:
    """What each voice says, by what was public on a day.

    A claim is a slot with two labels: supports, or denies and doubts. Where several answers to one
    question were spoken of, the question is the slot, and each answer, supported or denied, a label. A voice
    says one thing in a slot: what it supports goes before what it denies, and then the latest counts.
    """
    pieces = [
        piece
        for piece in evidence.values()
        if piece.claim in claims and piece.stance is not Stance.MENTIONS and piece.counts_on(as_of)
    ]
    spoken_of: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        if question := claims[piece.claim].question:
            spoken_of[question].add(piece.claim)
    said: dict[tuple[Slot, str], Assertion] = {}
    # What is said last stays, so what counts most comes last.
    for piece in sorted(pieces, key=lambda piece: (STANCE_SIGN[piece.stance], piece.counts_from, piece.key)):
        asked = claims[piece.claim].question
        label = SIGNED[STANCE_SIGN[piece.stance]]
        slot = ("claim", piece.claim)
        if asked and len(spoken_of[asked]) > 1:
            slot, label = ("question", asked), f"{label} {piece.claim}"
        voice = origin_of(piece, evidence, sources).name
        said[slot, voice] = Assertion(slot, label, voice, source_behind(piece, evidence))
    return list(said.values())


def suspect(said: Collection[Assertion], sources: Mapping[str, Source]) -> list[Suspected]:
    """The groups of voices that agree as copiers would, the most suspicious first."""
    if not said:
        return []
    # Imported where it is used: most claims have no separate lines to look into, and it loads slowly.
    from claims.agreement import find_syndicates, tabulate

    columns = zip(*((each.slot, each.label, each.voice) for each in said), strict=True)
    behind: dict[str, set[str]] = defaultdict(set)
    for each in said:
        behind[each.voice].add(each.source)
    found = []
    for one in find_syndicates(tabulate(*columns)):
        members = sorted({key for voice in one.members for key in behind[voice]} & sources.keys())
        owners = {owner for key in members if (owner := sources[key].owner)}
        names = tuple(_called(voice, sources) for voice in one.members)
        found.append(
            Suspected(
                voices=tuple(one.members),
                members=tuple(members),
                owners=tuple(sorted(owners)),
                found=replace(one, members=names),
            )
        )
    return found


def _called(voice: str, sources: Mapping[str, Source]) -> str:
    """What a voice is called: a source by its name, an owner by its own, a side as a side."""
    kind, _, key = voice.partition(":")
    if kind == "source" and key in sources:
        return sources[key].name
    return f"the side {key}" if kind == "side" else key


def separate_lines(
    lines: Sequence[Line], evidence: Mapping[str, Evidence], sources: Mapping[str, Source]
) -> dict[int, list[dict[str, str]]]:
    """The lines on each side of a claim that has at least two there: for each line its voices, with the
    key of the source behind each. Who merely mentions a claim takes no side."""
    sides: dict[int, list[dict[str, str]]] = {1: [], -1: []}
    for line in lines:
        voices = {
            origin_of(piece, evidence, sources).name: source_behind(piece, evidence)
            for piece in (evidence[key] for key in line.members)
            if piece.stance is not Stance.MENTIONS
        }
        if voices:
            sides[line.side].append(voices)
    return {side: found for side, found in sides.items() if len(found) > 1}


def suspected_on(
    sides: Mapping[int, Sequence[Mapping[str, str]]],
    found: Sequence[Suspected],
    sources: Mapping[str, Source],
) -> tuple[SuspectedLines, ...]:
    """The suspicions by which several lines on one side of a claim may be one."""
    touched = []
    for side, lines in sides.items():
        for each in found:
            inside = [{voice: line[voice] for voice in line if voice in each.voices} for line in lines]
            if sum(bool(voices) for voices in inside) < 2:
                continue
            behind = {voice: source for voices in inside for voice, source in voices.items()}
            names = tuple(_called(voice, sources) for voice in sorted(behind))
            touched.append(SuspectedLines(each, side, tuple(sorted(set(behind.values()))), names))
    return tuple(touched)
