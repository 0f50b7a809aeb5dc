"""Find the front matter of a record: the lines between two that are exactly `---`.

Never interprets what stands in it.
"""

from dataclasses import dataclass

from feeds.records.faults import TextFault

MARK = "---"
BOM = "\ufeff"
# These may be data from the first byte to the last, without the delimiting lines.
WHOLE_FILE = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The text to parse, the number of its first line in the file, and what follows it."""

    text: str
    first_line: int
    body: str = ""


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, with or without a BOM, lines ended by LF or CRLF."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _encoding_fault(data, error) from None
    text = text.removeprefix(BOM)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _encoding_fault(data: bytes, error: UnicodeDecodeError) -> TextFault:
    before = data[: error.start].removeprefix(BOM.encode())
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    byte = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
    return TextFault("encoding", byte, before.count(b"\n") + 1, column)


def split(text: str, ending: str) -> FrontMatter:
    """Return the front matter of a file with this lower-case name ending, such as `.md`."""
    if not text.startswith(MARK + "\n"):
        return _undelimited(text, ending)
    start = len(MARK) + 1
    # From the line break before the first line: an empty front matter is one too.
    end = text.find("\n---\n", start - 1)
    if end < 0 and text.endswith("\n---"):
        end = len(text) - len(MARK) - 1
    body = text[end + len(MARK) + 2 :] if end >= 0 else ""
    if ending in WHOLE_FILE and body.strip():
        return FrontMatter(text, 1)  # no prose follows data: it is a second document, and the parser says so
    if end >= 0:
        return FrontMatter(text[start : max(end + 1, start)], 2, body)
    if ending in WHOLE_FILE:
        return FrontMatter(text[start:], 2)
    last = text.count("\n") + (not text.endswith("\n"))
    raise TextFault("front-matter-unclosed", "no line that is exactly '---' ends the front matter", last)


def _undelimited(text: str, ending: str) -> FrontMatter:
    if ending in WHOLE_FILE and text.strip():
        return FrontMatter(text, 1)
    if not text.strip():
        raise TextFault("empty", "the file is empty")
    raise TextFault("no-front-matter", "the first line must be exactly '---', then fields, then '---' again")
