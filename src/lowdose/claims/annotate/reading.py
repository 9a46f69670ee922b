"""A text file as text: UTF-8, not empty, not binary, not larger than a book."""

from __future__ import annotations

from pathlib import Path

from lowdose.errors import InvalidInput

#: Largest text that is read (bytes); a novel is about one million.
LARGEST_BYTES = 5_000_000
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word or other zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8", "a picture"),
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_SAVE = "save it as plain text in UTF-8"


def read_text(path: Path | str) -> str:
    r"""Read an article.

    Raises
    ------
    InvalidInput
        The file is larger than LARGEST_BYTES, empty, binary, or in another encoding than UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "article.txt"
    >>> _ = file.write_bytes("50 µg".encode("latin-1"))
    >>> read_text(file)
    Traceback (most recent call last):
        ...
    lowdose.errors.InvalidInput: the text is not in UTF-8 (byte 4 is 0xb5)
      where: ...article.txt
      remedy: save it as plain text in UTF-8
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise too_large(size, str(path))
        raw = path.read_bytes()
    except OSError as problem:
        raise InvalidInput(
            f"the file cannot be read: {problem.strerror}", where=str(path), remedy="name a text file"
        ) from None
    return decode(raw, str(path))


def too_large(size: int, where: str) -> InvalidInput:
    """Refusal of a text that is no article.

    Examples
    --------
    >>> print(too_large(52_428_800, "x.txt").what)
    the text is too large: 52.4 MB, and at most 5 MB are read
    """
    what = f"the text is too large: {size / 1e6:.1f} MB, and at most {LARGEST_BYTES / 1e6:.0f} MB are read"
    return InvalidInput(what, where=where, remedy="give one article at a time")


def decode(raw: bytes, where: str) -> str:
    """Text of the bytes of a file; a byte-order mark of UTF-8 is left out.

    Raises
    ------
    InvalidInput
        The bytes are empty, binary, or in another encoding than UTF-8.

    Examples
    --------
    >>> decode(b"LDN", "x.txt")
    'LDN'
    """
    for begins, kind in _KINDS:
        if raw.startswith(begins):
            raise InvalidInput(f"the file is {kind}, not a text", where=where, remedy=_SAVE)
    if raw[:2] in _WIDE:
        raise InvalidInput("the text is in UTF-16, not in UTF-8", where=where, remedy=_SAVE)
    if b"\x00" in raw:
        raise InvalidInput("the file is binary, not a text (it holds zero bytes)", where=where, remedy=_SAVE)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        byte = raw[problem.start]
        what = f"the text is not in UTF-8 (byte {problem.start + 1} is {byte:#04x})"
        raise InvalidInput(what, where=where, remedy=_SAVE) from None
    if not text.strip():
        raise InvalidInput("the text is empty", where=where, remedy="give a text with at least one sentence")
    return text
