from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.item import Enclosure, Image
from feeds.model.remote import RemoteEntry
from feeds.remote.looks import digest
from feeds.remote.memory import Known, Traits, match, retained

MOMENT = datetime(2024, 5, 1, 12, tzinfo=UTC)
NOW = 1_714_564_800
DAY = 86_400


def entry(guid="", link="", title="", day=0, **more):
    date = MOMENT + timedelta(days=day) if day else None
    return RemoteEntry(guid, f"https://example.org/{link}" if link else "", title, published=date, **more)


def fetches(*lists):
    """Return what each fetch made of its entries, every one remembering all before it."""
    known, made = (), []
    for number, entries in enumerate(lists):
        matching = match(entries, known, NOW + number)
        known = (*(each.known for each in matching.met), *matching.vanished)
        made.append(matching)
    return made


def fates(first, second):
    """Return which entry of the second fetch is which of the first (None: a new one), and which are gone."""
    before, after = fetches(first, second)
    places = {each.known.name: place for place, each in enumerate(before.met)}
    again = [None if each.before is None else places[each.known.name] for each in after.met]
    return again, sorted(places[each.name] for each in after.vanished)


FATES = {
    "nothing is remembered": ([], [entry("1", "a", "A")], [None], []),
    "the same again": ([entry("1", "a", "A")], [entry("1", "a", "A")], [0], []),
    "in another order": (
        [entry("1", "a", "A"), entry("2", "b", "B")],
        [entry("2", "b", "B"), entry("1", "a", "A")],
        [1, 0],
        [],
    ),
    "one new, one gone": (
        [entry("1", "a", "A"), entry("2", "b", "B")],
        [entry("3", "c", "C"), entry("1", "a", "A")],
        [None, 0],
        [1],
    ),
    "another title": ([entry("1", "a", "A")], [entry("1", "a", "B")], [0], []),
    "another page": ([entry("1", "a", "A")], [entry("1", "b", "A")], [0], []),
    "another page and title": ([entry("1", "a", "A")], [entry("1", "b", "B")], [0], []),
    "guids that change": (
        [entry("1", "a", "A"), entry("2", "b", "B")],
        [entry("x", "a", "A"), entry("y", "b", "B"), entry("z", "c", "C")],
        [0, 1, None],
        [],
    ),
    "guids that change, and one title too": (
        [entry("1", "a", "A"), entry("2", "b", "B")],
        [entry("x", "a", "A"), entry("y", "b", "B, edited")],
        [0, 1],
        [],
    ),
    "another story on one page under another guid": (
        [entry("1", "latest", "Monday")],
        [entry("2", "latest", "Tuesday")],
        [None],
        [0],
    ),
    "another story on one page, and another that stays": (
        [entry("1", "latest", "Monday"), entry("9", "z", "Z")],
        [entry("2", "latest", "Tuesday"), entry("9", "z", "Z")],
        [None, 1],
        [0],
    ),
    "guid and page change, title and date stay": (
        [entry("http://old.example/1", "old/1", "A", 1)],
        [entry("https://new.example/1", "new/1", "A", 1)],
        [0],
        [],
    ),
    "guid and page change, the date too": ([entry("1", "a", "A", 1)], [entry("2", "b", "A", 2)], [None], [0]),
    "no guids: by page": (
        [entry(link="a", title="A"), entry(link="b", title="B")],
        [entry(link="b", title="B, edited"), entry(link="a", title="A")],
        [1, 0],
        [],
    ),
    "guids that begin": ([entry(link="a", title="A")], [entry("1", "a", "A")], [0], []),
    "guids that end": ([entry("1", "a", "A")], [entry(link="a", title="A")], [0], []),
    "neither guid nor page": ([entry(title="A")], [entry(title="A"), entry(title="B")], [0, None], []),
    "neither guid nor page, a title that comes back": ([entry(title="Weather", day=1)], [entry(title="Weather", day=2)],
                                                       [None], [0]),
    "the page with a parameter that tracks": (
        [entry(link="a?utm_source=x", title="A")],
        [entry(link="a?utm_source=y", title="B")],
        [0],
        [],
    ),
    "two entries with one guid": (
        [entry("1", "a", "A"), entry("1", "b", "B")],
        [entry("1", "b", "B"), entry("1", "a", "A")],
        [1, 0],
        [],
    ),
    "two entries with one guid, one edited": (
        [entry("1", "a", "A"), entry("1", "b", "B")],
        [entry("1", "b", "B, edited"), entry("1", "a", "A")],
        [1, 0],
        [],
    ),
    "one guid for all, one new and one gone": (
        [entry("1", "a", "A"), entry("1", "b", "B")],
        [entry("1", "c", "C"), entry("1", "a", "A")],
        [None, 0],
        [1],
    ),
    "one guid and one page for all, one new and one gone": (
        [entry("1", "p", "A"), entry("1", "p", "B")],
        [entry("1", "p", "A"), entry("1", "p", "C")],
        [0],
        [],
    ),
    "one guid and the front page for all, one new and one gone": (
        [replace(entry("1", title=title), link="https://example.org/") for title in "AB"],
        [replace(entry("1", title=title), link="https://example.org/") for title in "CA"],
        [None, 0],
        [1],
    ),
    "one page for all": (
        [entry("1", "p", "A"), entry("2", "p", "B")],
        [entry("3", "p", "C"), entry("2", "p", "B")],
        [None, 1],
        [0],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FATES)
def test_an_entry_is_found_again(name):
    first, second, again, gone = FATES[name]
    assert fates(first, second) == (again, gone)


ONCE = {
    "twice the same": ([entry("1", "a", "A"), entry("1", "a", "A")], ["A"]),
    "the latest version": (
        [entry("1", "a", "old", 1), entry("1", "a", "new", 2), entry("1", "a", "older", -1)],
        ["new"],
    ),
    "an update counts": (
        [entry("1", "a", "old", 2), entry("1", "a", "new", 1, updated=MOMENT + timedelta(days=3))],
        ["new"],
    ),
    "one guid on two pages": ([entry("1", "a", "A"), entry("1", "b", "A")], ["A", "A"]),
    "one guid on no page": ([entry("1", "", "A"), entry("1", "", "B")], ["A", "B"]),
    "one page without guids": ([entry("", "a", "A"), entry("", "a", "B"), entry("", "a", "A")], ["A", "B"]),
    "titles alone": ([entry(title="A", day=1), entry(title="A", day=2), entry(title="A", day=1)], ["A", "A"]),
}


@pytest.mark.parametrize("name", ONCE)
def test_doubles_in_one_feed(name):
    entries, titles = ONCE[name]
    (made,) = fetches(entries)
    assert [each.entry.title for each in made.met] == titles
    assert len({each.known.name for each in made.met}) == len(titles)


def test_names_are_the_first_guids_for_ever():
    first, second, third = fetches(
        [entry("1", "a", "A"), entry("", "b", "B"), entry("1", "c", "C"), entry("", "", "D")],
        [entry("x", "a", "A"), entry("y", "b", "B"), entry("z", "c", "C")],
        [entry("y2", "a", "A")],
    )
    names = [each.known.name for each in first.met]
    assert names[:3] == ["1", "page:example.org/b", "page:example.org/c"]
    assert names[3] == "title:b5a5e556bca88c7b 0"
    assert [each.known.name for each in second.met] == names[:3]
    assert [(each.known.name, each.known.first_seen) for each in third.met] == [("1", NOW)]


def test_a_name_that_is_taken_is_never_given_again():
    gone = Known("1", Traits("0", "example.org/z", "t"), "d", NOW, NOW)
    matching = match([entry("1", "a", "A")], [gone], NOW + 5)
    assert [each.known.name for each in matching.met] == ["page:example.org/a"]
    assert matching.vanished == (gone,)


def test_what_vanishes_and_returns_was_never_new_again():
    here, away = [entry("1", "a", "A")], [entry("2", "b", "B")]
    first, second, third, fourth = fetches(here, away, away, here)
    assert [each.gone_at for each in second.vanished] == [NOW + 1]
    assert third.vanished == second.vanished
    assert fourth.met[0].known == first.met[0].known
    assert (fourth.met[0].is_changed, [each.name for each in fourth.vanished]) == (False, ["2"])


SHARED = {
    "each its own": ([entry("1", "a", "A"), entry("2", "b", "B")], [False, False]),
    "one page": ([entry("1", "p", "A"), entry("2", "p#two", "B"), entry("3", "c", "C")], [True, True, False]),
    "no page": ([entry("1", "", "A"), entry("2", "", "B")], [True, True]),
}


@pytest.mark.parametrize("name", SHARED)
def test_pages_that_several_entries_have(name):
    entries, shared = SHARED[name]
    (made,) = fetches(entries)
    assert [each.shared_page for each in made.met] == shared


def test_a_page_is_shared_with_those_that_are_gone():
    _, second = fetches([entry("1", "latest", "Monday")], [entry("2", "latest", "Tuesday")])
    assert [each.shared_page for each in second.met] == [True]


ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "a", "b", "c"]),
        st.sampled_from(["", "A", "B"]),
        st.sampled_from([0, 1, 2]),
    ),
    max_size=6,
)


@given(ENTRIES, ENTRIES)
def test_no_two_entries_have_one_name_and_nothing_is_lost(first, second):
    before, after = fetches(first, second)
    names = [each.known.name for each in after.met] + [each.name for each in after.vanished]
    assert len(names) == len(set(names))
    assert {each.known.name for each in before.met} <= set(names)
    assert "" not in names


@given(ENTRIES, ENTRIES)
def test_the_same_feed_again_changes_nothing(first, second):
    _, before, after = fetches(first, second, second)
    assert [each.known for each in after.met] == [each.known for each in before.met]
    assert not any(each.is_changed for each in after.met)
    assert after.vanished == before.vanished


FULL = entry(
    "1",
    "a",
    "A title",
    summary="A summary.",
    content='<p>Some <a href="https://example.org/x?utm_source=rss&amp;id=1" title="T">text</a>.</p>',
    authors=("Ann",),
    categories=("AI", "Sport"),
    images=(Image("https://example.org/i.png", 1, 2),),
    enclosure=Enclosure("https://example.org/a.mp3", "audio/mpeg", 9),
    duration=60,
)
SAME = {
    "dates": {"published": MOMENT, "updated": MOMENT},
    "the guid": {"guid": "2"},
    "white space": {"title": "A  title", "summary": " A\nsummary. "},
    "a parameter that tracks": {"link": "https://example.org/a?utm_medium=rss"},
    "one in the address of a picture": {"images": (Image("https://example.org/i.png?fbclid=1", 1, 2),)},
    "the order of categories": {"categories": ("sport", "AI", "ai")},
    "the markup of the text": {
        "content": "<P>Some\n <a title='T' href=\"https://example.org/x?id=1&utm_source=a\"> text </a>. </P><!-- x -->"
    },
}
OTHER = {
    "title": {"title": "Another title"},
    "the case of the title": {"title": "A Title"},
    "summary": {"summary": "Another."},
    "page": {"link": "https://example.org/b"},
    "author": {"authors": ("Bob",)},
    "category": {"categories": ("AI",)},
    "picture": {"images": ()},
    "the size of a picture": {"images": (Image("https://example.org/i.png", 2, 2),)},
    "enclosure": {"enclosure": None},
    "duration": {"duration": 61},
    "text": {"content": "<p>Other text.</p>"},
    "where a link goes": {"content": FULL.content.replace("id=1", "id=2")},
    "a tag": {"content": FULL.content.replace("p>", "li>")},
}


@pytest.mark.parametrize("name", SAME)
def test_an_edit_that_no_reader_sees(name):
    assert digest(replace(FULL, **SAME[name]), full_text=True) == digest(FULL, full_text=True)


@pytest.mark.parametrize("name", OTHER)
def test_an_edit_that_a_reader_sees(name):
    assert digest(replace(FULL, **OTHER[name]), full_text=True) != digest(FULL, full_text=True)


def test_the_text_counts_only_where_it_is_shown():
    edited = replace(FULL, content="<p>Other text.</p>")
    assert digest(edited) == digest(FULL)
    assert digest(replace(edited, summary="")) != digest(replace(FULL, summary=""))


def vanished(name, gone_at, first_seen=0):
    return Known(name, Traits(name, "", ""), "d", first_seen, gone_at)


A, B, C = vanished("a", NOW - DAY), vanished("b", NOW - 2 * DAY), vanished("c", NOW - 3 * DAY + 1)
RETAINED = [
    ((), 30, 500, ()),
    ((C, A, B), 30, 500, (A, B, C)),
    ((A, B, C), 3, 500, (A, B, C)),
    ((A, B, C), 2, 500, (A,)),
    ((A, B, C), 30, 2, (A, B)),
    ((A, B, C), 0, 500, ()),
    ((A, B, C), 30, 0, ()),
    ((vanished("old", NOW, 1), vanished("new", NOW, 2)), 30, 1, (vanished("new", NOW, 2),)),
]


@pytest.mark.parametrize(("gone", "days", "most", "kept"), RETAINED)
def test_what_is_kept_of_the_vanished(gone, days, most, kept):
    assert retained(gone, NOW, days=days, most=most) == kept
