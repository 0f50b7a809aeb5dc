from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.remote import RemoteEntry
from feeds.model.source import Source
from feeds.model.taxonomy import Taxonomy, TopicEntry
from feeds.remote.topics import Reason, topic_index, topics_of
from feeds.remote.words import searchable, words

STANDS = [
    ("AI", "AI beats doctors"),
    ("AI", "What ai, then?"),
    ("AI", "…AI again"),
    ("AI", "It ended.AI began"),
    ("AI", "AI+ML for all"),
    ("AI", "#AI"),
    ("AI", "最新AI技術"),
    ("Apple", "Apple’s new phone"),
    ("machine learning", "Machine \n\t Learning at work"),
    ("machine learning", "machine\u00a0learning"),
    ("C++", "Why C++ stays"),
    ("C++", "C++20 is out"),
    ("C++", "(C++)"),
    ("C#", "C# and F#"),
    (".NET", "Microsoft's .NET 9"),
    (".NET", ".net"),
    ("5G", "The 5G network"),
    ("AT&T", "AT&T sells"),
    ("Node.js", "node.js 22"),
    ("O'Reilly", "O’Reilly books"),
    ("Straße", "STRASSE gesperrt"),
    ("ΣΟΦΟΣ", "ο σοφος"),
    ("Москва", "В МОСКВА сегодня"),
    ("हिन्दी", "आज हिन्दी दिवस"),
    ("人工智能", "中国人工智能公司"),
    ("車", "自動車"),
    ("機械学習", "最新の機械学習モデル"),
    ("한국", "한국은 오늘"),
    ("ไทย", "ประเทศไทยวันนี้"),
    ("AI技術", "最新AI技術の話"),
    ("🚀", "Liftoff 🚀"),
    ("e-mail", "e\u2011mail"),
]


@pytest.mark.parametrize(("word", "text"), STANDS)
def test_a_word_is_found(word, text):
    assert words([word, "something else"]).found_in(searchable(text)) == (searchable(word),)


STANDS_NOT = [
    ("AI", "rain in Spain"),
    ("AI", "AIDS"),
    ("AI", "ai_model"),
    ("AI", "über-AIxyz"),
    ("C", "C++ and C# alone"),
    ("C++", "C+ grade"),
    ("C#", "C is old"),
    ("Google", "Google+ closes"),
    ("net", "the .NET runtime"),
    (".NET", "example.net"),
    ("5G", "15G or 5GB"),
    ("machine learning", "machine-made learning"),
    ("machine learning", "learning machine"),
    ("Москва", "Москвабад"),
    ("हिन्द", "हिन्दी"),
    ("cafe", "cafe\u0301s"),
    ("人工智能", "人工 智能"),
    ("", "anything"),
    ("  ", "any thing"),
    ("🚀", "Liftoff"),
]


@pytest.mark.parametrize(("word", "text"), STANDS_NOT)
def test_a_word_is_not_found_inside_another(word, text):
    assert words([word]).found_in(searchable(text)) == ()


@given(
    st.lists(st.text("aC+#.1 人工é", max_size=4), max_size=6),
    st.text("aC+#.1 人工é\n", max_size=30),
)
def test_looking_for_many_words_finds_what_looking_for_each_does(written, text):
    each = {found for word in written for found in words([word]).found_in(searchable(text))}
    assert words(written).found_in(searchable(text)) == tuple(sorted(each))
    assert words(reversed(written)) == words(written)


AI = TopicEntry("AI", "ai", ("Artificial Intelligence", "KI"), keywords=("neural network", "machine learning"))
VISION = TopicEntry("Computer Vision", "computer-vision", keywords=("facial recognition", "Neural Network"))
TAXONOMY = Taxonomy({"ai": AI, "artificial intelligence": AI, "ki": AI, "computer vision": VISION})
INDEX = topic_index(TAXONOMY)
SOURCE = Source("example", "https://example.org/feed")
ENTRY = RemoteEntry("1", "https://example.org/1", "A title")

TOPICS = {
    "none": (ENTRY, SOURCE, []),
    "the source's own, by its canonical name": (
        ENTRY,
        replace(SOURCE, topics=("ki", "Gardens")),
        [Reason("AI", "source", "all of example"), Reason("Gardens", "source", "all of example")],
    ),
    "a category by its alias": (
        replace(ENTRY, categories=("artificial  INTELLIGENCE", "Sport")),
        SOURCE,
        [Reason("AI", "category", "'artificial  INTELLIGENCE'")],
    ),
    "a category that is kept": (
        replace(ENTRY, categories=("KI", " Sport ", " ")),
        replace(SOURCE, keep_categories=True),
        [Reason("AI", "category", "'KI'"), Reason("Sport", "category", "' Sport '")],
    ),
    "a category that is a keyword": (
        replace(ENTRY, categories=("Facial Recognition",)),
        replace(SOURCE, keep_categories=True),
        [Reason("Computer Vision", "keyword", "'facial recognition' as a category")],
    ),
    "keywords of two topics": (
        replace(ENTRY, summary="On a NEURAL network."),
        SOURCE,
        [
            Reason("AI", "keyword", "'neural network' in the summary"),
            Reason("Computer Vision", "keyword", "'Neural Network' in the summary"),
        ],
    ),
    "the title before the summary": (
        replace(ENTRY, title="Machine learning", summary="A neural network"),
        SOURCE,
        [
            Reason("AI", "keyword", "'machine learning' in the title"),
            Reason("Computer Vision", "keyword", "'Neural Network' in the summary"),
        ],
    ),
    "the first rule gives the reason": (
        replace(ENTRY, title="Machine learning", categories=("AI",)),
        replace(SOURCE, topics=("AI",)),
        [Reason("AI", "source", "all of example")],
    ),
    "not what only the text speaks of": (replace(ENTRY, content="<p>machine learning</p>"), SOURCE, []),
    "not what only the end of a long summary speaks of": (
        replace(ENTRY, summary="word " * 1000 + "machine learning"),
        SOURCE,
        [],
    ),
}


@pytest.mark.parametrize("name", TOPICS)
def test_topics_with_their_reasons(name):
    entry, source, reasons = TOPICS[name]
    assert list(topics_of(entry, source, INDEX)) == reasons


def test_no_more_than_twenty_categories_are_kept():
    entry = replace(ENTRY, categories=tuple(f"c{number}" for number in range(500)))
    assert len(topics_of(entry, replace(SOURCE, keep_categories=True), INDEX)) == 20
