"""What stands before the root element of an XML text, and whether it may be parsed at all.

This module must never pass a document type on: no feed needs one, and entities in it can ask for gigabytes (the billion
laughs) or for files (XXE). It walks over the text once, by `str.find`, so that no text can make it slow.
"""

import re
from dataclasses import dataclass

_BLANKS = re.compile("[\\s\ufeff]*+")
_NAME = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_FEED = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|feed|RDF)(?=[\s>])")
_PAGE = re.compile(r"<(?:html|body|head)[\s>]", re.IGNORECASE)
_JUNK = 65_536
_ROOTS = frozenset(["rss", "feed", "rdf", "channel"])
_HTML_NAMES = (
    "a aside b body br center code div em font h1 h2 h3 h4 head header hr i img link main meta nav ol p pre script "
    "section small span strong style table title tt ul"
)
_HTML = frozenset(_HTML_NAMES.split())

# Characters XML 1.0 section 2.2 forbids, as they are and as references; so are planes nothing is in (16 and beyond).
# One of them would cost a strict parser the feed.
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_DECIMAL = "[0-8]|1[124-9]|2[0-9]|3[01]|5529[6-9]|55[3-9]..|56...|57[0-2]..|573[0-3].|5734[0-3]|6553[45]|[1-9][0-9]{6,}"
_HEXADECIMAL = "[0-8bcef]|1[0-9a-f]|d[89a-f]..|fff[ef]|[1-9a-f][0-9a-f]{5,}"
_REFERENCE = re.compile(rf"&#(?:0*(?:{_DECIMAL})|x0*(?:{_HEXADECIMAL}));".replace(".", "[0-9a-f]"), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opened:
    """The root element of a text: its local name in lower case, where it begins, and what stood before.

    `junk` tells that text stood before it that is no XML; `entities` that the document type declares some.
    """

    root: str
    start: int
    doctype: str = ""
    junk: bool = False
    entities: bool = False

    @property
    def is_feed(self) -> bool:
        """Whether the root is that of RSS, Atom or RDF."""
        return self.root in _ROOTS

    @property
    def is_page(self) -> bool:
        """Whether this is a web page."""
        return not self.is_feed and (self.root == "html" or self.doctype.lower().startswith("<!doctype html"))

    @property
    def is_html(self) -> bool:
        """Whether the root is an element of HTML: a web page, or what a program printed in front of something else."""
        return self.root in _HTML


def open_text(text: str) -> Opened:
    """Return where the root element begins; its name is "" where there is none."""
    position, doctype = _after_prolog(text)
    entities = "<!entity" in doctype.lower()
    match = _NAME.match(text, position)
    opened = Opened(match[2].lower() if match else "", position, doctype, entities=entities)
    if opened.is_feed or opened.is_page or (match and opened.root not in _HTML):
        return opened
    feed = _FEED.search(text, position, position + _JUNK)
    page = _PAGE.search(text, position, feed.start() if feed else position + _JUNK)
    if page is not None:
        return Opened("html", page.start(), doctype, junk=True)
    if feed is None:
        return opened
    # Programs print their warnings in front of the feed they write.
    entities = entities or "<!entity" in text[position : feed.start()].lower()
    return Opened(feed[0].rpartition(":")[2].lstrip("<").lower(), feed.start(), doctype, junk=True, entities=entities)


def without_forbidden(text: str) -> str:
    """Return the text without the characters and references that XML 1.0 forbids."""
    text = _FORBIDDEN.sub("", text)
    return _REFERENCE.sub("", text) if "&#" in text else text


def _after_prolog(text: str) -> tuple[int, str]:
    """Walk over white space, declarations, comments and the document type (XML 1.0 section 2.8)."""
    position, doctype = 0, ""
    while True:
        blanks = _BLANKS.match(text, position)
        position = blanks.end() if blanks else position
        if text.startswith("<?", position):
            end = text.find("?>", position) + 2
        elif text.startswith("<!--", position):
            end = text.find("-->", position) + 3
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            end = _after_doctype(text, position)
            doctype = text[position:end]
        else:
            return position, doctype
        if end <= position + 2:  # never closed
            return position, doctype
        position = end


def _after_doctype(text: str, position: int) -> int:
    plain = text.find(">", position)
    subset = text.find("[", position, max(plain, position))
    if subset < 0:
        return plain + 1
    closed = text.find("]", subset)
    end = text.find(">", closed) if closed >= 0 else -1
    # An entity value may hold `]` and `>`: what is left of the subset is then taken for junk, and is never parsed.
    return end + 1
