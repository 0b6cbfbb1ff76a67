"""Questions with their rival answers, and contradiction rules, in words and tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.report.tables import UNKNOWN, Column, Row, Table, likelihood, lines
from tracker.report.words import likelihood_clause, listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from claims.tolls import Toll
    from tracker.report.models import Answer, QuestionRecord, RuleRecord


def answers(it: QuestionRecord) -> Table:
    """The rival answers to a question, the likeliest first."""
    columns = (
        Column("Answer", wraps=True),
        Column("Likelihood"),
        Column("Status", status=True),
        Column("Lines"),
    )
    return Table(columns, tuple(_answer(each) for each in it.answers))


def _answer(it: Answer) -> Row:
    first = it.claims[0]
    cells = (first.claim.value or UNKNOWN, likelihood(it.likelihood), str(first.status), lines(first))
    return Row(cells, tuple((each.key, each.claim.text) for each in it.claims))


def question_lines(it: QuestionRecord) -> list[str]:
    """What is asked and which answer leads, in sentences."""
    asked = it.question
    said = [f"{asked.key}: {asked.text}"]
    if asked.counted:
        said.append(f"Counted: {asked.counted}.")
    if asked.exactly_one:
        said.append("One of the answers must be right.")
    elif asked.cumulative:
        said.append("The number can only grow: those of different days can all hold.")
    else:
        said.append("At most one answer is right.")
    return [*said, leading_words(it), *([] if it.toll is None else toll_lines(it.toll))]


def leading_words(it: QuestionRecord) -> str:
    """Which answer leads, or that several do."""
    if not it.answers:
        return "Nobody has given an answer yet."
    if not it.leading:
        return "It is open: nobody speaks for any of the answers."
    names = [_name(answer) for answer in it.leading]
    chance = percent(it.leading[0].likelihood)
    if it.contested:
        return f"Contested: {listed(names)} are as likely as each other ({chance})."
    if len(names) > 1:
        return f"{listed(names)} lead and can all hold ({chance})."
    return f"{names[0]} leads: {likelihood_clause(it.leading[0].likelihood)}."


def _name(answer: Answer) -> str:
    return answer.claims[0].claim.value or answer.claims[0].key


def toll_lines(it: Toll) -> list[str]:
    """What counts come to, and whether they fell."""
    best = "contested" if it.contested else _number(it.best)
    said = [f"The counts come to: low {_number(it.low)}, best {best}, high {_number(it.high)}."]
    if it.contested:
        said.append("No count is the best: several that cannot both hold weigh the same.")
    if it.revised:
        by = [f"{old} by {new}" for old, new in sorted(it.revised.items())]
        said.append(f"Revised or outgrown since: {listed(by)}.")
    if it.unlikely:
        said.append(f"Set aside as unlikely: {listed(it.unlikely)}.")
    said += [f"Alarm: the toll falls from {fall.earlier} to {fall.later}." for fall in it.falls]
    return said


def _number(value: Decimal | None) -> str:
    return "unknown" if value is None else f"{value:f}"


def rules(found: Iterable[RuleRecord]) -> Table:
    """The contradiction rules: name and price, and under them what they say."""
    rows = (
        Row(
            (each.rule.name, f"{each.price:g}" if each.price else "off", f"{each.rule.strength:g}"),
            (
                ("", each.rule.says),
                ("such as:", each.rule.example),
                ("but not:", each.rule.not_this),
            ),
        )
        for each in found
    )
    return Table((Column("Rule"), Column("Strength"), Column("Made for")), tuple(rows))
