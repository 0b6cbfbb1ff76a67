"""Files that commands read and write: the first bytes of one, and one written whole or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import click

from claims.errors import BadFile
from tracker.formats.packed import packed_as, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO


def write_out(output: str, parts: Iterable[bytes]) -> None:
    """Write what comes in parts to a file, compressed if its name says so, or to standard output (a dash)."""
    if output != "-":
        write_bytes(Path(output), packed_as(output, parts))
        return
    for part in parts:
        click.echo(part, nl=False)


def write_whole(path: Path, text: str | Iterable[str]) -> None:
    """Write a text, or one in parts, to a file: whole or not at all; to a device or a pipe, which is
    no file, directly."""
    write_bytes(path, (part.encode() for part in ([text] if isinstance(text, str) else text)))


def write_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """The same of bytes."""
    partial = None
    try:
        target = path.resolve()  # a link stays one
        if target.is_file() or not target.exists():
            partial = Path(f"{target}.{os.getpid()}.partial")
            _write(partial, parts)
            partial.replace(target)
        else:
            _write(target, parts)
    except BaseException as error:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise BadFile(f"{path} cannot be written ({error.strerror})", "choose another place") from error


def _write(path: Path, parts: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(parts)


def _standard_input(most: int) -> bytes:
    """What was piped in: it can be read once, and a command may be run again."""
    kept = click.get_current_context().meta
    if __name__ not in kept:
        kept[__name__] = sys.stdin.buffer.read(most) if sys.stdin is not None else b""
    data: bytes = kept[__name__]
    return data


def table_at(file: str, most: int) -> tuple[Path | BinaryIO, str]:
    """A file to be read as a stream, or what was piped in (the first bytes of it), and what to call it."""
    if file != "-":
        return Path(file), Path(file).name
    ctx = click.get_current_context()
    where = f"{__name__}.stream"
    if where not in ctx.meta:  # it can be read once, and a command may be run again
        kept = ctx.meta[where] = ctx.with_resource(TemporaryFile())  # noqa: SIM115 - closed with the context
        while sys.stdin is not None and kept.tell() < most and (data := sys.stdin.buffer.read(1 << 20)):
            kept.write(data)
    stream: BinaryIO = ctx.meta[where]
    stream.seek(0)
    return stream, "standard input"


def read_bytes(file: str, most: int) -> tuple[bytes, str]:
    """The first bytes of a file, or of standard input, and what to call it."""
    if file == "-":
        return _standard_input(most), "standard input"
    try:
        with Path(file).open("rb") as opened_file:
            return opened_file.read(most), Path(file).name
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadFile(f"{file} cannot be read ({why})", "check the path") from error


def older_text(output: str) -> str:
    """The text of the file that is written over, as it is; empty where there is none, or it is no text."""
    from tracker.formats.yamltree import MAX_BYTES

    try:
        if output == "-" or not Path(output).is_file():
            return ""
        data, name = read_bytes(output, MAX_BYTES + 1)
        return unpacked(data, name, MAX_BYTES).decode("utf-8")
    except (BadFile, ValueError):
        return ""
