"""A text file that is no UTF-8 text gets its own clear message."""

from __future__ import annotations

from pathlib import Path

import pytest

from lowdose.claims.annotate import read_text
from lowdose.errors import InvalidInput


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ("50 µg of LDN".encode("latin-1"), r"not in UTF-8 \(byte 4 is 0xb5\)"),
        ("LDN".encode("utf-16"), "in UTF-16, not in UTF-8"),
        (b"", "the text is empty"),
        (b" \n\t ", "the text is empty"),
        (b"LDN\x00helps", "binary, not a text"),
        (b"%PDF-1.7 ...", "a PDF, not a text"),
        (b"PK\x03\x04...", "a Word or other zipped file, not a text"),
        (b"{\\rtf1 LDN}", "an RTF file, not a text"),
        (b"\x89PNG\r\n", "a picture, not a text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, what: str) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(raw)
    with pytest.raises(InvalidInput, match=what) as refused:
        read_text(file)
    assert refused.value.where == str(file)
    assert refused.value.remedy


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as out:
        out.truncate(50_000_000)
    with pytest.raises(InvalidInput, match=r"too large: 50\.0 MB, and at most 5 MB"):
        read_text(file)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(InvalidInput, match="cannot be read"):
            read_text(path)


def test_the_mark_of_byte_order_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(b"\xef\xbb\xbfLDN\r\nhelps")
    assert read_text(file) == "LDN\r\nhelps"
