"""Compressed files: unpacked as they are read, and refused where they would fill the memory."""

from __future__ import annotations

import gzip
import io
import sys

import pytest

from claims.errors import BadFile
from tracker.formats import packed

TEXT = b"one line\nand another\n" * 5_000


def zstd(data: bytes) -> bytes:
    zstandard = pytest.importorskip("zstandard", reason="zstandard, of the extra zstd, is not installed")
    return bytes(zstandard.ZstdCompressor().compress(data))


PACKING = [gzip.compress, zstd]


@pytest.mark.parametrize("pack", [bytes, *PACKING])
def test_a_file_is_opened_as_it_is(pack) -> None:
    assert packed.opened(io.BytesIO(pack(TEXT)), "x", 1_000_000).read() == TEXT
    assert packed.unpacked(pack(TEXT), "x", 1_000_000) == TEXT


@pytest.mark.parametrize("pack", PACKING)
def test_files_packed_one_after_another_are_one(pack) -> None:
    both = pack(TEXT) + pack(b"the end")
    assert packed.opened(io.BytesIO(both), "x", 1_000_000).read() == TEXT + b"the end"


@pytest.mark.parametrize("pack", PACKING)
def test_one_that_is_cut_short_or_damaged_is_refused(pack) -> None:
    for broken in (pack(TEXT)[:-5], pack(TEXT)[:12], pack(TEXT)[:12] + b"\xff" * 40):
        with pytest.raises(BadFile, match="x cannot be unpacked"):
            packed.opened(io.BytesIO(broken), "x", 1_000_000).read()


@pytest.mark.parametrize("pack", PACKING)
def test_no_more_is_unpacked_than_there_is_room_for(pack) -> None:
    with pytest.raises(BadFile, match="larger than 0 MB"):
        packed.opened(io.BytesIO(pack(TEXT)), "x", 50_000).read()


@pytest.mark.parametrize("pack", PACKING)
def test_what_becomes_a_thousand_times_larger_is_no_honest_file(
    pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "SMALL", 100_000)
    monkeypatch.setattr(packed, "BUFFER", 1 << 14)
    file = packed.opened(io.BytesIO(pack(bytes(5_000_000))), "x", 1_000_000_000)
    with pytest.raises(BadFile, match="unpacks to more than 1,000 times its size"):
        file.read()


def test_without_zstandard_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed.ZSTD + b"whatever"
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(BadFile, match="zstandard, which does that, is not installed") as refused:
        packed.opened(io.BytesIO(data), "x", 1_000)
    assert "claims-verification-tracker[zstd]" in refused.value.hint


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz", "all.jsonl.zst"])
def test_a_file_is_packed_as_its_name_says(name: str) -> None:
    if name.endswith(".zst"):
        pytest.importorskip("zstandard", reason="zstandard, of the extra zstd, is not installed")
    first, second = (b"".join(packed.packed_as(name, [TEXT[:99], TEXT[99:]])) for _ in range(2))
    assert first == second
    assert (first != TEXT) == (not name.endswith("jsonl"))
    assert packed.unpacked(first, name, 1_000_000) == TEXT
