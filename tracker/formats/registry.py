"""The formats that files come in and go out by: those of this program, and those that other packages
bring by the entry-point group ``claims_verification_tracker.formats``.

An entry point leads to a module, or anything else, with ``FORMATS``: a tuple of :class:`Format`. What
cannot be taken is a finding: it is listed, and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from claims.errors import Finding, NotFound
from claims.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.metadata import EntryPoint
    from typing import BinaryIO

    from tracker.formats.acts import Reading
    from tracker.report.extract import Extract

    Options = Mapping[str, str]

GROUP = "claims_verification_tracker.formats"
OWN = "tracker.formats.registry"
"""What the program's own entry point leads to; its formats are there without it."""

SHIPPED: dict[str, str] = {
    "casebook": "tracker.formats.casebook",
    "csv": "tracker.formats.tables",
    "tsv": "tracker.formats.tables",
    "xlsx": "tracker.formats.tables",
    "jsonl": "tracker.formats.tables",
    "parquet": "tracker.formats.parquet",
    "claimreview": "tracker.formats.claimreview",
    "factck-br": "tracker.formats.factck",
    "wikidata": "tracker.formats.wikidata.files",
    "quickstatements": "tracker.formats.wikidata.files",
    "stix": "tracker.formats.stix",
    "misp": "tracker.formats.misp",
    "misp-attributions": "tracker.formats.misp",
}
"""The formats of this program, each with the module that its ``FORMATS`` are in."""

Kind = Literal["acts", "rows", "casebook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: what it is called on the command line, and what it reads and writes.

    ``read(file, name, options)`` is given an open binary file, unpacked, which it reads from its beginning
    to its end, once; what messages call it; and the options. It gives what the file says, a group
    after another, and findings for what it cannot read; it raises :class:`BadFile` where it can read nothing.

    ``write(extract, options)`` is given what is to be written, and gives the file in parts, as text (which
    is written as UTF-8) or bytes; and findings, for what it has no place for.

    ``options`` are those that it knows, each with what it is for; others are refused before it is called.
    ``endings`` are those of its files, ``page`` is where it is documented, and ``extra`` the extra that
    it needs, if any. ``kind`` is how what it reads is recorded: as ``acts``, unless it is one of
    the program's own tables or casebooks, which are read otherwise.
    """

    name: str
    summary: str
    read: Callable[[BinaryIO, str, Options], Reading] | None = None
    write: Callable[[Extract, Options], Iterator[str | bytes | Finding]] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    page: str = ""
    extra: str = ""
    kind: Kind = "acts"
    reads: bool | None = None
    writes: bool | None = None
    origin: str = ""

    @property
    def can_read(self) -> bool:
        """Whether files of it can be imported."""
        return self.read is not None if self.reads is None else self.reads

    @property
    def can_write(self) -> bool:
        """Whether records can be exported in it."""
        return self.write is not None if self.writes is None else self.writes


@dataclass(frozen=True, slots=True)
class Registry:
    """All formats by name, and what of other packages could not be taken."""

    formats: dict[str, Format] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def find_format(name: str) -> Format:
    """A format by its name. Raises :class:`NotFound`, with what was perhaps meant."""
    if name in SHIPPED:
        return _shipped(name)
    found = load_all().formats
    if name not in found:
        near = did_you_mean(name, found)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        raise NotFound(f"there is no format {name!r}", f"{meant}see those there are: tracker formats")
    return found[name]


@lru_cache(maxsize=1)
def load_all() -> Registry:
    """Every format, those of this program first; others are loaded once."""
    from importlib.metadata import entry_points  # for those alone who ask for what others bring

    found = Registry({name: _shipped(name) for name in SHIPPED})
    for point in sorted(entry_points(group=GROUP), key=lambda point: (_origin(point), point.name)):
        if point.value != OWN:
            _take(point, found)
    return found


def _shipped(name: str) -> Format:
    formats: tuple[Format, ...] = import_module(SHIPPED[name]).FORMATS
    return next(each for each in formats if each.name == name)


def _take(point: EntryPoint, found: Registry) -> None:
    """Take the formats of another package."""
    origin = _origin(point)
    where = f"{origin}, entry point {point.name}"
    try:
        brought: Any = point.load()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in it is its own affair
        said = f"{point.value} cannot be loaded ({type(error).__name__}: {error})"
        found.findings.append(Finding(where, said, f"update or uninstall {origin}"))
        return
    formats = getattr(brought, "FORMATS", None)
    if not isinstance(formats, tuple | list) or not all(isinstance(each, Format) for each in formats):
        found.findings.append(Finding(where, "FORMATS is no tuple of formats", "see docs/formats.md"))
        return
    for each in formats:
        if each.name in found.formats:
            said = f"there is a format {each.name} already: left out"
            found.findings.append(Finding(where, said, "give it another name"))
        elif each.kind != "acts":
            said = f"{each.name} is of kind {each.kind}, and other packages give acts: left out"
            found.findings.append(Finding(where, said, "see docs/formats.md"))
        else:
            found.formats[each.name] = replace(each, origin=origin)


def _origin(point: EntryPoint) -> str:
    """The package that an entry point belongs to, and its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "a package"
