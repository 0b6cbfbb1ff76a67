"""The templates: where they are, what they can call, and that nothing gets into a page but as text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from claims.vocabulary import Relation, likelihood_words
from tracker.pages.links import outside
from tracker.report import forreaders
from tracker.report.words import moment_words, percent, signed, total_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jinja2 import Environment

    from tracker.plots.figure import Figure

SHORT = 70
"""So many letters of a claim are in the title of its page."""

_MORE = ("more-head.html", "more-nav.html", "more-scripts.html")
"""Templates for what others may add to each page: of this package, nothing."""

_TURNED = {
    Relation.SUPPORTS: "is supported by",
    Relation.DEPENDS_ON: "is needed by",
    Relation.REFINES: "is refined by",
    Relation.SUPERSEDES: "is superseded by",
}
"""Relations as they are told of the other claim; those that are left out are the same both ways."""


@lru_cache(maxsize=4)
def environment(before: Path | None = None) -> Environment:
    """All templates; those in a folder ``before`` come first, and may extend the others.

    Raises :class:`BadValue` where the extra for pages is not installed.
    """
    try:
        from jinja2 import (
            ChoiceLoader,
            DictLoader,
            Environment,
            FileSystemLoader,
            PackageLoader,
            StrictUndefined,
        )

        from tracker.pages import spans
    except ImportError as error:
        raise BadValue(
            "pages need a library that is not installed",
            "install it: pip install 'claims-verification-tracker[web]'",
        ) from error
    own = [PackageLoader("tracker.pages"), DictLoader(dict.fromkeys(_MORE, ""))]
    made = Environment(
        loader=ChoiceLoader(own if before is None else [FileSystemLoader(before), *own]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters |= {
        "day": forreaders.day_words,
        "when": forreaders.when_words,
        "moment": moment_words,
        "percent": percent,
        "term": likelihood_words,
        "signed": signed,
        "total": total_of,
        "outside": outside,
        "short": short,
        "turned": lambda relation: _TURNED.get(relation, relation),
        "near": near,
        "heaviest": _heaviest,
        "joined": _joined,
        "drawn": _drawn,
    }
    made.tests["language"] = spans.is_language
    made.globals |= {"words": forreaders, "spans": spans}
    return made


def short(text: str) -> str:
    """The beginning of a text, to the end of a word."""
    line = " ".join(text.split())
    if len(line) <= SHORT:
        return line
    cut = line[:SHORT].rsplit(" ", 1)[0]
    return f"{cut.rstrip(',;:.')}…"


def near(count: int, page: int) -> list[int | None]:
    """The numbers of pages that a page leads to: the first, the last, and those beside it; None for a gap."""
    shown = sorted({1, count, *range(max(page - 2, 1), min(page + 2, count) + 1)})
    found: list[int | None] = []
    for number in shown:
        if found and found[-1] is not None and number > found[-1] + 1:
            found.append(None)
        found.append(number)
    return found


def _heaviest(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: -abs(row.weight))


def _drawn(figure: Figure) -> Any:
    """A figure as an element of a page."""
    from markupsafe import Markup

    return Markup(figure.inline())  # noqa: S704 - all words in it are escaped as it is drawn


def _joined(parts: Iterable[str], between: str) -> Any:
    """Pieces of a page, which are safe as they are, in a row."""
    from markupsafe import Markup

    return Markup(between).join(Markup(part) for part in parts)  # noqa: S704 - each was made by a template
