"""Zip files within limits: what was made by an honest program is unpacked, and bombs are not."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile
from tracker.formats import zipsafe
from tracker.formats.zipsafe import MAX_RATIO, SMALL, members


def packed(*content: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in content:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def says(data: bytes) -> str:
    with pytest.raises(BadFile) as caught:
        members(data, "book.xlsx")
    assert caught.value.hint
    assert len(caught.value.message) < 300
    return caught.value.message


def test_an_honest_file_is_unpacked() -> None:
    content = (("a.xml", b"one" * 1_000), ("folder/b é.xml", b""), ("c", bytes(range(256))))
    assert members(packed(*content), "book.xlsx") == dict(content)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x",
        "a/../../x",
        "..",
        "\\\\host\\x",
        "a\\..\\..\\x",
        "C:\\x",
        "C:/x",
        "a\x1b[31m",
        "a\nb",
    ],
)
def test_names_that_lead_out(name: str) -> None:
    data = packed((name.replace("\x00", "_"), b"x"))
    assert "which leads out of it" in says(data)


def test_a_member_that_is_packed_too_well() -> None:
    assert members(packed(("a", bytes(SMALL))), "x")["a"] == bytes(SMALL)
    assert f"more than {MAX_RATIO} times larger unpacked" in says(packed(("a", bytes(SMALL + 1))))


def test_members_that_are_too_large_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipsafe, "MAX_BYTES", 2_000_000)
    many = [(f"{number}", bytes(900_000)) for number in range(3)]
    assert "unpacks to more than 2 MB" in says(packed(*many))


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipsafe, "MAX_MEMBERS", 3)
    assert "has 4 members, more than 3" in says(packed(*((f"{number}", b"") for number in range(4))))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name() -> None:
    assert "two members with the name 'a'" in says(packed(("a", b"1"), ("a", b"2")))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(method: int) -> None:
    assert "packed in a way that is not read here" in says(packed(("a", b"1"), method=method))


def test_members_that_overlap() -> None:
    """The directory names one stretch of bytes twice, as the bombs do whose members share their bytes."""
    data = bytearray(packed(("a", b"x" * 100), ("b", b"x" * 100), method=zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)  # where the second begins: at the first
    assert "members that overlap" in says(bytes(data))


def test_a_directory_that_lies_about_a_size() -> None:
    data = bytearray(packed(("a", b"x" * 5_000)))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    assert "cannot be unpacked" in says(bytes(data))


def test_a_file_with_a_password() -> None:
    data = bytearray(packed(("a", b"x")))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.rindex(mark) + at] |= 1
    assert "is encrypted" in says(bytes(data))


def test_a_zip_in_a_zip_stays_packed() -> None:
    inner = packed(("b", b"x" * 100))
    assert members(packed(("a.zip", inner)), "x") == {"a.zip": inner}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(100), packed(("a", b"xy"))[:-10]])
def test_what_is_no_zip_file(data: bytes) -> None:
    assert says(data).startswith("book.xlsx cannot be unpacked")


WHOLE = packed(("one.xml", b"<a>one</a>" * 30), ("two.xml", b"<b/>"))


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6), st.integers(0, 40)
)
def test_whatever_is_changed_nothing_but_bad_file_is_raised(changed: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WHOLE)
    for at, value in changed:
        data[at] = value
    try:
        members(bytes(data[: len(data) - cut]), "x")
    except BadFile as error:
        assert error.hint
