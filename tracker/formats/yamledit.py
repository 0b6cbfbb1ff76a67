"""A YAML text changed only where its values changed: comments, order and style stay everywhere else.

The text is cut at the lines where the names of its mappings and the dashes of its lists stand. A part whose
value is the same is kept byte for byte; one that changed is cut further, or written anew in its place. The
comment block right above a part belongs to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.formats.yamlplaces import Place, places_of
from tracker.formats.yamltext import write_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_STEP = 9
"""The deepest indentation that can be written anew."""

_BEHIND = re.compile(r"[ \t]+#[^\r\n]*")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a list whose elements are known apart: its value, and its place in the list as it was
    (None where it is new)."""

    value: Any
    was: int | None


def edit_yaml(text: str, old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """The text of a mapping ``old`` changed so that it holds ``new``; None where it cannot be cut.

    Names of the text that neither has stay, as do those that both have, in their order; new ones come after
    the one that is before them in ``new``. Lists of :class:`Element` in ``new`` are changed element by
    element, in the order of the old list and with new ones last; other values are replaced as a whole. The
    caller should read the result back: a text may be written in ways in which a part cannot be told from
    what follows it.
    """
    if _same(old, new):
        return text
    root = places_of(text)
    if root is None or not root.block or root.listed:
        return None
    return _Editing(text).mapping(root, _Room(0, len(text), 2), old, new)


def bare(value: Any) -> Any:
    """A value without the marks of its elements."""
    if isinstance(value, Element):
        return bare(value.value)
    if isinstance(value, dict):
        return {name: bare(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value


def _same(old: Any, new: Any) -> bool:
    if _has_elements(new):
        stays = [each.was for each in new] == list(range(len(old or ())))
        return stays and all(_same(one, two.value) for one, two in zip(old or (), new, strict=True))
    if isinstance(new, dict) and isinstance(old, dict):
        return old.keys() == new.keys() and all(_same(old[name], new[name]) for name in new)
    return bool(old == new)


def _has_elements(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Element)


@dataclass(frozen=True, slots=True)
class _Room:
    """Where the value of a part stands: from its first line to where the next part begins, and how far it is
    indented against what it is in."""

    begin: int
    end: int
    step: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """One part of a text: where its comments begin, where itself, where it ends, and where the next begins.
    Between the last two are empty lines and comments that belong to nothing."""

    lead: int
    start: int
    stop: int
    next: int


@dataclass(slots=True)
class _Piece:
    """A part as it will be, with what stands between it and the next."""

    name: str
    body: str
    gap: str = ""


class _Editing:
    """One text being changed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if re.search(r"\r?\n", text + "\n")[0] == "\r\n" else "\n"  # type: ignore[index]

    # --- mappings and lists -------------------------------------------------------------------

    def mapping(self, place: Place, room: _Room, old: dict[str, Any], new: dict[str, Any]) -> str | None:
        """The text of a mapping, changed; None where it cannot be cut."""
        cuts = self._cut([key.start for key in place.keys], place, room)
        names = [key.text for key in place.keys]
        if cuts is None:
            return None
        first_stays = names[0] in new or names[0] not in old
        if not first_stays and self._after_dash(cuts[0]):
            return None
        pieces: list[_Piece] = []
        for name, key, value, cut in zip(names, place.keys, place.values, cuts, strict=True):
            gap = self.text[cut.stop : cut.next]
            if _same(old.get(name), new.get(name)):
                pieces.append(_Piece(name, self.text[cut.lead : cut.stop], gap))
            elif name not in new:
                _drop(pieces, gap, last=cut is cuts[-1])
            else:
                part = self._entry(key, value, cut, old.get(name), new[name], room.step)
                pieces.append(_Piece(name, self.text[cut.lead : cut.start] + part, gap))
        known, before = set(names), None
        for name, value in new.items():
            if name not in known:
                written = self._shifted({name: bare(value)}, place.column, room.step)
                _insert(pieces, _Piece(name, written), before, first_stays=first_stays)
            before = name
        return self._joined(room, cuts, pieces)

    def _entry(self, key: Place, value: Place, cut: _Cut, old: Any, new: Any, step: int) -> str:
        """A name with its value, changed: inside where that can be cut, or else as a whole."""
        head = self._line_end(key.start)
        inner = None
        if value.block and value.start > head:
            deeper = value.column - key.column
            room = _Room(head, cut.stop, deeper if 1 < deeper <= MOST_STEP else step)
            inner = self._inside(value, room, old, new)
        if inner is not None:
            return self.text[cut.start : head] + inner
        flow = not value.block and value.collection and bool(old)
        written = self._shifted({key.text: bare(new)}, key.column, step, flow=flow)
        if cut.start == key.start:
            written = written[key.column :]
        return self._with_comment(written, value)

    def _inside(self, value: Place, room: _Room, old: Any, new: Any) -> str | None:
        if value.listed:
            return self._list(value, room, old, new) if isinstance(old, list) and _has_elements(new) else None
        both = isinstance(old, dict) and isinstance(new, dict)
        return self.mapping(value, room, old, new) if both else None

    def _list(self, place: Place, room: _Room, old: list[Any], new: list[Element]) -> str | None:
        dashes = [mark for value in place.values if (mark := self._dash(value, place.column)) is not None]
        cuts = self._cut(dashes, place, room) if len(dashes) == len(old) else None
        if cuts is None:
            return None
        stays = {each.was: each.value for each in new if each.was is not None}
        pieces: list[_Piece] = []
        for number, (value, cut) in enumerate(zip(place.values, cuts, strict=True)):
            gap = self.text[cut.stop : cut.next]
            if number not in stays:
                _drop(pieces, gap, last=cut is cuts[-1])
            elif _same(old[number], stays[number]):
                pieces.append(_Piece("", self.text[cut.lead : cut.stop], gap))
            else:
                part = self._element(place.column, value, cut, old[number], stays[number], room.step)
                pieces.append(_Piece("", self.text[cut.lead : cut.start] + part, gap))
        for each in new:
            if each.was is None:
                written = self._shifted([bare(each.value)], place.column, room.step)
                _insert(pieces, _Piece("", written), "", first_stays=True)
        return self._joined(room, cuts, pieces)

    def _element(self, column: int, value: Place, cut: _Cut, old: Any, new: Any, step: int) -> str:
        inner = None
        if value.block and not value.listed and isinstance(old, dict) and isinstance(new, dict):
            head = min(self._line_end(cut.start), value.start)
            inner = self.mapping(value, _Room(head, cut.stop, step), old, new)
            if inner is not None:
                return self.text[cut.start : head] + inner
        flow = not value.block and value.collection
        written = self._shifted([bare(new)], column, step, flow=flow)
        return self._with_comment(written, value)

    # --- cutting ------------------------------------------------------------------------------

    def _cut(self, marks: Sequence[int], place: Place, room: _Room) -> list[_Cut] | None:
        """The parts of a mapping or list that begin at these marks; None where one of them does not begin its
        line, but for a first that comes after a dash."""
        starts = [self._line_start(mark) for mark in marks]
        for number, (mark, start) in enumerate(zip(marks, starts, strict=True)):
            if self.text[start:mark] == " " * place.column:
                continue
            if number or mark != room.begin:
                return None
            starts[0] = mark
        ends = [*starts[1:], room.end]
        stops = [self._content_end(start, end, place.column) for start, end in zip(starts, ends, strict=True)]
        floors = [min(room.begin, starts[0]), *stops[:-1]]
        leads = [self._lead(start, floor) for start, floor in zip(starts, floors, strict=True)]
        follows = [*leads[1:], room.end]
        return [_Cut(*each) for each in zip(leads, starts, stops, follows, strict=True)]

    def _dash(self, value: Place, column: int) -> int | None:
        """Where the dash of an element stands: on its line, or with nothing but comments in between."""
        dash = re.compile(rf" {{{column}}}-[ \t]*(#.*)?\s*")
        end = value.start
        while end > 0:
            start = self._line_start(end - 1)
            line = self.text[start:end]
            if dash.fullmatch(line):
                return start + column
            if line.strip() and not line.lstrip().startswith("#"):
                return None
            end = start
        return None

    def _after_dash(self, cut: _Cut) -> bool:
        return cut.start != self._line_start(cut.start)

    def _content_end(self, start: int, end: int, column: int) -> int:
        """Where a part ends: before the empty lines and the comments after it that are indented no deeper
        than it is."""
        while end > start:
            begin = self._line_start(end - 1)
            line = self.text[begin:end]
            told = line.lstrip(" ")
            is_comment = told.startswith("#") and len(line) - len(told) <= column
            if begin <= start or not (is_comment or not line.strip()):
                break
            end = begin
        return end

    def _lead(self, start: int, floor: int) -> int:
        """Where the comment block right above a line begins."""
        if start != self._line_start(start):
            return start
        while start > floor:
            begin = self._line_start(start - 1)
            if begin < floor or not self.text[begin:start].lstrip().startswith("#"):
                break
            start = begin
        return start

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        """Where the next line begins."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    # --- writing ------------------------------------------------------------------------------

    def _shifted(self, value: Any, column: int, step: int, *, flow: bool = False) -> str:
        """A mapping of one name, or a list of one element, written at a column."""
        if flow:
            [(name, inner)] = value.items() if isinstance(value, dict) else [("", value[0])]
            head = "- " if isinstance(value, list) else write_yaml({name: ""}).removesuffix(" ''\n") + " "
            written = head + write_yaml(inner, flow=True)
        else:
            written = write_yaml(value, step=2 if isinstance(value, list) else step)
        lines = written.removesuffix("\n").split("\n")
        return "".join((" " * column + line if line else "") + self.newline for line in lines)

    def _with_comment(self, written: str, value: Place) -> str:
        """What was written, with the comment that stood behind the old value on its line."""
        behind = None if value.block else _BEHIND.match(self.text, value.end)
        if behind is None or written.count("\n") != 1:
            return written
        return written.removesuffix(self.newline) + behind[0] + self.newline

    def _joined(self, room: _Room, cuts: list[_Cut], pieces: list[_Piece]) -> str:
        text = self.text[room.begin : cuts[0].lead]
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            body = piece.body
            if not body.endswith("\n") and (piece.gap or not last):
                body += self.newline
            text += body + piece.gap
        return text


def _drop(pieces: list[_Piece], gap: str, *, last: bool) -> None:
    """Leave a part out; what stands after it stays where that is more than empty lines, or the end."""
    if not (last or gap.strip()):
        return
    if not pieces:
        pieces.append(_Piece("", "", gap))
    else:
        before = pieces[-1].gap
        pieces[-1].gap = (before if before.strip() else "") + gap


def _insert(pieces: list[_Piece], new: _Piece, before: str | None, *, first_stays: bool) -> None:
    """Put a new part after the one of a name, or at the beginning, but after a first that must stay there;
    what stands between that and the next comes after it."""
    there = (number for number in reversed(range(len(pieces))) if pieces[number].name == before)
    at = next(there, 0 if pieces and first_stays else None)
    if at is None:
        pieces.insert(0, new)
        return
    new.gap, pieces[at].gap = pieces[at].gap, ""
    pieces.insert(at + 1, new)
