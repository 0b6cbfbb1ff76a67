"""Cells of tables that are written: harmless to spreadsheets and terminals; and, where nothing may be lost,
so that the very text can be read back.
"""

from __future__ import annotations

import json
import re

from claims.errors import BadValue

FORMULA_STARTS = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of a formula, full-width forms too."""

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
"""Characters that steer a terminal, turn the direction of a line, or have no place in XML."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"))
"""Texts that are errors in a spreadsheet."""

NOT_WORKED_OUT = "#FORMULA"
"""What stands in a cell whose formula was never worked out."""


def what_is_wrong(cell: str) -> str:
    """Why a cell says nothing, where it is an error of a spreadsheet; "" where it is none."""
    if cell in ERRORS:
        return f"holds the error {cell}"
    if cell == NOT_WORKED_OUT:
        return "holds a formula that was never worked out; open the file and save it once"
    return ""


def harmless(text: str) -> str:
    """A cell for people: no formula, no control character. Not all of it can be read back."""
    text = CONTROLS.sub("�", text)
    return "'" + text if text[:1] in FORMULA_STARTS and not _is_number(text) else text


def exact(text: str) -> str:
    """A cell that is as harmless, and of which :func:`text_of` makes the very text: what holds control
    characters is written as JSON, between quotes, and so is what begins or ends with a space; what could be
    a formula, or begins with a quote of its own, begins with an apostrophe."""
    if text != text.strip() or what_is_wrong(text) or CONTROLS.search(text):
        return escaped(json.dumps(text, ensure_ascii=False))
    risky = text[:1] in (*FORMULA_STARTS, "'", '"') and not _is_number(text)
    return "'" + text if risky else text


def text_of(cell: str) -> str:
    """The text that :func:`exact` made a cell of. Raises :class:`BadValue` for what it makes of none."""
    if cell[:1] != '"':
        return cell.removeprefix("'")
    try:
        text = json.loads(cell)
    except ValueError as error:
        raise BadValue(f"{cell[:60]!r} is no text between quotes ({error})", "write it as JSON") from error
    if not isinstance(text, str):
        raise BadValue(f"{cell[:60]!r} is no text", "write it as JSON")
    return text


def escaped(written: str) -> str:
    """JSON in which no character steers a terminal: such stand there by their numbers."""
    return CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
