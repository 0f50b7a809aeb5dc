from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model.item import Image
from feeds.model.remote import RemoteEntry
from feeds.model.source import Source
from feeds.remote.filters import Ruling, pattern_fault, refused, score, sieve
from feeds.remote.topics import Reason

MOMENT = datetime(2024, 5, 1, 12, tzinfo=UTC)
NOW = int(MOMENT.timestamp())
SOURCE = Source("example", "https://example.org/feed")
ENTRY = RemoteEntry(
    "1", "https://example.org/sport/1", "Cup final tonight", summary="Two teams meet.", categories=("Football",)
)
SLOW = r"(x+x+)+y"
DULL = replace(ENTRY, title="x" * 5000)

RULINGS = {
    "no filters": (ENTRY, {}, ""),
    "a word that is wanted": (ENTRY, {"include": ("CUP",)}, ""),
    "a word in the summary": (ENTRY, {"include": ("teams  meet",)}, ""),
    "a category that is wanted": (ENTRY, {"include": ("football",)}, ""),
    "no word that is wanted": (ENTRY, {"include": ("cups", "opera")}, "nothing in it is included"),
    "a word that is not wanted": (ENTRY, {"exclude": ("final",)}, "excluded by the word 'final'"),
    "part of a word": (ENTRY, {"exclude": ("night",)}, ""),
    "excluded beats included": (
        ENTRY,
        {"include": ("cup",), "exclude": ("cup",), "include_patterns": ("cup",)},
        "excluded by the word 'cup'",
    ),
    "an excluding pattern beats an including word": (
        ENTRY,
        {"include": ("cup",), "exclude_patterns": ("FINAL",)},
        "excluded by the pattern 'FINAL'",
    ),
    "a pattern that is wanted": (ENTRY, {"include_patterns": (r"^cup\b.*night$",)}, ""),
    "a pattern or a word": (ENTRY, {"include": ("opera",), "include_patterns": ("c.p",)}, ""),
    "neither pattern nor word": (
        ENTRY,
        {"include": ("opera",), "include_patterns": ("opera",)},
        "nothing in it is included",
    ),
    "a pattern on the address": (
        ENTRY,
        {"exclude_patterns": (r"^https://[^/]+/sport/",)},
        r"excluded by the pattern '^https://[^/]+/sport/'",
    ),
    "the text stands in for a summary": (
        replace(ENTRY, summary="", content="<p>An <b>opera</b></p>"),
        {"exclude": ("opera",)},
        "excluded by the word 'opera'",
    ),
    "a language that is wanted": (replace(ENTRY, language="EN_us"), {"languages": ("de", "en")}, ""),
    "a language that only begins alike": (
        replace(ENTRY, language="eng"),
        {"languages": ("en",)},
        "language eng is not among en",
    ),
    "a wider language than wanted": (
        replace(ENTRY, language="en"),
        {"languages": ("en-GB",)},
        "language en is not among en-GB",
    ),
    "the language of the source": (ENTRY, {"language": "fr", "languages": ("en",)}, "language fr is not among en"),
    "the entry's before the source's": (
        replace(ENTRY, language="en"),
        {"language": "fr", "languages": ("en",)},
        "",
    ),
    "no known language": (ENTRY, {"languages": ("en",)}, ""),
    "just young enough": (replace(ENTRY, published=MOMENT - timedelta(days=7)), {"max_age_days": 7}, ""),
    "too old": (
        replace(ENTRY, published=MOMENT - timedelta(days=7, seconds=1)),
        {"max_age_days": 7},
        "older than 7 days",
    ),
    "no known age": (ENTRY, {"max_age_days": 7}, ""),
    "an absurd age": (replace(ENTRY, published=datetime(1970, 1, 1, tzinfo=UTC)), {"max_age_days": 7}, ""),
    "worth enough": (ENTRY, {"min_score": 55}, ""),
    "worth too little": (ENTRY, {"min_score": 56}, "score 55 is below 56"),
}


@pytest.mark.parametrize("name", RULINGS)
def test_rulings(name):
    entry, filters, reason = RULINGS[name]
    source = replace(SOURCE, **filters)
    assert refused(entry, sieve(source), score(entry, source, ()), NOW) == Ruling(reason)


def test_the_feeds_language_counts_where_nothing_else_is_known():
    wanted = sieve(replace(SOURCE, languages=("en",)))
    assert refused(ENTRY, wanted, 50, NOW, language="de").reason == "language de is not among en"
    assert refused(replace(ENTRY, language="en"), wanted, 50, NOW, language="de").reason == ""


TOO_SLOW = f"the pattern {SLOW!r} takes more than 50 ms"
SLOW_RULINGS = {
    "excluding: counts as found": ({"exclude_patterns": (SLOW,)}, Ruling(TOO_SLOW, (SLOW,))),
    "excluding: another one is the reason": (
        {"exclude_patterns": (SLOW, "Two teams")},
        Ruling("excluded by the pattern 'Two teams'", (SLOW,)),
    ),
    "including: counts as not found": (
        {"include_patterns": (SLOW,)},
        Ruling(f"nothing in it is included; {TOO_SLOW}", (SLOW,)),
    ),
    "including: another one finds it": ({"include_patterns": (SLOW, "Two teams")}, Ruling("", (SLOW,))),
}


@pytest.mark.parametrize("name", SLOW_RULINGS)
def test_a_pattern_that_takes_too_long_is_given_up_and_told(name):
    filters, ruling = SLOW_RULINGS[name]
    entry = replace(DULL, title="x" * 5000)
    assert refused(entry, sieve(replace(SOURCE, **filters)), 50, NOW) == ruling


def test_a_lost_pattern_is_not_tried_again():
    # "Cup" would be found at once: that it is not shows that nobody looked.
    excluding = sieve(replace(SOURCE, exclude_patterns=("opera", "Cup"))).without(["Cup"])
    assert refused(ENTRY, excluding, 50, NOW) == Ruling("the pattern 'Cup' takes more than 50 ms", ("Cup",))
    including = sieve(replace(SOURCE, include_patterns=("Cup",))).without(["Cup"])
    assert refused(ENTRY, including, 50, NOW).reason.startswith("nothing in it is included")


FAULTS = [
    ("cup|final", ""),
    (r"\p{Script=Greek}+", ""),
    ("a(b", "missing ) at position 3"),
    ("*", "nothing to repeat at position 0"),
    (r"\p{Klingon}", "unknown property at position 11"),
    ("(" * 450 + ")" * 450, "nested too deeply"),
    ("a" * 1001, "longer than 1000 characters"),
]


@pytest.mark.parametrize(("written", "fault"), FAULTS)
def test_faults_of_patterns(written, fault):
    assert pattern_fault(written) == fault


CATEGORY, KEYWORD = Reason("AI", "category", ""), Reason("Sport", "keyword", "")
SCORES = [
    (replace(ENTRY, summary=""), 50, (), 50),
    (ENTRY, 50, (), 55),
    (replace(ENTRY, images=(Image("https://example.org/i.png"),)), 50, (), 60),
    (ENTRY, 50, (Reason("News", "source", ""),), 55),
    (ENTRY, 50, (CATEGORY, KEYWORD), 75),
    (ENTRY, 0, (KEYWORD,) * 9, 35),
    (ENTRY, 100, (KEYWORD,), 100),
]


@pytest.mark.parametrize(("entry", "weight", "reasons", "worth"), SCORES)
def test_score(entry, weight, reasons, worth):
    assert score(entry, replace(SOURCE, weight=weight), reasons) == worth
