"""Plain text that every feed format and every reader can show.

This module must never let through what XML 1.0 forbids, and must never change text that is already clean.
ftfy (33 ms to import) and html are loaded only by text that needs them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial

# Dashes, quotes, ellipsis and the like. In the code pages of Windows none of them is a lead byte of UTF-8, so text of
# these and ASCII is no mojibake: 67 of 73 real non-ASCII texts skip ftfy (57 µs each) by this test.
_PUNCTUATION = "\u2010-\u2015\u2018\u2019\u201c\u201d\u2026\u2022\u2122\xae\xa9"
_CLEAN = re.compile(f"[ -%'-;=-~\\t\\n\\r\\xa0{_PUNCTUATION}]*")
# Mojibake is what several bytes of UTF-8 became, so it is two such characters or more in a row: `Café` is none. Only a
# no-break space may have become a plain one after its lead byte.
_OTHER = f"[^\\x00-\\x7f\xa0{_PUNCTUATION}]"
_PERHAPS_MOJIBAKE = re.compile(f"{_OTHER}[^\\x00-\\x7f]|[^\\x00-\\x7f]{_OTHER}|[ÃÂâàÄÅÎÏÐÑ] ")
# A closing quote is E2 80 9D; code page 1252 has no 9D, so programs drop it and leave half a character behind, which
# ftfy would take, with the space after it, for a dagger.
_HALF_QUOTE = re.compile(r"â€(?=[ \n.,;:!?)]|\Z)")

# Controls, surrogates, U+FFFD and non-characters; zero-width space, word joiner and BOM; bidi embeddings, overrides and
# isolates, which can reorder the rest of a page. ZWNJ, ZWJ (Persian, emoji) and the harmless marks LRM and RLM stay.
_UNWANTED = re.compile(
    "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffd\\ufdd0-\\ufdef\\ufff9-\\ufffb"
    "\\u200b\\u2060-\\u206f\\ufeff\\u202a-\\u202e"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
    + "]"
)
_INVISIBLE = re.compile("[\\s\xad\u034f\u200c-\u200f\ufe00-\ufe0f]*")

_AMPERSANDS = re.compile(r"&(?:(?:amp|#0*38|#[xX]0*26);)+")
_REFERENCE = re.compile(r"&(?:#0*[0-9]{1,7}|#[xX]0*[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# References whose semicolon was lost, taken only where they cannot be a URL parameter or a word: `&copy=2` stays.
_LOOSE_REFERENCE = re.compile(
    r"&(?:nbsp|amp|quot|lt|gt)(?![\w;=])|&#0*(?:3[489]|60|62|160|[0-9]{4,5})(?![0-9;])"
    r"|&#[xX]0*(?:2[267]|3[cCeE])(?![0-9a-fA-F;])"
)

_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr"
)
_BLOCK_NAMES = (
    "address amp area article aside audio base blockquote body br button canvas caption center col colgroup dd details "
    "dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr "
    "html iframe img input legend li link main map marquee math menu meta meter nav noembed noframes noscript object "
    "ol optgroup option output p param path picture plaintext pre progress script section select source style summary "
    "svg table tbody td template textarea tfoot th thead title tr track ul video xmp"
)
_INLINE, _BLOCK = frozenset(_INLINE_NAMES.split()), frozenset(_BLOCK_NAMES.split())
_TAG = re.compile(
    r"</?(?P<name>[A-Za-z][\w:-]*)(?P<rest>[\s/](?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+|[\s/][^<>]*|)>"
    r"|</?(?P<cut>[A-Za-z][\w:-]*)[\s/]+[\w:-]+\s*=[^<>]*\Z"
)
_VALUED = re.compile(r"[\s/]+[^\s/=]+\s*=")
# What a browser takes for a tag with attributes: a name ends only at white space, `/` or `>` (HTML, section 13.2.5.8),
# so `<y and z>` is one, and `<a<b c` too. `&lt` needs no semicolon, but `&ltype=2` in a URL and AT&LTD are none.
_LIKE_A_TAG = re.compile(
    r"(?:<|&(?:lt|LT)(?=/?[A-Za-z][^\s/>=&]{0,99}[\s/][^>]{0,999}=))/?[A-Za-z][^\s/>]*+(?P<more>[\s/]++[^\s/>])?"
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s\"'=]*)>", re.IGNORECASE)
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][A-Za-z][^<>]*>", re.DOTALL)
_CODE = re.compile(r"<(/?)(script|style)\b[^<>]*>", re.IGNORECASE)

_PASSES = 16


def clean_line(value: str) -> str:
    """Return the value as one line of plain text: no markup, no entities, no mojibake, nothing XML 1.0 forbids.

    A `<` that opens no HTML tag stays, as in `x < 3` or `List<T>`; where a browser would see a tag with attributes and
    a reader sees none, a space parts it: `x< y and z>w`. So whoever takes the result for HTML finds no attribute in it.
    The result is in NFC, can be encoded as UTF-8, is "" where nothing visible is left, and is what this function
    returns for itself.
    """
    if _CLEAN.fullmatch(value) is not None:
        spaced = "  " not in value and value.isprintable()
        return value.strip() if spaced else " ".join(value.split())
    for _ in range(_PASSES):
        cleaned = _clean_once(value)
        if cleaned == value:
            return "" if _INVISIBLE.fullmatch(value) else value
        value = cleaned
    # Only markup nested on purpose gets here; without its `&` and `<` nothing is left to undo.
    ascii_only = value.encode("ascii", "ignore").decode("ascii")
    return " ".join(ascii_only.replace("&", " ").replace("<", " ").split())


def shorten(text: str, limit: int) -> str:
    """Return clean text cut between two words to at most `limit` characters, the last of them `…` if it was cut."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    cut = head.rfind(" ")
    if cut < limit // 2:  # a script without spaces: cut before a whole character
        cut = limit - 1
        while cut > 0 and _joins(text[cut - 1], text[cut]):
            cut -= 1
    return head[:cut].rstrip(" ,;:.-–—") + "…"


def opening(markdown: str, limit: int = 500) -> str:
    """Return the first paragraph of a Markdown text as plain text of at most `limit` characters, "" if it has none.

    Headings, code blocks, tables, images and comments are passed over; of a link its text is kept.
    """
    for block in _blocks(markdown[:_HEAD]):
        text = clean_line(_without_marks(block))
        if text:
            return shorten(text, limit)
    return ""


def _clean_once(value: str) -> str:
    for _, step in STEPS:
        value = step(value)
    return value


def _repaired(value: str) -> str:
    if not _PERHAPS_MOJIBAKE.search(value):
        return value
    import ftfy  # noqa: PLC0415 - 33 ms, and one text in a hundred needs it

    return ftfy.fix_text(
        _HALF_QUOTE.sub("”", value),
        uncurl_quotes=False,
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        normalization="NFC",
        explain=False,
    )


def _unescaped(value: str) -> str:
    if "&" not in value:
        return value
    from html import unescape  # noqa: PLC0415 - needed by one text in forty
    from html.entities import html5  # noqa: PLC0415

    def character(match: re.Match[str]) -> str:
        reference = match[0]
        return unescape(reference) if reference[1] == "#" else html5.get(reference[1:], reference)

    # `&amp;amp;...` goes in one step, however deep it is nested.
    value = _REFERENCE.sub(character, _AMPERSANDS.sub("&", value))
    return _LOOSE_REFERENCE.sub(lambda match: unescape(match[0]), value)


def _without_code(value: str) -> str:
    """Drop script and style elements; one that is never closed loses only its tag, since a title may speak of it."""
    kept, start, inside = [], 0, ""
    for match in _CODE.finditer(value):
        closing, name = bool(match[1]), match[2].lower()
        if not inside and not closing:
            kept.append(value[start : match.start()])
            start, inside = match.end(), name
        elif inside == name and closing:
            start, inside = match.end(), ""
    kept.append(value[start:])
    return " ".join(kept)


def _in_place_of_tag(match: re.Match[str]) -> str:
    name = (match["name"] or match["cut"]).lower()
    if len(name) == 1 and "=" not in (match["rest"] or "=") and match["rest"].strip(" /"):
        return match[0]  # `a<b and c>d` is arithmetic: no element of one letter has attributes without a value
    if name in _INLINE:
        return ""
    return " " if name in _BLOCK or "-" in name or _VALUED.match(match["rest"] or "") else match[0]


def _parted(match: re.Match[str]) -> str:
    """Put a space behind every `<` of what a browser would take for a tag; not a word of the text is lost."""
    if match["more"] is None:
        return match[0]
    return match[0].replace("<", "< ").replace("&lt", "&lt ").replace("&LT", "&lt ")


def _untagged(value: str) -> str:
    if "<" not in value and "]]>" not in value:
        return value
    value = _MARKUP.sub(" ", _without_code(_AUTOLINK.sub(r"\1", value)))
    return _TAG.sub(_in_place_of_tag, value)


def _untempting(value: str) -> str:
    return _LIKE_A_TAG.sub(_parted, value) if "<" in value or "&" in value else value


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def _folded(value: str) -> str:
    return " ".join(value.split())


# One pass of `clean_line`, in this order; the names are for people who ask what was done to a text.
STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("mojibake repaired", _repaired),
    ("entities decoded", _unescaped),
    ("tags removed", _untagged),
    ("space put behind what looks like a tag", _untempting),
    ("control characters and invisible marks removed", partial(_UNWANTED.sub, "")),
    ("letters and accents put together (NFC)", _composed),
    ("white space folded", _folded),
)


def _joins(before: str, after: str) -> bool:
    return bool(unicodedata.combining(after)) or "\u200d" in (before, after) or "\ufe00" <= after <= "\ufe0f"


# An opening is looked for in the first 64 KiB, so that a body of any size costs the same.
_HEAD = 65_536
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|\{%.*?(?:%\}|\Z)", re.DOTALL)
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*")
_NO_TEXT = re.compile(
    r" {0,3}(?:\#{1,6}(?:\s|$)|\[[^\]]+\]:\s|(?:[-*_][ \t]*){3,}$)"  # heading, link definition, rule
    r"|\s*\{:[^}]*\}\s*$"  # attributes in kramdown
)
_TABLE = re.compile(r"\s*\|?\s*:?-+:?\s*\|")
_LEAD = re.compile(r"\s*(?:>\s?)*(?:(?:[-*+]|[0-9]{1,9}[.)])\s+)?(?:\[[ xX]\]\s+)?")
_MARKS = (
    (re.compile(r"!\[[^\[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^\[\]]*\])"), ""),  # image
    (re.compile(r"\[\^[^\[\]]*\]"), ""),  # footnote
    (re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^\[\]]*\])"), r"\1"),  # link
    (re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>"), r"\1"),
    (re.compile(r"(?<![\\`])(`+)(?!`)([^`]+)\1(?!`)"), r"\2"),
    (re.compile(r"(?<!\\)(\*{1,3})(?=\S)([^*]*[^*\s\\])\1"), r"\2"),  # emphasis, and once more around it
    (re.compile(r"(?<!\\)(\*{1,3})(?=\S)([^*]*[^*\s\\])\1"), r"\2"),
    (re.compile(r"(?<![\\\w])(_{1,3})(?=\S)([^_]*(?:\w_\w[^_]*)*[^_\s\\])\1(?!\w)"), r"\2"),
    (re.compile(r"(?<!\\)~~(?=\S)([^~]*)~~"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def _blocks(markdown: str) -> Iterator[str]:
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    markdown = _without_code(_COMMENT.sub("", _FENCE.sub("", markdown)))
    for block in re.split(r"\n[ \t]*\n", markdown):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines and not _is_code_or_table(lines):
            yield " ".join(_prose(lines))


def _is_code_or_table(lines: list[str]) -> bool:
    indented = all(line.startswith(("    ", "\t")) for line in lines)
    return indented or any(_TABLE.match(line) for line in lines[1:2])


def _prose(lines: list[str]) -> Iterator[str]:
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _NO_TEXT.match(line) or _UNDERLINE.fullmatch(line) or (following and _UNDERLINE.fullmatch(following)):
            continue
        yield _LEAD.sub("", line, count=1)


def _without_marks(block: str) -> str:
    for pattern, replacement in _MARKS:
        block = pattern.sub(replacement, block)
    return block
