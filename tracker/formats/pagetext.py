"""The JSON-LD scripts of a saved web page, found as a browser would find them.

No general reader of HTML is asked: the one of the standard library fails on broken pages, and all that is
wanted is where scripts begin and end (HTML, section 4.12.1). The page is gone through once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TAG = 2_000
"""Characters of a tag; of a script's own, with its attributes, there are some fifty."""

LONGEST_END = 40
"""Characters of what may close a wrapping."""

_BEGINS = re.compile(r"<!--|<script(?=[\s/>])", re.IGNORECASE | re.ASCII)
_ENDS = re.compile(r"</script(?=[\s/>])", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"""(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_TYPE = re.compile(r"""\stype\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_OPENED = re.compile(r"<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?")
_CLOSED = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)?\s*;?\Z")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,30})""", re.IGNORECASE)
_ENCODINGS = re.compile(
    r"windows-125\d|iso-8859-\d{1,2}|latin-?1|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|utf-16",
    re.IGNORECASE,
)
"""Encodings that pages have; others that Python knows are none of text, or slow on purpose."""


def scripts_of(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Each script of JSON-LD in a page, with its place: "script 2 (line 14)".

    Raises :class:`BadFile` for a page that is in no known encoding.
    """
    page = _text(data, name)
    number, line, counted, at = 0, 1, 0, 0
    while found := _BEGINS.search(page, at):
        if found[0] == "<!--":
            at = page.find("-->", found.end())
            if at < 0:
                return
            continue
        tag = _TAG.match(page, found.end(), found.end() + LONGEST_TAG)
        if tag is None:
            at = found.end()
            continue
        ends = _ENDS.search(page, tag.end())
        at = ends.start() if ends else len(page)
        if _is_json_ld(tag[0]):
            number += 1
            line, counted = line + page.count("\n", counted, found.start()), found.start()
            yield f"script {number} (line {line})", _unwrapped(page[tag.end() : at]).encode()
        at = max(at, tag.end())
        if ends:
            at = ends.end()


def _is_json_ld(tag: str) -> bool:
    found = _TYPE.search(" " + tag)
    said = next((each for each in found.groups() if each), "") if found else ""
    return said.split(";")[0].strip().lower() == "application/ld+json"


def _unwrapped(script: str) -> str:
    """What a script holds, out of the comment or the CDATA section that old pages put around it."""
    script = script.strip()
    opened = _OPENED.match(script)
    begin = opened.end() if opened else 0
    closed = _CLOSED.search(script, max(begin, len(script) - LONGEST_END))
    return script[begin : closed.start()] if closed else script[begin:]


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        said = _CHARSET.search(data, 0, 4_000)
        encoding = said[1].decode() if said else ""
        if _ENCODINGS.fullmatch(encoding):
            return data.decode(encoding, "replace")
        where = f"byte {error.start} is not UTF-8, and it names no encoding that is known"
        raise BadFile(f"{name} cannot be read as a page: {where}", "save the page as UTF-8") from error
