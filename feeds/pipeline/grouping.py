"""Find the items that tell one story with those that changed; write down who leads and what it says of the others.

Looks only at what changed and at what was published around the same time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from feeds.clusters.candidate import Candidate, Policy
from feeds.clusters.cluster import Clusters, cluster
from feeds.clusters.explain import explain
from feeds.clusters.words import words_of
from feeds.items.encoding import decode_story, encode_mentions
from feeds.model import Story
from feeds.model.item import Mention
from feeds.pipeline.order import BuildOrder
from feeds.store import Store
from feeds.store.groups import GroupRow, Shown

# What matches and how long apart: the words that are common here are added for each build.
POLICY = Policy()


def regroup(store: Store, order: BuildOrder, changed: Sequence[tuple[str, int]]) -> bool:
    """Bring the groups of changed items (id, published) in line; return whether an item has to be settled anew."""
    shown, stories = _around(store, changed)
    known = store.groups.get({each.id for each in shown} | {key for key, _ in changed})
    # Who stood alone led itself: a story that readers have seen must not make way for another telling of it.
    alone = stories.keys() - known.keys() - {key for key, _ in changed}
    remembered = {key: key for key in alone} | {key: row.leader for key, row in known.items()}
    found = cluster([_candidate(each, stories[each.id]) for each in shown], remembered, _policy(order))
    return _keep(store, _rows(found, stories), known)


def _policy(order: BuildOrder) -> Policy:
    """Return the policy, with the names of topics as words that tell little: half of all titles here have them."""
    entries = order.rules.taxonomy.topics.values()
    names = {name for entry in entries for name in (entry.name, *entry.aliases)}
    return replace(POLICY, common=frozenset(word for name in names for word in words_of(name)))


def why_together(store: Store, order: BuildOrder, key: str) -> tuple[tuple[str, str], ...]:
    """Return every other item of an item's group, by provider and title, and in words why the two are one story."""
    row = store.groups.get([key]).get(key)
    if row is None:
        return ()
    shown = {each.id: each for each in store.groups.shown(store.groups.mates([row.leader]) | {row.leader, key})}
    stories = {each.id: decode_story(each.story) for each in shown.values()}
    told = {each: _candidate(shown[each], stories[each]) for each in sorted(stories)}
    return tuple(
        (f"{stories[other].provider.name}: {stories[other].title}", explain(told[key], candidate, _policy(order)))
        for other, candidate in told.items()
        if key in told and other != key
    )


def _around(store: Store, changed: Iterable[tuple[str, int]]) -> tuple[list[Shown], dict[str, Story]]:
    """Return what was published near these items, with the rest of the groups that it belongs to."""
    near = {each.id: each for each in store.groups.shown_between(_spans(published for _, published in changed))}
    leaders = {row.leader for row in store.groups.get(near).values()}
    far = store.groups.mates(leaders) - near.keys()
    near.update((each.id, each) for each in store.groups.shown(far))
    return list(near.values()), {each.id: decode_story(each.story) for each in near.values()}


def _spans(times: Iterable[int]) -> list[tuple[int, int]]:
    """Return the stretches of time around these moments in which the same story may have been told."""
    spans: list[tuple[int, int]] = []
    for moment in sorted(set(times)):
        first, last = moment - POLICY.window, moment + POLICY.window
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def _candidate(each: Shown, story: Story) -> Candidate:
    return Candidate(
        each.id, story.title, story.summary, story.provider.domain, each.published, story.curated, story.quality
    )


def _rows(found: Clusters, stories: Mapping[str, Story]) -> dict[str, GroupRow]:
    rows: dict[str, GroupRow] = {}
    for leader, members in found.members.items():
        others = [stories[key] for key in members if key != leader]
        rows.update((key, GroupRow(leader, b"")) for key in members)
        rows[leader] = GroupRow(leader, encode_mentions(_mentions(stories[leader], others)))
    return rows


def _mentions(leader: Story, others: Sequence[Story]) -> tuple[Mention, ...]:
    """Return what the leader says of the others: one line a provider, and nothing without an address."""
    named = {story.provider.domain: story for story in reversed(others) if story.link}
    kept = [story for story in others if named.get(story.provider.domain) is story]
    return tuple(
        Mention(story.provider.name, story.provider.domain, story.link, story.title)
        for story in kept
        if story.link != leader.link
    )


def _keep(store: Store, rows: Mapping[str, GroupRow], known: Mapping[str, GroupRow]) -> bool:
    """Write down what is different, and have the items that show it settled anew."""
    gone = known.keys() - rows.keys()
    news = {key: row for key, row in rows.items() if known.get(key) != row}
    if not gone and not news:
        return False
    with store.transaction():
        store.groups.drop(sorted(gone))
        store.groups.put(news)
        store.links.touch(chain(gone, news))
    return True
