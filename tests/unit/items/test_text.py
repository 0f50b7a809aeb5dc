import unicodedata
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.items.text import clean_line, opening, shorten

LINES = [
    ("Swedish police fined", "Swedish police fined"),
    (" Russian police use ‘face control’ – again… ", "Russian police use ‘face control’ – again…"),
    ("", ""),
    ("   ", ""),
    ("a  b\nc\td\u00a0e\u2028f\r\n\u3000g", "a b c d e f g"),
    # mojibake
    ("a clause that â€œidentification through facial ...", "a clause that “identification through facial ..."),
    ("â€œquotedâ€\x9d", "“quoted”"),
    ("he said â€œyesâ€ and went", "he said “yes” and went"),
    ("â€œyesâ€", "“yes”"),
    ("cafÃ© itâ€™s", "café it’s"),
    ("café naïve Ünï", "café naïve Ünï"),
    ("l’été – «oui»", "l’été – «oui»"),
    # markup
    ("<p>One<br/>two</p><p>three</p>", "One two three"),
    ("<b>bo</b>ld and <EM class='x'>em</EM>", "bold and em"),
    ('<a href="/x" title="a > b">link</a>', "link"),
    ("<a title=it's>link</a>", "link"),
    ("x < 3 and y > 2", "x < 3 and y > 2"),
    ("List<String>, List<T> and <3", "List<String>, List<T> and <3"),
    # what a browser would take for a tag with attributes is parted from its `<`; what is one goes
    ("a<b and c>d", "a< b and c>d"),
    ("x<y and z>w", "x< y and z>w"),
    ("x<y and a=b or z>w", "x< y and a=b or z>w"),
    ("a<b", "a<b"),
    ("a<b is true", "a< b is true"),
    ("either/or <and/or> both", "either/or < and/or> both"),
    ("<a<b<c d", "< a< b< c d"),
    ("see <https://example.org/a?b> and <HTTP://example.org>", "see https://example.org/a?b and HTTP://example.org"),
    ("a <https://example.org/a b=c>", "a < https://example.org/a b=c>"),
    ("Hi<x onclick=alert(1)>there", "Hi there"),
    ("Hi<x\tonclick = 'alert(1)'>there", "Hi there"),
    ("<x hidden onclick=alert(1)>", "< x hidden onclick=alert(1)>"),
    ("<x onclick=alert(1)", "< x onclick=alert(1)"),
    ("<x.y onclick=alert(1)>", "< x.y onclick=alert(1)>"),
    ("<marquee onstart=alert(1)>Hi</marquee>", "Hi"),
    ("<math href=javascript:alert(1)>Hi</math>", "Hi"),
    ("<svg/onload=alert(1)>Hi", "Hi"),
    ("Hi <img/src=x/onerror=alert(1)", "Hi"),
    ("<plaintext>Hi <xmp>there", "Hi there"),
    ("&lt;x onclick=alert(1)&gt;Hi", "Hi"),
    ("&amp;lt;x onclick=alert(1)&amp;gt;Hi", "Hi"),
    ("&#60x onclick=alert(1)&#x3eHi", "Hi"),
    ("&#x3Cx onclick=alert(1)>Hi", "Hi"),
    ("&#00000000060;x onclick=alert(1)>Hi", "Hi"),
    ("&ltx onclick=alert(1)>Hi", "< x onclick=alert(1)>Hi"),
    ("see ?a=1&ltype=2 and b=3, AT&LTD too", "see ?a=1&ltype=2 and b=3, AT&LTD too"),
    ("List<T> and <stdio.h> by <me@example.com>", "List<T> and <stdio.h> by <me@example.com>"),
    ("one<script>if (a<b) { alert('x') }</script>two", "one two"),
    ("one<style media='x'>p { color: red }</STYLE>two", "one two"),
    ("How the <script> tag works", "How the tag works"),
    ("cut off <a href='http://example.com/long", "cut off"),
    ("a <!-- hidden --> b <![CDATA[c]]> d", "a b c d"),
    ("<!DOCTYPE html><amp-img src='x'></amp-img>x", "x"),
    ("<<b>b>x", "x"),
    # entities
    ("We&#8217;re &amp; &lt;3 &hellip; &#x26;", "We’re & <3 … &"),
    ("R&amp;amp;D", "R&D"),
    ("&amp;" * 3 + "amp;" * 40, "&&&"),
    ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
    ("AT&T, Q&A & more; x&y;z", "AT&T, Q&A & more; x&y;z"),
    ("see ?a=1&copy=2&reg=3&amp=4", "see ?a=1&copy=2&reg=3&amp=4"),
    ("It&#8217s a&nbsp b", "It’s a b"),
    ("&nosuch; &notit;", "&nosuch; &notit;"),
    ("a&#0;b&#xD800;c&#xFFFE;d", "abcd"),
    # characters
    ("a\x00b\x1bc\x7fd\x81e\ufffdf\ufeffg\u200bh", "abcdefgh"),
    ("\u202eevil\u202c \u2066x\u2069", "evil x"),
    ("a\ud800b\ufdd0c\uffffd\U0001fffee", "abcde"),
    ("\ud83d\ude00", "😀"),
    ("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"),
    ("שלום\u200f!", "שלום\u200f!"),
    ("e\u0301", "é"),
    ("\u200d \u200f", ""),
    ("✅ done", "✅ done"),
]


@pytest.mark.parametrize(("value", "expected"), LINES)
def test_clean_line(value, expected):
    assert clean_line(value) == expected


class _Attributes(HTMLParser):
    """The tags with attributes that Python's parser finds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if attrs else []


def tags_with_attributes(text: str) -> list[str]:
    """Return what two parsers of HTML take for a tag with attributes: Python's, and libxml2 (HTML 5 since 2.14)."""
    root = etree.fromstring(f"<body>{text}", etree.HTMLParser())
    return [*_Attributes(text).found, *(str(each.tag) for each in root.iter(etree.Element) if each.attrib)]


def test_the_parsers_see_tags() -> None:
    assert tags_with_attributes("x<y and z>w <i>") == ["y", "y"]


HOSTILE = [*"<>/='\" a-:.!?", "<x", "</", "<x onclick=1>", " on=1", "&lt;", "&lt", "&amp;lt;", "&#60", "&#x3c", "&gt;"]
HOSTILE += ["b", "svg", "script", "<!--", "-->", "<![CDATA[", "<a<", "math", "http://"]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(HOSTILE), max_size=14).map("".join))
def test_nobody_who_takes_it_for_html_finds_an_attribute(value):
    assert not tags_with_attributes(clean_line(value))
    assert not tags_with_attributes(shorten(clean_line(value), 12))


@pytest.mark.parametrize(("value", "expected"), LINES)
def test_what_lines_come_to_has_no_attributes(value, expected):
    assert not tags_with_attributes(expected)
    assert not tags_with_attributes(unescape(expected))


SIGNS = [*"<>&;#/'\"=a", "b ", "amp;", "#38;", "lt;", "&#97;", "mp;", "<b>", "<!--", "-->", "<script>", "</script>"]
SIGNS += ["\n", "  ", "\xa0", "\x85", "\u200d", "\u0301", "â€", "œ", "Ã", "©", "\ud83d", "\ude00"]
PIECES = st.lists(st.sampled_from(SIGNS)).map("".join)
ANY = st.one_of(st.text(st.characters(exclude_categories=[])), PIECES)


@given(ANY)
def test_a_clean_line_is_legal_stable_and_one_line(value):
    cleaned = clean_line(value)
    assert clean_line(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert " ".join(cleaned.split()) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not [sign for sign in cleaned if unicodedata.category(sign) in {"Cc", "Cs"} or ord(sign) & 0xFFFE == 0xFFFE]


@pytest.mark.parametrize(
    "value", ["<" * 20 + "b>" * 20, "&" + "&#97;mp;" * 40 + "lt;b>", "<scr" * 30 + "<script>ipt>" * 30]
)
def test_markup_nested_on_purpose_comes_to_rest(value):
    assert clean_line(clean_line(value)) == clean_line(value)


SHORTENED = [
    ("short", 5, "short"),
    ("one two three", 10, "one two…"),
    ("one two, three", 10, "one two…"),
    ("one two three", 8, "one two…"),
    ("abcdefghijkl", 5, "abcd…"),
    ("a bcdefghijklmnop", 10, "a bcdefgh…"),
    ("日本語のニュース", 5, "日本語の…"),
    ("ab👩\u200d👧xyz", 5, "ab…"),
]


@pytest.mark.parametrize(("text", "limit", "expected"), SHORTENED)
def test_shorten(text, limit, expected):
    assert shorten(text, limit) == expected


@given(st.text(min_size=1), st.integers(1, 40))
def test_shortened_text_fits(text, limit):
    assert len(shorten(text, limit)) <= limit


OPENINGS = [
    ("", ""),
    ("Just text.", "Just text."),
    ("# Title\n\nFirst\nparagraph.\n\nSecond.", "First paragraph."),
    ("Title\n=====\n\nText\n", "Text"),
    ("## Title\nText directly under it", "Text directly under it"),
    ("![alt](a.jpg)\n\n[![alt](a.jpg)](http://x.com)\n\nText", "Text"),
    ("<!-- a\n\ncomment -->\n\nText", "Text"),
    ("```python\ncode\n\nmore\n```\n\nText", "Text"),
    ("~~~\nunclosed", ""),
    ("    indented code\n\nText", "Text"),
    ("---\n\n***\n\nText", "Text"),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n\nText", "Text"),
    ("[ref]: http://x.com\n\nText", "Text"),
    ("{% include x.html %}\n{: .lead}\n\nText", "Text"),
    ("> A *quoted* **text** with ***all***", "A quoted text with all"),
    ("- [x] first\n- second", "first second"),
    ("1. first\n2. second", "first second"),
    ("A [link](http://x.com/a_(b) 'title') and [ref][1][^2]", "A link and ref"),
    ("<https://x.com/a> and `a*b` and ~~gone~~", "https://x.com/a and a*b and gone"),
    ("snake_case_word and _em_ and __strong_er__", "snake_case_word and em and strong_er"),
    ("2 * 3 * 4 and \\*no\\* emphasis", "2 * 3 * 4 and *no* emphasis"),
    ("**bold *and* em**", "bold and em"),
    ("<p>Some <b>HTML</b> &amp; text</p>", "Some HTML & text"),
    ("<style>\np { }\n\nq { }\n</style>\n\nText", "Text"),
    ("Windows\r\nlines\r\n\r\nSecond", "Windows lines"),
]


@pytest.mark.parametrize(("markdown", "expected"), OPENINGS)
def test_opening(markdown, expected):
    assert opening(markdown) == expected


def test_an_opening_is_cut_between_words():
    assert opening("word " * 200, 22) == "word word word word…"
