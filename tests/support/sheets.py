"""Spreadsheets made for tests, sound and broken."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def spreadsheet(*rows: Sequence[Any], more: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    """A spreadsheet with these rows on its first sheet, and more sheets by name; skips the calling test,
    saying so, where openpyxl is not installed."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for name, others in (more or {}).items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed_member(data: bytes, member: str, *pairs: bytes) -> bytes:
    """A zip file in which bytes of one member are replaced: an old, its new one, the next old, and so on."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == member:
                for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                    assert before in content, f"{member} holds no {before!r}"
                    content = content.replace(before, after)
            new.writestr(info.filename, content)
    return changed.getvalue()
