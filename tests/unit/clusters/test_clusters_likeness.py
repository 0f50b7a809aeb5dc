from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feeds.clusters.candidate import DAY, HOUR, Candidate, Policy
from feeds.clusters.explain import explain
from feeds.clusters.likeness import compare, is_spelling, same_story, told
from feeds.clusters.shingles import same_text

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
LEAD = "Engineers closed one of the main bridges over the Douro on Thursday after finding cracks in two bearings"


def item(title, summary="", domain="one.example", published=0):
    return Candidate(f"{domain}/{title}", title, summary, domain, published)


def why(one, other, **apart):
    found = same_story(item(one), item(other, **{"domain": "other.example", **apart}))
    return found and found.why


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Volcano erupts near Grindavik", "Near Grindavik, a volcano erupted - BBC News", "wording"),
        ("Volcano erupts near Grindavik", "Volcano erupts near Grindavik, lava on road", "title"),
        ("Week 12: what we learned from the league", "Week 13: what we learned from the league", None),
        ("Museum returns bronzes to Benin", "Museum returns bronzes to Nigeria", None),
        ("Judge approves merger of supermarkets", "Judge blocks merger of supermarkets", None),
        ("Company will appeal antitrust fine", "Company will not appeal antitrust fine", None),
        ("Volcano erupts near Grindavik", "Live: volcano erupts near Grindavik", None),
        ("Morning briefing", "Morning briefing", None),
        ("Volcano erupts near Grindavik", "Vulkan bei Grindavik ausgebrochen", None),
        ("Kite surfer survives two nights adrift", "Kitesurfer survives two nights adrift", "title"),
        ("Defence ministry delays order for vessels", "Defense ministry delays order for vessels", "title"),
    ],
)
def test_titles_alone(one, other, expected):
    assert why(one, other) == expected


@pytest.mark.parametrize(
    ("hours", "domain", "expected"),
    [
        (96, "other.example", "wording"),
        (97, "other.example", None),
        (12, "one.example", "wording"),
        (13, "one.example", None),
    ],
)
def test_time_between_them(hours, domain, expected):
    assert why(
        "Volcano erupts near Grindavik", "Volcano erupts near Grindavik", domain=domain, published=hours * HOUR
    ) == (expected)


def test_one_provider_needs_equal_titles():
    assert (
        why("Volcano erupts near Grindavik", "Volcano erupts near Grindavik, lava on road", domain="one.example")
        is None
    )


def test_one_text_under_two_titles_is_one_story():
    one = item("Bridge in Porto shut over cracks", LEAD + ".")
    other = item("Cracks close Porto bridge to traffic", LEAD + ", the city said.", "other.example")
    assert same_story(one, other).why == "text"
    assert same_story(replace(one, summary=""), other) is None


def test_a_text_that_says_nothing_of_its_title_makes_no_story():
    notice = "We use cookies and similar technologies to remember your settings and to show you what is relevant to you"
    one = item("Bridge in Porto shut over cracks", notice)
    assert same_story(one, item("Bridge in Porto lit up for winter", notice, "other.example")) is None


def test_short_equal_titles_need_summaries_that_share_a_word():
    one = item("Fire destroys warehouse in port", "Flames tore through a paper store in Antwerp overnight")
    assert same_story(one, item(one.title, "A blaze among tyres blackened the sky of Genoa", "other.example")) is None
    assert same_story(one, item(one.title, "A paper store burnt down", "other.example")).why == "wording"


def test_common_words_are_no_evidence():
    one, other = "Make a Power App a Teams App", "Power Apps Teams Integration"
    assert why(one, other) == "title"
    policy = Policy(common=frozenset(("power", "app", "team")))
    assert same_story(item(one), item(other, domain="other.example"), policy) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("istm", "itsm", True),
        ("protestor", "protester", True),
        ("zelenskiy", "zelensky", True),
        ("labour", "labor", True),
        ("german", "germany", True),
        ("iran", "iraq", False),
        ("niger", "nigeria", False),
        ("slovenia", "slovakia", False),
        ("gambia", "zambia", False),
        ("cat", "cut", False),
    ],
)
def test_spellings_of_one_word(one, other, expected):
    assert is_spelling(one, other) is expected
    assert is_spelling(other, one) is expected


def test_a_few_words_in_common_are_not_one_text():
    assert same_text("on Monday in Oslo the court said", "on Monday in Oslo the court said") == 0.0
    assert same_text(LEAD, LEAD) == 1.0
    assert same_text("", LEAD) == 0.0


def candidates(record):
    for each in (record, *record.get("related", ())):
        published = int(each["publishedDateTime"].timestamp())
        yield Candidate(each["webUrl"], each["title"], each["excerpt"], each["provider"]["domain"], published)


def test_the_seeds_hold_one_headline_of_two_providers_and_one_text_under_two_titles():
    texts = [path.read_text(encoding="utf-8").split("\n---")[0] for path in sorted(SEEDS.glob("*.txt"))]
    found = {each.id: each for text in texts for each in candidates(yaml.safe_load(text))}
    pairs = {
        (one.provider_domain, other.provider_domain, match.why)
        for one in found.values()
        for other in found.values()
        if one.provider_domain < other.provider_domain and (match := same_story(one, other))
    }
    assert pairs == {
        ("reuters.com", "trust.org", "wording"),
        ("nyoooz.com", "reuters.com", "text"),
        ("governing.com", "sandiegouniontribune.com", "title"),
    }


def test_scores_are_the_same_whoever_is_asked_first():
    one = told(item("The Benin Bronze Barbour Court Museum Defence")).headline
    other = told(item("The defenses volcano harbo Oslo Benin harbours Museum")).headline
    here, there = compare(one, other), compare(other, one)
    assert (here.score, here.weight, here.alone) == (there.score, there.weight, there.other_alone)


WORDS = st.sampled_from(
    [
        *("Oslo", "court", "Reuters", "volcano", "erupts", "Benin", "12", "13", "May", "not"),
        *("fails", "to", "rises", "falls", "EU:", "live", "|", "-", "x"),
    ]
)
TITLES = st.lists(WORDS, max_size=9).map(" ".join)
ITEMS = st.builds(item, TITLES, st.sampled_from(["", LEAD]), st.sampled_from(["a.example", "b.example"]))


@given(ITEMS, ITEMS)
def test_who_is_asked_first_does_not_matter(one, other):
    assert same_story(one, other) == same_story(other, one)


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared_and_explained(one, other):
    reason = explain(item(one, other), item(other, one, "other.example"))
    assert reason.startswith("one story") is (
        same_story(item(one, other), item(other, one, "other.example")) is not None
    )


def test_a_match_is_explained():
    one = item("Fears raised over facial recognition at Moscow protests", published=DAY)
    other = item("Worries raised over facial recognition at Moscow protests, 200 held", domain="other.example")
    assert explain(one, other).splitlines() == [
        "one story: the titles say nearly the same",
        "both titles: Fears, raised, facial, recognition, Moscow, protests",
        "only the first: nothing",
        "only the second: held",
        "numbers: none; 200",
        "the titles score 0.99, 0.86 is enough",
        "what both say weighs 5.3, 2.3 is enough",
        "the summaries share 0.00 of a text, 0.50 is enough",
        "24 h lie between them, 96 h may",
    ]


@pytest.mark.parametrize(
    ("one", "other", "apart", "reason"),
    [
        ("Week 12 of the league", "Week 13 of the league", {}, "each has a number the other has not"),
        ("Talks in Oslo begin", "Talks in Oslo end", {}, "one says the opposite of the other"),
        ("Ship sinks off Bergen", "Ship sinks off Stavanger", {}, "one has another name where the other has one"),
        ("Opinion: ship sinks", "Ship sinks", {}, "one is another kind of piece than the other"),
        ("No ship sinks", "Ship sinks", {}, "one denies what the other says"),
        ("Ship sinks off Bergen", "Ship sinks off Bergen", {"published": 9 * DAY}, "too much time lies between them"),
        (
            "Ship sinks",
            "Ship sinks",
            {},
            "the titles are equal but say too little, and the summaries do not bear it out",
        ),
        ("Ship sinks", "Ship sinks off Bergen", {"domain": "one.example"}, "they are of one provider"),
        ("Ship sinks", "Bridge shut", {}, "neither titles nor summaries are alike enough"),
    ],
)
def test_what_stands_against_a_match_is_named(one, other, apart, reason):
    reasons = explain(item(one), item(other, **{"domain": "other.example", **apart}))
    assert reasons.splitlines()[0].startswith(f"two stories: {reason}")
