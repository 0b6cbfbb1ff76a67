"""TOML read safely: small files that people write (maps, settings), and one error for all that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import BadFile

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 100_000
"""A file larger than this is neither a map nor settings."""

LONGEST_LINE = 2_000
"""Characters of a line. A key of thousands of parts (a.a.a…) takes the parser minutes."""


def read_toml(text: str, name: str, hint: str) -> dict[str, Any]:
    """What a TOML text says; ``name`` is what messages call the file, ``hint`` what to do about it.

    Raises :class:`BadFile` for what is no TOML, is nested past what can be read, or holds a line or a
    number that is too long.
    """
    import tomllib  # commands that read no such file start without it

    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            raise BadFile(f"{name}, line {number}: it has more than {LONGEST_LINE:,} characters", hint)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise BadFile(f"{name} is nested too deep", hint) from error
    except ValueError as error:  # TOMLDecodeError, and what int() says of thousands of digits
        raise BadFile(f"{name} is not TOML ({error})", hint) from error


def read_text(path: Path) -> str:
    """The text of such a file. Raises ``OSError``, and ``ValueError`` for what is too large or not UTF-8."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 1_000} kB")
    return data.decode("utf-8-sig")
