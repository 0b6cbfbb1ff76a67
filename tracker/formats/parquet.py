"""Parquet: the views that docs/sql.md describes as files for notebooks, one view a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from tracker.formats.registry import Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.report.extract import Extract

USUAL = "claim_status"
"""The table that is written unless another is asked for."""


def write(extract: Extract, options: Mapping[str, str]) -> Iterator[bytes]:
    """A table of the present as Parquet, compressed by zstd, a group of rows for each portion.

    Raises :class:`BadValue` where the extra for it is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise BadValue(
            "Parquet needs a library that is not installed",
            "install it: pip install 'claims-verification-tracker[parquet]'",
        ) from error
    table = extract.table(options.get("table", USUAL))
    types: dict[str, Any] = {
        "text": pa.string(),
        "whole number": pa.int64(),
        "number": pa.float64(),
        "yes or no": pa.bool_(),
        "date": pa.date32(),
    }
    schema = pa.schema([(name, types[kind]) for name, kind in table.columns.items()])
    file = _Sink()
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in table.portions:
            columns = [
                pa.array([row[place] for row in rows], type=field.type) for place, field in enumerate(schema)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            yield file.taken()
    yield file.taken()


class _Sink:
    """A file that is handed on in parts while it is written: it only grows at its end."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        self._size += len(part)
        return len(part)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What is still in it can be taken."""

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        part = b"".join(self._parts)
        self._parts.clear()
        return part


FORMATS = (
    Format(
        name="parquet",
        summary="a table of claims, evidence, changes or sources for notebooks",
        write=write,
        options={"table": "claim_status (the usual), evidence_list, status_history or source_record"},
        endings=(".parquet",),
        page="docs/sql.md",
        extra="parquet",
    ),
)
"""The format."""
