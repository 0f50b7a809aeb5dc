import pytest

from feeds.clusters.stems import stem
from feeds.clusters.tokens import fold, pieces
from feeds.clusters.words import MOST_KEYS, Reader, words_of


def read(title, domain=""):
    return Reader().read(title, domain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rates raised in Oslo", "Rates raised in Oslo - Reuters"),
        ("Rates raised in Oslo", "UPDATE 2-Rates raised in Oslo"),
        ("Rates raised in Oslo", "REFILE-UPDATE 1-Rates raised in Oslo"),
        ("Rates raised in Oslo", "BREAKING: Rates raised in Oslo (AFP)"),
        ("Rates raised in Oslo", "Raises rates, Oslo"),
        ("Rates raised in Oslo", "RATES RAISED IN OSLO"),
        ("São Paulo floods", "Sao Paulo floods"),
        ("A €10bn plant for Dresden", "A 10 billion euro plant for Dresden"),
        ("Some 1,500 march in Tbilisi", "Some 1500 march in Tbilisi"),
        ("Q3 loss at Acme", "Third-quarter loss at Acme"),
        ("Turnout of seventy percent", "Turnout of 70%"),
        ("Inflation at 4.0 percent", "Inflation at 4 percent"),
    ],
)
def test_one_wording_whatever_the_signs_marks_and_forms(one, other):
    assert read(one).wording == read(other).wording


def test_the_name_of_the_provider_is_no_part_of_the_story():
    assert read("Rates raised - Hartford Courant", "courant.com").wording == read("Rates raised").wording
    assert read("Rates raised - Hartford Courant", "example.org").wording != read("Rates raised").wording


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Five things to know on 4 May", {"5", "4", "may"}),
        ("Five things to know on 5 May", {"5", "5'", "may"}),
        ("This may be it", set()),
        ("Ten books for this May", {"10", "may"}),
        ("May resigns as chair", set()),
        ("Protesters march in March", {"mar"}),
        ("For the first time since Monday", {"mon"}),
        ("Third attempt, first quarter", {"3", "1"}),
        ("Released on 12.05.2021", {"12.05.2021"}),
        ("Up 1.5m to 2 trillion", {"1500000", "2000000000000"}),
        ("x² is no number", set()),
    ],
)
def test_numbers_come_in_one_form(title, numbers):
    assert read(title).numbers == numbers


def test_what_was_read_before_changes_nothing():
    titles = ["May resigns", "On 4 May", "Fails to land", "It fails", "Q 3", "Who is Q", "First", "First quarter"]
    reader = Reader()
    assert [reader.read(title) for title in titles] == [read(title) for title in titles]
    assert [reader.read(title) for title in reversed(titles)] == [read(title) for title in reversed(titles)]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Tanker seized in Gulf of Oman, navy says", {"gulf", "oman"}),
        ("Tanker Seized In Gulf Of Oman, Navy Says", set()),
        ("EU agrees rules on hiring", {"eu"}),
        ("TANKER SEIZED IN GULF OF OMAN", set()),
    ],
)
def test_names_are_what_has_a_capital_where_others_have_none(title, names):
    assert read(title).names == names


@pytest.mark.parametrize(
    ("title", "forms"),
    [
        ("Opinion: the law nobody wanted", {"opinion"}),
        ("ANALYSIS-Rates are up, what now", {"analysis"}),
        ("Storm Ines live: power cuts", {"live"}),
        ("People who live in boats", set()),
        ("Why nobody reads what the critics of the opinion of the court wrote: a list", set()),
    ],
)
def test_the_kind_of_piece_stands_in_a_short_part_at_an_end(title, forms):
    assert read(title).forms == forms


def test_common_words_tell_little_and_find_nothing():
    common = frozenset(words_of("Power Apps"))
    assert words_of("Print screens in Power Apps from Teams", common=common) == ("screen", "print", "team")
    assert Reader(common).read("Power Apps").weight == pytest.approx(0.8)


def test_at_most_eight_words_to_find_a_title_by_the_longest_first():
    found = words_of("Storm cuts power to eighty villages between Quimper, Brest, Lorient, Vannes, Rennes and Morlaix")
    assert len(found) == MOST_KEYS
    assert list(found) == sorted(found, key=lambda word: (-len(word), word))


@pytest.mark.parametrize(
    "forms",
    [
        ("raise", "raises", "raised", "raising"),
        ("cancel", "cancels", "cancelled", "canceled", "cancelling"),
        ("city", "cities"),
        ("run", "runs", "ran", "running"),
        ("pass", "passes", "passed"),
        ("unlawful", "unlawfully"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["a", "is", "us", "gas", "2021", "москве", "日本"])
def test_short_and_foreign_words_have_no_ending(word):
    assert stem(word) == word


def test_a_script_without_spaces_is_cut_into_pairs():
    assert pieces("東京株式") == ("東京", "京株", "株式")
    assert pieces("tokyo") == ("tokyo",)
    assert fold("ＴＯＫＹＯ’s") == "tokyo's"


@pytest.mark.parametrize(
    "title", ["", " ", "-", ":", "|||", "’’", "²", "\ud800", "9" * 400, "a" * 5000, "- Reuters", "()"]
)
def test_any_title_can_be_read(title):
    assert isinstance(read(title, "reuters.com").wording, str)
