import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.slugs import assign, fold, slug_of

FOLDS = [
    ("Computer  Vision ", "computer vision"),
    ("AI", "ai"),
    ("ＡＩ", "ai"),
    ("Straße", "strasse"),
    ("STRASSE", "strasse"),
    ("CAFE\u0301", "café"),
    ("a\u00a0b", "a b"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "expected"), FOLDS)
def test_fold(name, expected):
    assert fold(name) == expected


@given(st.text())
def test_what_is_folded_stays(name):
    assert fold(fold(name)) == fold(name)


SLUGS = [
    ("Computer Vision", "computer-vision"),
    ("C", "c"),
    ("C++", "c-plus-plus"),
    ("C#", "c-sharp"),
    (".NET", "dot-net"),
    ("ASP.NET Core", "asp-dot-net-core"),
    ("Node.js", "node-dot-js"),
    ("R&D", "r-and-d"),
    ("@home", "at-home"),
    ("U.S. News", "u-s-news"),
    ("Web 2.0", "web-2-0"),
    ("#MeToo", "metoo"),
    ("a_b/c\\d..e", "a-b-c-d-e"),
    ("Künstliche Intelligenz", "künstliche-intelligenz"),
    ("人工知能", "人工知能"),
    ("हिन्दी समाचार", "हिन्दी-समाचार"),
    ("עִבְרִית", "עִבְרִית"),
    ("Искусственный интеллект", "искусственный-интеллект"),
    ("---", ""),
    ("😀", ""),
    ("../../etc/passwd", "etc-passwd"),
    ("a" * 100, "a" * 80),
    ("日" * 40, "日" * 26),
]


@pytest.mark.parametrize(("name", "slug"), SLUGS)
def test_slug_of(name, slug):
    assert slug_of(name) == slug


def test_names_get_slugs_in_sorted_order():
    assert assign(["C#", "C", "c", " C "], {}) == {"c": "c", "c#": "c-sharp"}


def test_a_slug_once_given_stays_with_its_name():
    given_before = {"c!": "c"}
    assert assign(["C!", "C"], given_before) == {"c": "c-a5047ec9"}


def test_a_name_without_letters_is_named_by_its_digest():
    assert re.fullmatch("[0-9a-f]{8}", assign(["---"], {})["---"])


@pytest.mark.parametrize("name", ["con", "NUL", "Com1"])
def test_names_of_devices_are_marked(name):
    assert re.fullmatch(f"{name.lower()}-[0-9a-f]{{8}}", assign([name], {})[name.lower()])


NAMES = st.text() | st.text(st.sampled_from([*"cC+#.-&@ _/éßﬁİıσς", "\u0301", "日"]))


@given(st.lists(NAMES), st.lists(NAMES))
def test_no_two_names_share_a_file(first, second):
    taken = assign(first, {})
    new = assign([*second, *first], taken)
    assert not taken.keys() & new.keys()
    assert taken.keys() | new.keys() == {fold(name) for name in [*first, *second]}
    slugs = [*taken.values(), *new.values()]
    assert len({fold(slug) for slug in slugs}) == len(slugs)
    for slug in slugs:
        assert slug
        assert len(slug.encode()) <= 80
        assert unicodedata.is_normalized("NFC", slug)
        assert slug == slug.strip("-. ")
        assert not set(slug) & set('/\\.:*?"<>|%#& \x00')


@given(st.lists(NAMES), st.randoms())
def test_the_order_of_names_does_not_matter(names, random):
    shuffled = random.sample(names, len(names))
    assert assign(names, {}) == assign(shuffled, {})
