"""``tracker question``: pose questions, and see how their rival answers stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import question_keys
from tracker.cli.grouping import Group
from tracker.cli.options import (
    clocks,
    needed_reason_option,
    policy_option,
    reads_in,
    reason_option,
    recorded_by_option,
    together,
    writes,
)
from tracker.cli.output import emit_object, emit_rows
from tracker.cli.paging import emit_page, paged, print_page
from tracker.cli.tables import draw, show_lines, window_width
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page

_FIELDS = together(
    click.option("--counted", metavar="WORDS", help="For counts: who or what is counted."),
    click.option(
        "--cumulative/--not-cumulative",
        default=None,
        help="For counts: whether the number can only grow from day to day.",
    ),
    click.option(
        "--exactly-one/--at-most-one", default=None, help="Whether one of the answers must be right."
    ),
)


@click.group(cls=Group)
def question() -> None:
    """Pose questions, and see how their rival answers stand."""


@question.command("add")
@click.argument("text")
@_FIELDS
@click.option("--key", metavar="KEY", help="Its key (default: made from its words).")
@reason_option
@writes
def add(tracker: Tracker, text: str, format_: str, **fields: Any) -> None:
    """Pose a question, and print its key.

    \b
    Example:  tracker question add "How many died in the raid?" --counted civilians --cumulative
    """
    from tracker.report.jsonable import question as as_json

    given = {name: value for name, value in fields.items() if value is not None}
    added = tracker.add_question(text, **given)
    done(tracker, f"posed the question {added.key}", as_json(added), format_)


@question.command("revise")
@click.argument("key", shell_complete=question_keys)
@click.option("--text", metavar="WORDS", help="What is asked.")
@_FIELDS
@click.option("--clear", multiple=True, metavar="FIELD", help="Take a field out: counted.")
@needed_reason_option
@writes
def revise(
    tracker: Tracker, key: str, clear: tuple[str, ...], reason: str, format_: str, **fields: Any
) -> None:
    """Change a question.

    \b
    Example:  tracker question revise raid-toll --cumulative --reason "the ministry adds up"
    """
    from tracker.report.jsonable import question as as_json

    given = {name: value for name, value in fields.items() if value is not None}
    given.update(dict.fromkeys(clear))
    revised = tracker.revise_question(key, reason=reason, **given)
    done(tracker, f"revised the question {revised.key}", as_json(revised), format_)


@question.command("list")
@paged("questions")
@recorded_by_option
@reads_in("asking:Asking")
def list_(tracker: Tracker, page: Page, format_: str, recorded_by: str | None) -> None:
    """List questions by key."""
    from tracker.report.jsonable import question as as_json

    found, more = page.cut(tracker.questions(**page.asked, recorded_by=recorded_by))
    rows = [as_json(each) for each in found]
    if format_ != "table":
        emit_page(rows, format_, rows[-1]["key"] if more else None)
        return
    cells = [(r["key"], r["text"], r["counted"] or "") for r in rows]
    print_page(page, ("key", "question", "counted"), cells, more)


@question.command("show")
@click.argument("key", shell_complete=question_keys)
@clocks
@policy_option
@reads_in("asking:Asking")
def show(tracker: Tracker, key: str, format_: str, **asked: Any) -> None:
    """Show a question's rival answers, which leads, and what its counts come to.

    Where several answers are as likely as each other it is contested. As csv or md it is one row
    for each claim.

    \b
    Example:  tracker question show raid-toll
    """
    from tracker.report import jsonable, questions, words

    found = tracker.question(key, **asked)
    written = jsonable.question_record(found)
    if format_ in ("json", "jsonl"):
        emit_object(written, format_)
    elif format_ != "table":
        emit_rows(
            [{"question": written["key"], **each} for a in written["answers"] for each in a["claims"]],
            format_,
        )
    else:
        for sentence in questions.question_lines(found):
            show_lines(words.wrapped(sentence, window_width()))
        if found.answers:
            show_lines([""])
            draw(questions.answers(found))
