"""The smallest parts of pages, of which each has a hundred: made without templates, which are slower."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tracker.report import forreaders

if TYPE_CHECKING:
    from datetime import date

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}\Z")
"""What may stand as the language of a text (BCP 47, near enough that no browser stumbles)."""


def is_language(text: object) -> bool:
    """Whether a text may stand as the language of another."""
    return isinstance(text, str) and _LANGUAGE.match(text) is not None


@lru_cache(maxsize=256)
def shape(name: str) -> Markup:
    """The shape that stands beside a word, for those who do not see colours."""
    return Markup(
        '<svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<use href="#shape-{}"/></svg>'
    ).format(str(name))


@lru_cache(maxsize=256)
def status(word: str) -> Markup:
    """A status, with its shape."""
    return Markup('<span class="status is-{}">{}{}</span>').format(str(word), shape(word), str(word))


def text(words: object, lang: str | None = None) -> Markup:
    """Whatever came from outside: text, with a direction of its own."""
    language = Markup(' lang="{}"').format(lang) if is_language(lang) else ""
    return Markup(f'<bdi dir="auto"{language}>{escape(words)}</bdi>')  # noqa: S704 - both are escaped


@lru_cache(maxsize=4096)
def day(when: date | str) -> Markup:
    """A day, for people and for programs."""
    return Markup('<time datetime="{}">{}</time>').format(str(when), forreaders.day_words(when))
