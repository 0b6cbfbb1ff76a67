"""Read models as plain lines of words: the words first, the numbers behind them.

How likely a claim is and how good the evidence is are two things, and never share a sentence
(Intelligence Community Directive 203): who reads "likely, with low confidence" takes it for one.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from claims.vocabulary import Relation, Stance, Status, Withdrawal, likelihood_words
from tracker.report import suspicions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from claims.history import LookedAt
    from claims.model import Evidence
    from claims.resolve import Flip, Resolution
    from claims.resolve.explaining import Line
    from claims.resolve.resolution import Contribution, Effect
    from tracker.report.models import Deed, Difference, Dossiered, Explanation, Step
    from tracker.report.standing import Standing

WIDTH = 80
LEANING = (Relation.DEPENDS_ON, Relation.REFINES, Relation.SUPPORTS)
"""Rules that work one way: no combinations are weighed for them."""

FLIPS_SHOWN = 10
PAST = {
    Stance.SUPPORTS: "supported",
    Stance.DENIES: "denied",
    Stance.DOUBTS: "doubted",
    Stance.MENTIONS: "mentioned",
}
DECIMALS = 3
_NUMBER = 8
"""Columns of a signed weight, with the blanks before it."""


# --- numbers ----------------------------------------------------------------------------------


def percent(value: float) -> str:
    """A probability for people: never "0%" or "100%" for what is possible, and never rounded into
    another likelihood term than its own."""
    if 0 < value < 0.005:
        return "<1%"
    if 0.995 < value < 1:
        return ">99%"
    for digits in range(4):
        text = f"{value:.{digits}%}"
        if likelihood_words(float(text[:-1]) / 100) == likelihood_words(value):
            return text
    return f"{value:.0%}"


def signed(value: float) -> str:
    """A weight with its sign and three decimals; nothing is "0.000"."""
    text = f"{value:+.{DECIMALS}f}"
    return text.removeprefix(text[0]) if float(text) == 0 else text.replace("-", "−")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "no lines", "1 line", "2 lines"."""
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Words in a row: "a", "a and b", "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Text in lines of a width; those after the first are indented as far as it, or by ``rest``."""
    return textwrap.wrap(
        text,
        max(width, 30),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- what a claim is --------------------------------------------------------------------------


def claim_lines(it: Dossiered) -> list[str]:
    """What a claim says, and what it is about: a paragraph for each."""
    claim = it.standing.claim
    case = f", in the case {claim.case}" if claim.case else ""
    lines = [f"{claim.key} ({claim.kind}{case})", claim.text]
    facts = (
        ("about", it.entity and f"{it.entity.name} ({it.entity.key})"),
        ("value", claim.value),
        ("when", claim.when and claim.when.describe()),
        ("where", claim.where),
        ("language", claim.lang),
        ("known elsewhere as", claim.external_id),
    )
    if known := [f"{name} {fact}" for name, fact in facts if fact]:
        said = "; ".join(known)
        lines.append(f"{said[0].upper()}{said[1:]}.")
    if it.question is not None:
        rivals = f"; rival answers: {listed(it.rivals)}" if it.rivals else ""
        lines.append(f"It answers the question: {it.question.text} ({it.question.key}{rivals})")
    if claim.note:
        lines.append(f"Note: {claim.note}")
    return lines


# --- how a claim stands -----------------------------------------------------------------------


def likelihood_clause(likelihood: float) -> str:
    """How likely something is, as the end of a sentence."""
    term = likelihood_words(likelihood)
    if term == "almost no chance":
        clause = "there is almost no chance that it is true"
    elif term == "roughly even chance":
        clause = "there is a roughly even chance that it is true"
    elif term == "almost certain":
        clause = "it is almost certain to be true"
    else:
        clause = f"it is {term} to be true"
    return f"{clause} ({percent(likelihood)})"


def standing_lines(it: Standing) -> list[str]:
    """How a claim stands: what it is and how likely; how good the evidence is; since when; notes."""
    recorded = f", as recorded here by {moment_words(it.recorded_by)}," if it.recorded_by else ""
    lines = [f"As of {it.as_of}{recorded} the claim is {it.status}: {likelihood_clause(it.likelihood)}."]
    if it.supporting_lines or it.opposing_lines:
        lines.append(
            f"Confidence is {it.confidence}: the evidence comes to"
            f" {count(it.supporting_lines, 'supporting line')}"
            f" and {count(it.opposing_lines, 'opposing line')}."
        )
    else:
        lines.append(f"Confidence is {it.confidence}: no evidence takes a side.")
    if it.changed is not None:
        lines.append(f"It has been {it.status} since {it.changed}.")
    return lines + standing_notes(it)


def standing_notes(it: Standing) -> list[str]:
    """What must not be overlooked: staleness, and a person's verdict."""
    notes = []
    if it.stale:
        notes.append("Stale: its newest evidence is old, and what it says may have changed since.")
    if it.assessment is not None:
        given = it.assessment
        verdict = f"Assessed as {given.status} by {given.author} on {given.made_on}"
        if given.decided_by is not None:
            verdict += f", approved by {given.decided_by} on {given.decided_on}"
        if it.diverges:
            notes.append(f"{verdict}; the computed status is {it.status}: they diverge.")
        elif it.assessed == it.status:
            notes.append(f"{verdict}: so is the computed status.")
        else:
            notes.append(f"{verdict}, which agrees with the computed status {it.status}.")
    return notes + [
        f"Proposed as {each.status} by {each.author} on {each.made_on}; waits for approval by a second"
        f" person: tracker approve {each.key}"
        for each in it.waiting
    ]


def summary(standings: Sequence[Standing]) -> list[str]:
    """What a report comes to, in one or two lines."""
    found = Counter(each.status for each in standings)
    parts = [f"{found[status]} {status}" for status in reversed(Status) if found[status]]
    lines = [f"{count(len(standings), 'claim')}: {', '.join(parts)}."]
    extra = []
    if stale := sum(each.stale for each in standings):
        extra.append(f"{stale} stale")
    if divergent := sum(each.diverges for each in standings):
        extra.append(f"{divergent} diverging from a person's assessment")
    if extra:
        lines[0] = f"{lines[0][:-1]}; {', '.join(extra)}."
    return [*lines, seen_from(*standings)]


def seen_from(*found: Standing) -> str:
    """By which policies, on which day, and by whose record."""
    it = found[0]
    recorded = f", as recorded here by {moment_words(it.recorded_by)}" if it.recorded_by else ""
    policies = sorted({each.policy for each in found})
    by = f"policy {policies[0]}" if len(policies) == 1 else f"policies {listed(policies)}"
    entry = f", entry {it.entry}" if len(found) == 1 and not it.recorded_by else ""
    return f"As of {it.as_of}{recorded}{entry}, by the {by}."


def moment_words(at: str) -> str:
    """A moment of the journal to the minute, one named by its entry, or a day as it is."""
    if at.startswith("entry:"):
        return at.replace(":", " ")
    return f"{at[:10]} {at[11:16]} UTC" if "T" in at else at


# --- why --------------------------------------------------------------------------------------


def explain(it: Explanation, width: int = WIDTH) -> list[str]:
    """Why a claim stands as it does: in words, then row by row, then what would flip it."""
    claim = it.standing.claim
    lines = wrapped(f"{claim.key}: {claim.text}", width, rest="  ")
    lines.append("")
    for sentence in standing_lines(it.standing):
        lines.extend(wrapped(sentence, width))
    if sides := _side_sentences(it):
        lines.append("")
        for sentence in sides:
            lines.extend(wrapped(sentence, width))
    for each in it.suspicions:
        lines.append("")
        for paragraph in suspicions.paragraphs(each):
            lines.extend(wrapped(paragraph, width))
    lines += ["", "What adds up, in log-odds:"]
    lines.extend(_sum_rows(it, width))
    if it.resolution.contributions or it.resolution.effects:
        lines += ["", "What would flip it:"]
        lines.extend(_flip_lines(it.flips, width))
    if doubts := _if_wrong_lines(it, width):
        lines += ["", "If a source were wrong, and all that goes back to it:", *doubts]
    lines += ["", f"By the policy {it.resolution.policy}, on what had been published by {it.standing.as_of}."]
    return lines


def sentences(it: Explanation) -> list[str]:
    """Why a claim stands as it does, for readers: how it stands, and who speaks for and against it. What
    a person of the desk made of it is left out: that is not theirs to read."""
    computed = replace(it.standing, assessment=None, waiting=())
    return [*standing_lines(computed), *_side_sentences(it)]


def _side_sentences(it: Explanation) -> list[str]:
    """Who speaks for the claim and who against it, line by line, and what it cannot hold beside."""
    said = []
    for side, opening in ((1, "For it speaks"), (-1, "Against it speaks")):
        lines = [line for line in it.lines if line.side == side and _takes_side(it, line)]
        if lines:
            said.append(f"{opening} {listed(_line_words(it, line) for line in lines)}.")
    if carried := [line for line in it.lines if not _takes_side(it, line)]:
        names = dict.fromkeys(_voice(it, key) for line in carried for key in line.members)
        said.append(f"Without taking a side it is mentioned by {listed(names)}.")
    said += [
        f"It is tied to {listed(effect.others)} ({effect.rule}): {effect.because}."
        for effect in it.resolution.effects
        if effect.others and abs(effect.weight) >= 10**-DECIMALS
    ]
    return said


def _takes_side(it: Explanation, line: Line) -> bool:
    """Whether anybody in a line does more than mention the claim."""
    return any(it.evidence[key].stance is not Stance.MENTIONS for key in line.members)


def _line_words(it: Explanation, line: Line) -> str:
    """The voices of a line, and why they are one."""
    names = list(dict.fromkeys(_voice(it, key) for key in line.members))
    if len(names) == 1:
        return names[0]
    reasons = "; ".join(dict.fromkeys(line.because[1:]))
    verb = "is" if len(names) == 2 else "are"
    return f"{names[0]}, with which {listed(names[1:])} {verb} one line ({reasons})"


def _voice(it: Explanation, key: str) -> str:
    source = it.evidence[key].source
    return it.sources.get(source, source)


def _if_wrong_lines(it: Explanation, width: int) -> list[str]:
    """What the claim would be without each source, where that would show."""
    lines = []
    telling = [each for each in it.if_wrong if abs(each.likelihood - it.resolution.likelihood) >= 0.005]
    for each in telling[:FLIPS_SHOWN]:
        name = it.sources.get(each.source, each.source)
        still = "it would be" if each.flips else "it would still be"
        sentence = f"{name}: {still} {each.status} ({percent(each.likelihood)})."
        lines.extend(wrapped(sentence, width, "  ", "    "))
    if more := len(telling) - FLIPS_SHOWN:
        lines += [f"  And {more} more."] if more > 0 else []
    return lines


def _sum_rows(it: Explanation, width: int) -> list[str]:
    resolution = it.resolution
    base = f"base rate: {percent(resolution.base_rate)} of claims of the kind {it.standing.claim.kind}"
    lines = _row(resolution.base_log_odds, [base], width)
    for row in sorted(resolution.contributions, key=lambda row: (-abs(row.weight), row.evidence)):
        lines.extend(_row(row.weight, _contribution(it, row), width))
    for effect in sorted(resolution.effects, key=lambda effect: (-abs(effect.weight), effect.others)):
        lines.extend(_row(effect.weight, _effect(effect), width))
    total = total_of(resolution)
    power = signed(-total).removeprefix("+")
    turned = f"in all, and 1 / (1 + e^{power}) = {percent(resolution.likelihood)}"
    lines.append("  " + "-" * (_NUMBER - 2))
    lines.extend(_row(total, [turned], width))
    if note := how_ties_were_weighed(resolution):
        lines.extend(wrapped(note, width, "  "))
    return lines


def how_ties_were_weighed(resolution: Resolution) -> str | None:
    """How the ties to several other claims were weighed; None where that goes without saying."""
    if not resolution.exact:
        return (
            "The claims tied to this one are too entangled to weigh every combination of them: "
            "what the ties add was worked out approximately."
        )
    tied = {key for effect in resolution.effects if effect.rule not in LEANING for key in effect.others}
    return "What the ties add was worked out exactly, over all combinations." if len(tied) > 1 else None


def total_of(resolution: Resolution) -> float:
    """What the rows add up to as they are printed, so that who adds them by hand gets the same."""
    rows = [row.weight for row in resolution.contributions] + [row.weight for row in resolution.effects]
    return sum(round(weight, DECIMALS) for weight in (resolution.base_log_odds, *rows))


def _row(weight: float, texts: Sequence[str], width: int) -> list[str]:
    lines = []
    for place, text in enumerate(texts):
        first = f"{signed(weight):>{_NUMBER}}  " if place == 0 else " " * (_NUMBER + 2)
        lines.extend(wrapped(text, width, first))
    return lines


def _contribution(it: Explanation, row: Contribution) -> list[str]:
    name = it.sources.get(row.source, row.source)
    piece = it.evidence.get(row.evidence)
    published = piece.published if piece is not None else None
    when = f", published {published.describe()}" if published is not None else ""
    return [f"{name} {row.stance} it{when}", row.because, f"{row.evidence}, line {row.line}"]


def _effect(effect: Effect) -> list[str]:
    with_whom = f", with {listed(effect.others)}" if effect.others else ""
    return [f"{effect.rule}{with_whom}", effect.because]


def _flip_lines(flips: Sequence[Flip], width: int) -> list[str]:
    if not flips:
        return wrapped("No piece of evidence, left out alone, would change the status.", width, "  ")
    lines = []
    for flip in flips[:FLIPS_SHOWN]:
        sentence = f"Without {listed(flip.remove)} it would be {flip.status} ({percent(flip.likelihood)})."
        lines.extend(wrapped(sentence, width, "  ", "    "))
    if more := len(flips) - FLIPS_SHOWN:
        lines += [f"  And {more} more."] if more > 0 else []
    return lines


# --- over time --------------------------------------------------------------------------------


def step_lines(step: Step, pieces: Mapping[str, Evidence], entry: str, about: str, width: int) -> list[str]:
    """One change as part of a story: the day, what the claim became, and because of what.

    ``entry`` is what the journal has of it, where it is told by the journal's clock; ``about`` the
    claim whose story it is.
    """
    at = moment_words(step.at)
    lines = wrapped(step_words(step), width, f"{at}  ")
    indent = " " * 12
    lines.extend(wrapped(f"because {because_words(step, pieces, about)}", width, indent, indent + "  "))
    if entry:
        lines.extend(wrapped(f"[{entry}]", width, indent))
    elif step.because:
        lines.extend(wrapped(f"[{', '.join(step.because)}]", width, indent, indent + " "))
    return lines


def step_words(step: Step) -> str:
    """What a claim became, and what it was."""
    stale = ", stale" if step.stale else ""
    became = f"{step.status}{stale}, {likelihood_words(step.likelihood)} ({percent(step.likelihood)})"
    if step.was is None:
        return became
    since = "" if step.since is None else f", since {step.since}"
    return f"still {became}{since}" if step.was == step.status else f"{became}; was {step.was}"


def because_words(step: Step, pieces: Mapping[str, Evidence], about: str) -> str:
    """Who said what: the cause of a change."""
    said: dict[str, list[str]] = {}
    for key in step.because:
        piece = pieces.get(key)
        if piece is None:
            said.setdefault("was recorded" if step.was is None else "changed", []).append(key)
        else:
            said.setdefault(_deed(piece, step, about), []).append(piece.source)
    if not said:
        return "time passed, or the record of a source changed"
    return "; ".join(f"{listed(list(dict.fromkeys(who)))} {deed}" for deed, who in said.items())


def _deed(piece: Evidence, step: Step, about: str) -> str:
    what = "it" if piece.claim == about else piece.claim
    deed = f"{PAST[piece.stance]} {what}"
    if step.act is not None:  # by the clock of recording: what this very entry did
        if step.act != "evidence.withdrawn" or piece.withdrawn is None:
            return deed
        by_source = piece.withdrawn is Withdrawal.BY_SOURCE
        return f"took back having {deed}" if by_source else f"{deed}, which was a mistake of ours"
    if piece.withdrawn is Withdrawal.BY_SOURCE and piece.withdrawn_on is not None:
        ended = max(piece.withdrawn_on, piece.counts_from).isoformat()
        if step.at[:10] >= ended:
            return f"took back having {deed}"
    return deed


def skipped_days(it: LookedAt) -> str:
    """That a history rests on some of the days on which something changed, in a sentence or two; nothing, if
    on all."""
    if it.days == it.of:
        return ""
    return (
        f"Not every day was looked at: {it.claims} claims are tied together, and of {it.of} days on which "
        f"something changed among them {it.days} were resolved, first those on which this claim was spoken "
        "of. What came on a day between is told with the next that was looked at; what came and went between "
        "may be missing."
    )


def difference_lines(it: Difference) -> list[str]:
    """What differs in a claim between two days or two moments, in words."""
    before, after = it.before, it.after
    first, second = moment_words(it.since), moment_words(it.until)
    if before is None or after is None:
        there = after or before
        assert there is not None
        if before is None:
            return [f"At {first} the claim was not there; at {second} it was {there.status}."]
        return [f"At {first} the claim was {there.status}; by {second} it had been taken back as a mistake."]
    if it.same:
        both = "on both days" if it.clock == "published" else "both times"
        return [f"Nothing differs between {first} and {second}: the claim was {after.status} {both}."]
    if before.status == after.status:
        lines = [f"Between {first} and {second} the claim stayed {after.status}."]
    else:
        lines = [f"Between {first} and {second} the claim went from {before.status} to {after.status}."]
    on = "on" if it.clock == "published" else "at"
    return [
        *lines,
        f"{on.capitalize()} {first} {_past(before.likelihood)}; {on} {second} {_past(after.likelihood)}.",
    ]


def deed_line(it: Deed) -> str:
    """A journal entry behind a difference, in one line."""
    moved = f" ({it.was or 'new'} → {it.status})" if it.status is not None and it.status != it.was else ""
    why = f": {it.reason}" if it.reason else ""
    return f"entry {it.entry}, {moment_words(it.recorded_at)}, {it.author}: {it.act} {it.subject}{moved}{why}"


def _past(likelihood: float) -> str:
    clause = likelihood_clause(likelihood)
    return clause.replace("there is ", "there was ", 1).replace("it is ", "it was ", 1)
