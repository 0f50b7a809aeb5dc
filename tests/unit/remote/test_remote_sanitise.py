import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from feeds.remote.sanitise import MAX_CONTENT, has_content, paragraphs, sanitise

BASE = "https://ex.org/blog/post"

TABLE = {
    "kept": ("<p>Hi <strong>you</strong><br/>there</p>", "<p>Hi <strong>you</strong><br>there</p>"),
    "attributes": ('<p onclick="x()" style="color:red" class="c" id="i" data-x="1">t</p>', "<p>t</p>"),
    "relative link": ('<a href="../c?utm_source=x&amp;y=1">l</a>', '<a href="https://ex.org/c?y=1">l</a>'),
    "rooted link": ('<a href="/c">l</a>', '<a href="https://ex.org/c">l</a>'),
    "other host, scheme left out": ('<a href="//cdn.org/c">l</a>', '<a href="https://cdn.org/c">l</a>'),
    "fragment": ('<a href="#n1">1</a>', '<a href="https://ex.org/blog/post#n1">1</a>'),
    "rel": (
        '<a rel="noopener NoFollow me" href="/c" target="_blank">l</a>',
        '<a rel="nofollow" href="https://ex.org/c">l</a>',
    ),
    "script": ("<p>a</p><script>alert(1)</script><style>p{}</style>", "<p>a</p>"),
    "javascript": ('<a href="java&#10;script:alert(1)">x</a>', "<a>x</a>"),
    "mail": ('<a href="mailto:a@ex.org">x</a>', "<a>x</a>"),
    "handler in svg": ("<svg><style><img src=x onerror=alert(1)></style></svg>t", '<img src="https://ex.org/blog/x">t'),
    "form": ('<form action="/x"><input value=1>text<button>go</button></form>', "textgo"),
    "pixel": ('a<img src="https://t.org/p.gif" width="1" height="1">b', "ab"),
    "pixel of no size": ('a<img src="https://t.org/p.gif" height="0">b', "ab"),
    "image": (
        '<img src="i.png" alt="x &quot;y&quot;" width="640" height="100%" loading="lazy">',
        '<img src="https://ex.org/blog/i.png" alt="x &quot;y&quot;" width="640">',
    ),
    "image without a source": ('a<img alt="x">', "a"),
    "data": ('a<img src="data:image/gif;base64,R0lGOD">', "a"),
    "srcset": (
        '<img src="/a.png" srcset="https://c.org/w_1,c_limit/a.png 424w, b.png 2x,data:x 3x">',
        '<img src="https://ex.org/a.png" srcset="https://c.org/w_1,c_limit/a.png 424w, https://ex.org/blog/b.png 2x">',
    ),
    "video": (
        '<video poster="/p.jpg" autoplay><source src="/v.webm"></video>',
        '<video poster="https://ex.org/p.jpg" controls=""><source src="https://ex.org/v.webm"></video>',
    ),
    "film": (
        '<iframe width="1" src="//www.youtube-nocookie.com/embed/abcdefghi_k?rel=0&amp;x=1" allow=""></iframe>after',
        '<a href="https://www.youtube.com/watch?v=abcdefghi_k">https://www.youtube.com/watch?v=abcdefghi_k</a>after',
    ),
    "film elsewhere": (
        "<iframe src='https://player.vimeo.com/video/123?h=1'></iframe>",
        '<a href="https://vimeo.com/123">https://vimeo.com/123</a>',
    ),
    "frame of an advertisement": ('a<iframe src="https://ads.org/x"><b>raw</b></iframe>b', "ab"),
    "noscript": ('<noscript><img src="a.jpg"></noscript>', '<img src="https://ex.org/blog/a.jpg">'),
    "comment": ("a<!-- b --><![CDATA[c]]>d", "ad"),
    "broken": ("<p>a<b>b<p>c</i>", "<p>a<b>b</b></p><p><b>c</b></p>"),
    "forbidden in XML": ("x\x01&#1;&#0;\ufffey", "xy"),
    "lines before code": ("<pre>\n\n\nfoo\n</pre>", "<pre>foo\n</pre>"),
    "language": (
        '<p lang="de-AT" dir="RTL">t</p><p lang="x y" dir="up">t</p>',
        '<p lang="de-AT" dir="rtl">t</p><p>t</p>',
    ),
    "nothing to see": ("<p>&nbsp;</p><br><div> </div>", ""),
    "less than": ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
}


@pytest.mark.parametrize(("given_html", "expected"), TABLE.values(), ids=TABLE.keys())
def test_what_is_kept_of_html(given_html: str, expected: str) -> None:
    assert sanitise(given_html, BASE) == expected


def test_without_a_base_relative_urls_go() -> None:
    assert sanitise('<a href="/c">l</a><img src="i.png">', "") == "<a>l</a>"


HOSTILE = {
    "deep": "<div>" * 100_000 + "end",
    "copied formatting": "".join(f"<b x={number}><p>t" for number in range(20_000)),
    "many attributes": "<a " + " ".join(f"a{number}=1" for number in range(50_000)) + ">end",
    "attributes holding tags": "<a " + " ".join(f'a{number}=">"' for number in range(40_000)) + ">end",
    "a long address, often": '<img src="a">' * 30_000,
    "angles": "<" * 300_000,
    "frames": "<iframe " * 50_000,
    "an article": '<h2>T</h2><p>A <b>b</b> <a href="/q?x=1&amp;y=2">l</a> = "c > d".</p><ul><li>x<li>y</ul>' * 1_500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_heavy_html_ends_and_is_bounded(name: str) -> None:
    cleaned = sanitise(HOSTILE[name], "https://ex.org/" + "p" * 1_500 + "/x")
    assert len(cleaned) <= MAX_CONTENT
    assert sanitise(cleaned, BASE) == cleaned


def test_a_long_article_keeps_its_markup_and_is_cut_before_a_tag() -> None:
    cleaned = sanitise("<p>one two</p>" * 100_000, BASE)
    assert cleaned.startswith("<p>one two</p><p>")
    assert cleaned.endswith("<p>one two</p>")
    assert MAX_CONTENT - 20_000 < len(cleaned) <= MAX_CONTENT


_WORDS = """
<p> </p> <b> </b> </a> <script> </script> <style> </style> <table> <td> </table> <svg> <math> <mi> <mglyph> <title>
<noscript> </noscript> <iframe <img src=x onerror=alert(1) onload='x' > /> javascript:alert(1) data:text/html,x <!-- -->
<![CDATA[ ]]> &lt; &#x3c; &quot; & ' = ` " <select> <template> <textarea> </textarea> <form> <li> <plaintext> <video
<xmp> <object <h1> <dl><dt> <ruby><rt> src=https://youtube.com/embed/abcdefghijk href= href=' '> srcset='a 1x,' text é
"""
_PIECES = [*_WORDS.split(), "<pre>\n\n", "\n", "\x00", " ", "<a href='"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=4)), max_size=30).map("".join))
def test_nothing_that_runs_comes_out_and_what_comes_out_is_settled(given_html: str) -> None:
    cleaned = sanitise(given_html, BASE)
    assert sanitise(cleaned, BASE) == cleaned
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", cleaned)
    for element in lxml_html.fragment_fromstring(cleaned, create_parent="div").iter():
        assert element.tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "template",
            "base",
        }
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"style", "class", "id", "srcdoc", "action"}
            if name in {"href", "src", "poster", "cite"}:
                assert value.startswith(("https://", "http://"))


def test_plain_text_as_html() -> None:
    assert paragraphs("a < b\r\nc\n\n d \n") == "<p>a &lt; b<br>c</p><p>d</p>"
    assert paragraphs(" \n") == ""


@pytest.mark.parametrize(
    ("cleaned", "shows"),
    [("", False), ("<p>&nbsp;</p>", False), ("<p>x</p>", True), ('<img src="https://e.org/">', True)],
)
def test_whether_anything_is_shown(cleaned: str, shows: bool) -> None:
    assert has_content(cleaned) is shows
