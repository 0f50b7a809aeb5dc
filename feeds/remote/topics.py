"""Give a remote entry its topics by rule, each with the reason for it.

Three rules in this order: what the source is about, what the publisher filed the entry under, what its title and
summary speak of. The full text is not searched: it names a great deal that it is not about. This module must never take
a category for a topic unless the editors know it or the source says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from feeds.items.slugs import fold
from feeds.model.remote import RemoteEntry
from feeds.model.source import Source
from feeds.model.taxonomy import Taxonomy
from feeds.remote.words import Words, searchable, words

# Some publishers file an entry under every word in it.
_MOST_CATEGORIES = 20
# A summary can be a whole article in plain text; what it is about stands at its beginning.
_SEARCHED = 4_000

Rule = Literal["source", "category", "keyword"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry has a topic; `why` is for people: the category, or the keyword and where it stood."""

    topic: str
    rule: Rule
    why: str


@dataclass(frozen=True, slots=True)
class TopicIndex:
    """The taxonomy laid out to be looked up by the thousand; make it once for all entries.

    `names` are canonical names by folded name or alias, `keywords` topic and keyword as written by searchable keyword.
    """

    names: Mapping[str, str]
    keywords: Mapping[str, tuple[tuple[str, str], ...]]
    words: Words


def topic_index(taxonomy: Taxonomy) -> TopicIndex:
    """Return the index of all names, aliases and keywords."""
    keywords: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in {entry.name: entry for entry in taxonomy.topics.values()}.values():
        for keyword in entry.keywords:
            keywords[searchable(keyword)].append((entry.name, keyword))
    keywords.pop("", None)
    names = {folded: entry.name for folded, entry in taxonomy.topics.items()}
    return TopicIndex(names, {word: tuple(held) for word, held in keywords.items()}, words(keywords))


def topics_of(entry: RemoteEntry, source: Source, index: TopicIndex) -> tuple[Reason, ...]:
    """Return the topics of an entry, each once and with the first reason there is for it."""
    reasons: dict[str, Reason] = {}
    for reason in _reasons(entry, source, index):
        reasons.setdefault(fold(reason.topic), reason)
    return tuple(reasons.values())


def _reasons(entry: RemoteEntry, source: Source, index: TopicIndex) -> Iterator[Reason]:
    for topic in source.topics:
        yield Reason(index.names.get(fold(topic), topic), "source", f"all of {source.id}")
    for category in entry.categories[:_MOST_CATEGORIES]:
        yield from _of_category(category, source, index)
    for field, text in (("title", entry.title), ("summary", entry.summary)):
        for word in index.words.found_in(searchable(text[:_SEARCHED])):
            for topic, written in index.keywords[word]:
                yield Reason(topic, "keyword", f"{written!r} in the {field}")


def _of_category(category: str, source: Source, index: TopicIndex) -> Iterator[Reason]:
    name = index.names.get(fold(category))
    if name is not None:
        yield Reason(name, "category", repr(category))
        return
    named = index.keywords.get(searchable(category), ())
    for topic, written in named:
        yield Reason(topic, "keyword", f"{written!r} as a category")
    if source.keep_categories and not named and category.strip():
        yield Reason(category.strip(), "category", repr(category))
