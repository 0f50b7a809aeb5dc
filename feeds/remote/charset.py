"""The text of a body that somebody else encoded.

This module must never fail: what no encoding explains is read as well as it can be, and the fault is told. feedparser's
own guessing is not used, since it depends on what else is installed (chardet) and takes RFC 3023 for the law.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),  # XML 1.0 appendix F.1: no mark, but `<?` in two bytes each
    (b"\0<\0?", "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_DECLARED = re.compile(
    rb"\s{0,200}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})"
    rb"|<meta[^>]{1,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})",
    re.IGNORECASE,
)
_HEAD = 4096
# What a page means by these names (WHATWG Encoding, section 4.2); each is a superset of what it stands for.
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-9": "cp1254",
}
# Python knows codecs for other things (punycode, unicode_escape, UTF-7) that no feed is written in.
_TEXTUAL = re.compile(
    r"iso-?8859-\d{1,2}|windows-\d{3,4}|cp\d{3,4}|koi8-[rut]|big5(?:-?hkscs)?|euc-?jp|iso-2022-(?:jp|kr)|gb18030"
    r"|tis-620|macintosh|mac-?roman|utf-8|utf-?16(?:-?[lb]e)?"
)


def decode(body: bytes, content_type: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the text of a body without a byte order mark, and what was wrong with its encoding.

    A mark goes first (RFC 7303 section 3), then bytes that are valid UTF-8, which nothing else is by chance, then the
    `charset` of the media type, the declaration in the text, and Windows-1252.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _forced(body, name)
    named = _named(body, content_type)
    if body.isascii() and not named.startswith("iso-2022"):
        return body.decode("ascii"), ()
    text = None if named.startswith("iso-2022") else _strict(body, "utf-8")
    if text is not None:
        return text, () if named in {"", "utf-8"} else (f"says it is {named}, and is UTF-8",)
    text = _strict(body, named) if named not in {"", "utf-8"} else None
    return (text, ()) if text is not None else _guessed(body, named)


def _forced(body: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = body.decode(name, "replace").removeprefix("\ufeff")
    return text, (f"has bytes that are no {name.upper()}",) if "\ufffd" in text else ()


def _named(body: bytes, content_type: str) -> str:
    told = _CHARSET.search(content_type)
    if told is not None:
        name = told[1].lower()
    else:
        declared = _DECLARED.search(body, 0, _HEAD)
        name = (declared[1] or declared[2]).decode("latin-1").lower() if declared else ""
    name = _MEANT.get(name, name)
    return name if _TEXTUAL.fullmatch(name) else ""


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _guessed(body: bytes, named: str) -> tuple[str, tuple[str, ...]]:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    if broken * 4 <= foreign - broken:  # a few bytes cut in two, in what is UTF-8 otherwise
        return text, ("has bytes that are no UTF-8",)
    return body.decode("cp1252", "replace"), (f"is no {named or 'UTF-8'}, and is read as Windows-1252",)
