"""What a casebook is to hold that is written over an older one: the old words wherever they say the same.

Three casebooks meet: the old file as it is written; what that file says, in the words of an export; and what
the record says now. A field keeps its old words where the last two agree, or where it has the words of an
export already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.formats.casebook import contents, evidence_keys
from tracker.formats.casebookfields import DATE, FIELDS, KEYED, NAMED
from tracker.formats.yamledit import Element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.formats.casebook import Casebook

Fields = dict[str, Any]

_UNSAID = {"assessments": ("by", "on")}
"""Fields that a file may leave to the day and the person of its import, and is then left without."""


def merged(old: Casebook, said: Casebook | None, now: Casebook) -> Fields:
    """The sections of the casebook ``now``, in the words and the order of ``old`` where it says the same.

    ``said`` is what ``old`` says, as the tracker writes it; None where that is not known. Records that the
    old file names and does not hold are left out again. Elements of lists that the old file has are marked
    (:class:`tracker.formats.yamledit.Element`).
    """
    before, meant, after = (contents(book) if book is not None else {} for book in (old, said, now))
    whole: Fields = {}
    if "case" in after:
        whole["case"] = _fields("case", before.get("case") or {}, meant.get("case"), after["case"])
    for section in (*before, *after):
        if section in whole or section not in after:
            continue
        items = after[section]
        if section in KEYED and section != "claims":
            left_out = named(section, meant or before) - set(before.get(section) or ())
            items = {key: fields for key, fields in items.items() if key not in left_out}
        parts = (before.get(section), meant.get(section), items)
        if items:
            whole[section] = _keyed(section, *parts) if section in KEYED else _listed(section, *parts)
    return whole


def _keyed(section: str, old: Fields | None, said: Fields | None, now: Fields) -> Fields:
    found = {}
    for key, fields in (old or {}).items():
        if key in now:
            found[key] = _item(section, key, fields, (said or {}).get(key), now[key])
    return {**found, **{key: fields for key, fields in now.items() if key not in found}}


def named(section: str, contents: Fields) -> set[str]:
    """The records of a section that a casebook names, by key or by name."""
    return {
        item[name]
        for place, name in (each for each, its in NAMED.items() if its == section)
        for item in items_of(place, contents)
        if item.get(name)
    }


def items_of(section: str, contents: Fields) -> Iterable[Fields]:
    """The items of a section, without their keys; those of evidence from all claims."""
    if section == "evidence":
        claims: Iterable[Fields] = (contents.get("claims") or {}).values()
        return [piece for claim in claims for piece in claim.get("evidence") or ()]
    found: Any = contents.get(section) or {}
    return list(found.values() if section in KEYED else found)


def _item(section: str, key: str, old: Fields, said: Fields | None, now: Fields) -> Fields:
    fields = _fields(section, old, said, now)
    if section == "claims" and "evidence" in now and old.get("evidence"):
        meant = (said or {}).get("evidence") or ()
        fields["evidence"] = _evidence(key, old["evidence"], meant, now["evidence"])
    return fields


def _fields(section: str, old: Fields, said: Fields | None, now: Fields) -> Fields:
    """The fields of an item: old words where they say the same, and new fields in their usual order."""
    found = {
        name: value if _stays(section, name, old, said, now) else now[name]
        for name, value in old.items()
        if name in now or _stays(section, name, old, said, now)
    }
    new = [name for name in now if name not in old and not _stays(section, name, old, said, now)]
    return _in_place(found, {name: now[name] for name in new}, tuple(FIELDS[section]))


def _stays(section: str, name: str, old: Fields, said: Fields | None, now: Fields) -> bool:
    was, new = old.get(name), now.get(name)
    if was == new or (new is None and was == []):
        return True
    if was is None and name in _UNSAID.get(section, ()):
        return True
    if FIELDS[section][name] == DATE and isinstance(was, str) and isinstance(new, dict):
        return False  # words that mean another day tomorrow
    return said is not None and said.get(name) == new


def _in_place(found: Fields, new: Fields, order: tuple[str, ...]) -> Fields:
    """Fields with new ones put after those that they usually come after."""
    names = list(found)
    for name in new:
        earlier = [names.index(each) for each in order[: order.index(name)] if each in names]
        names.insert(max(earlier) + 1 if earlier else 0, name)
    return {name: found[name] if name in found else new[name] for name in names}


# --- lists ----------------------------------------------------------------------------------------


def _evidence(claim: str, old: list[Fields], said: Iterable[Fields], now: list[Fields]) -> list[Element]:
    """The evidence on a claim: known by its key, be that written or made from claim and source."""
    meant = {piece["key"]: piece for piece in said}
    new = {piece["key"]: piece for piece in now}
    kept = [
        (number, key, _piece(piece, key, meant.get(key), new.pop(key)))
        for number, (key, piece) in enumerate(zip(evidence_keys(claim, old), old, strict=True))
        if key in new
    ]
    read = evidence_keys(claim, [piece for _, _, piece in kept])
    stay = []
    for (number, key, piece), made in zip(kept, read, strict=True):
        # Where one that stood before it is gone, it would be read under another key.
        named = piece if made == key else _in_place(piece, {"key": key}, tuple(FIELDS["evidence"]))
        stay.append(Element(named, number))
    return stay + [Element(piece, None) for piece in new.values()]


def _piece(old: Fields, key: str, said: Fields | None, now: Fields) -> Fields:
    named = {**now, "key": old["key"]} if old.get("key") else {n: v for n, v in now.items() if n != "key"}
    return _fields("evidence", old, said and {**said, "key": key}, named)


def _listed(section: str, old: list[Fields] | None, said: list[Fields] | None, now: list[Fields]) -> Any:
    """Links and assessments: known by what they say."""
    if not old:
        return now
    left, meant = list(now), list(said or ())
    found: list[Element] = []
    for number, fields in enumerate(old):
        match = _taken(left, section, fields)
        if match is not None:
            found.append(Element(_fields(section, fields, _taken(meant, section, fields), match), number))
    return found + [Element(fields, None) for fields in left]


def _taken(among: list[Fields], section: str, wanted: Fields) -> Fields | None:
    """The item that is the same one as another, taken out of a list."""
    for known in (lambda each: each == wanted, _known_as(section, wanted)):
        for number, each in enumerate(among):
            if known(each):
                return among.pop(number)
    return None


def _known_as(section: str, wanted: Fields) -> Callable[[Fields], bool]:
    names = ("claim", "relation", "to", "rule") if section == "links" else ("claim", "status", "reason")

    def same(each: Fields) -> bool:
        by = section == "links" or not wanted.get("by") or each.get("by") == wanted["by"]
        return by and all(_word(each.get(name)) == _word(wanted.get(name)) for name in names)

    return same


def _word(text: str | None) -> str:
    return " ".join((text or "").lower().replace("_", "-").split()).replace(" ", "-")
