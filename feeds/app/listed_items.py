"""Read which items there are, newest first, and which records are held back. Changes nothing, makes nothing.

Items are handed on one by one as they are read: a hundred thousand of them are never in memory.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds.app.feed_names import named_key
from feeds.app.looking import looked_at
from feeds.config.faults import suggestion
from feeds.errors import UsageError
from feeds.items.encoding import decode_sighting, decode_story
from feeds.items.slugs import fold
from feeds.items.urls import clean_domain
from feeds.model.feed import without_site
from feeds.model.item import Story
from feeds.model.link import Verdict
from feeds.store.catalogue import EVER, HeldRecord, ListedItem, Span

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.store.existing import Seen
    from feeds.store.feeds import FeedRow

Test = Callable[[Story], bool]
Stories = Iterator[tuple[ListedItem, Story]]

BATCH = 500


@dataclass(frozen=True, slots=True)
class ItemWish:
    """Which items to list, and how many at most (0: all). `since` and `until` are dates as people write them.

    With `held` records that are held back are listed instead.
    """

    word: str = ""
    feed: str = ""
    topic: str = ""
    provider: str = ""
    kind: str = ""
    query: str = ""
    since: str = ""
    until: str = ""
    held: bool = False
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ItemListed:
    """An item, or a record that is held back: then `file` names it, and `id` is "" where it was never published.

    `state` is "published", "coming" (dated in the future) or "held back". `published` is in seconds since 1970, 0
    for a record that has no date.
    """

    id: str
    title: str
    published: int
    provider: str
    domain: str
    topics: tuple[str, ...]
    kind: str
    link: str
    state: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were shown, how many more there are, and why there are none, with the command that helps."""

    shown: int
    more: int
    why: str = ""


Show = Callable[[ItemListed], None]


def list_items(loaded: "Loaded", wish: ItemWish, now: int, show: Show) -> Tally:
    """Have every wanted item shown, the newest first, as of `now` (seconds since 1970), and count the rest.

    Raises StateError, and UsageError for a feed or provider that is none, a bad date or a bad query.
    """
    with looked_at(loaded, "list") as seen:
        rows = seen.store.feeds.all()
        span = _span(loaded, wish, rows)
        if wish.held:
            tests = list(_tests(loaded, wish, rows))
            tally = _shown_held(_held(seen, tests, span), wish.limit, show)
        else:
            found = _wanted(loaded, wish, seen, span, now)
            count = partial(seen.catalogue.count, span) if _is_plain(wish, rows, span) else None
            tally = _shown(found, wish.limit, show, count)
        if tally.shown:
            return tally
        _refuse_unknown(loaded, wish, rows)
        return Tally(0, 0, _why_none_held(seen) if wish.held else _why_none(wish, seen))


def _shown(found: Iterable[ItemListed], limit: int, show: Show, count: Callable[[], int] | None = None) -> Tally:
    rest, shown = iter(found), 0
    for each in rest:
        show(each)
        shown += 1
        if shown == limit:
            break
    else:
        return Tally(shown, 0)
    return Tally(shown, count() - shown if count else sum(1 for _ in rest))


def _span(loaded: "Loaded", wish: ItemWish, rows: "list[FeedRow]") -> Span:
    zone = ZoneInfo(loaded.settings.time_zone)
    since = _moment(wish.since, zone, "--since") if wish.since else EVER[0]
    until = _moment(wish.until, zone, "--until", end=True) if wish.until else EVER[1]
    numbers = {row.key: row.id for row in rows}
    return Span(since, until, numbers[named_key(list(numbers), wish.feed)] if wish.feed else None)


def _moment(said: str, zone: ZoneInfo, option: str, *, end: bool = False) -> int:
    """Return a date or time in seconds since 1970; the `end` of a day is the beginning of the next one."""
    try:
        if len(said) <= len("2026-11-20"):
            day = date.fromisoformat(said) + timedelta(days=end)
            return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
        moment = datetime.fromisoformat(said)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{option}: {said!r} is no date such as 2026-11-20 or 2026-11-20T09:30") from error


def _is_plain(wish: ItemWish, rows: "list[FeedRow]", span: Span) -> bool:
    """Tell whether the database can count what is wanted: a custom feed may ask for ages."""
    ages_matter = any(row.id == span.feed and row.kind == "custom" for row in rows)
    return not ages_matter and not any((wish.word, wish.topic, wish.provider, wish.kind, wish.query))


def _wanted(loaded: "Loaded", wish: ItemWish, seen: "Seen", span: Span, now: int) -> Iterator[ItemListed]:
    tests = list(_tests(loaded, wish, seen.store.feeds.all()))
    asked = _asked(loaded, wish.query, seen, now) if wish.query else None
    stories = ((row, decode_story(row.story)) for row in seen.catalogue.items(span))
    found = (
        (row, story)
        for row, story in stories
        if all(test(story) for test in tests) and (not row.ages or _holds(row, now))
    )
    for row, story in asked(found) if asked else found:
        yield _listed(row.id, story, row.published, "coming" if row.published > now else "published")


def _listed(key: str, story: Story, published: int, state: str, file: str = "") -> ItemListed:
    provider = story.provider
    return ItemListed(
        key, story.title, published, provider.name, provider.domain, story.topics, story.kind, story.link, state, file
    )


def _holds(row: ListedItem, now: int) -> bool:
    from feeds.selection.query import decode, holds  # noqa: PLC0415  where a feed asks for ages only

    return holds(decode(row.ages), max(0, now - row.published))


def _tests(loaded: "Loaded", wish: ItemWish, rows: "list[FeedRow]") -> Iterator[Test]:
    """Yield what a story has to pass, the cheapest first."""
    if wish.kind:
        kind = wish.kind.strip().lower()
        yield lambda story: story.kind == kind
    if wish.provider:
        yield _provider_test(loaded, wish.provider)
    if wish.topic:
        yield _topic_test(loaded, wish.topic, rows)
    if wish.word:
        word = fold(wish.word)
        yield lambda story: word in fold(story.title)


def _provider_test(loaded: "Loaded", typed: str) -> Test:
    """Return a test for a provider by its domain, its name, or another name that the editors list."""
    domain, name = _provider_meant(loaded, typed)
    return lambda story: (domain != "" and story.provider.domain == domain) or fold(story.provider.name) == name


def _provider_meant(loaded: "Loaded", typed: str) -> tuple[str, str]:
    """Return the domain and the folded name of the provider that is meant."""
    known = loaded.taxonomy.providers
    entry = known.get(clean_domain(typed)) or known.get(fold(typed))
    return (entry.domain, fold(entry.name)) if entry else (clean_domain(typed), fold(typed))


def _topic_test(loaded: "Loaded", typed: str, rows: "list[FeedRow]") -> Test:
    """Return a test for a topic by its name, another name that the editors list, or its slug."""
    name = _topic_meant(loaded, typed, _slugs(rows))
    spellings: dict[str, bool] = {}

    def has_topic(story: Story) -> bool:
        for topic in story.topics:
            if topic not in spellings:
                spellings[topic] = fold(topic) == name
        return any(spellings[topic] for topic in story.topics)

    return has_topic


def _topic_meant(loaded: "Loaded", typed: str, slugs: Mapping[str, str]) -> str:
    """Return the folded name of the topic that is meant."""
    entry, name = loaded.taxonomy.topics.get(fold(typed)), fold(typed)
    if entry or name in slugs.values():
        return fold(entry.name) if entry else name
    return slugs.get(name, name)


def _slugs(rows: "list[FeedRow]") -> dict[str, str]:
    """Return the folded names of the topics that have feeds, by slug."""
    return {row.key.partition("/")[2]: row.ref for row in rows if row.kind == "topic"}


def _refuse_unknown(loaded: "Loaded", wish: ItemWish, rows: "list[FeedRow]") -> None:
    """Raise UsageError where nobody has ever heard of the topic or provider of a wish by which nothing was found.

    Not before: topics of records that are held back and providers without a domain have no feed to be known by.
    """
    slugs, topics = _slugs(rows), loaded.taxonomy.topics
    meant = _topic_meant(loaded, wish.topic, slugs)
    if wish.topic and slugs and meant not in topics and meant not in slugs.values():
        near = suggestion(wish.topic, [*slugs, *slugs.values()])
        raise UsageError(f"--topic: {wish.topic!r} is no topic{near or '; see them all: feeds list topics'}")
    domain, name = _provider_meant(loaded, wish.provider)
    names = {row.ref: without_site(row.title, loaded.site.title) for row in rows if row.kind == "provider"}
    known = {*names, *map(fold, names.values()), *loaded.taxonomy.providers} - {""}
    if wish.provider and names and not known & {domain, name}:
        near = suggestion(wish.provider, [*names, *filter(None, names.values())])
        raise UsageError(
            f"--provider: {wish.provider!r} is no provider{near or '; see them all: feeds list providers'}"
        )


def _asked(loaded: "Loaded", text: str, seen: "Seen", now: int) -> Callable[[Stories], Stories]:
    """Return what lets pass the stories that a query asks for, in the language of custom feeds."""
    from feeds.selection import Lineup, facts_of  # noqa: PLC0415  for a query only
    from feeds.selection.query import QueryError, matches, parse_query, resolved  # noqa: PLC0415

    try:
        query = resolved(parse_query(text), loaded.taxonomy)
    except QueryError as error:
        line, column = _line_of(text, error.column)
        raise UsageError(f"--query: {error.message}\n  {line}\n  {' ' * (column - 1)}^") from error
    lineup = Lineup(loaded.taxonomy, language=loaded.site.language)

    def passed(stories: Stories) -> Stories:
        for row, story, verdict in _judged(seen, stories) if query.asks_links else _unjudged(stories):
            if matches(query, facts_of(story, lineup, verdict), max(0, now - row.published)):
                yield row, story

    return passed


def _unjudged(stories: Stories) -> Iterator[tuple[ListedItem, Story, str]]:
    yield from ((row, story, "") for row, story in stories)


def _judged(seen: "Seen", stories: Stories) -> Iterator[tuple[ListedItem, Story, str]]:
    """Yield stories with the verdict on their pages, looked up many at a time: one by one, 100,000 take 10 s."""
    while batch := list(islice(stories, BATCH)):
        urls = {story.link for row, story in batch if story.link and not row.verdict}
        verdicts = seen.store.links.verdicts_of(sorted(urls), Verdict)
        yield from ((row, story, row.verdict or verdicts.get(story.link, "")) for row, story in batch)


def _line_of(text: str, column: int) -> tuple[str, int]:
    """Return the line of a text that holds a column of it, and the column in that line, both counted from 1."""
    start = text.rfind("\n", 0, column - 1) + 1
    return text[start:].partition("\n")[0].replace("\t", " "), column - start


def _held(seen: "Seen", tests: list[Test], span: Span) -> Iterator[ItemListed]:
    for record in seen.catalogue.held():
        story, told = _told(record)
        if all(test(story) for test in tests) and (told is None or span.since <= told < span.until):
            yield _listed(record.item, story, told or 0, "held back", record.file)


def _told(record: HeldRecord) -> tuple[Story, int | None]:
    story = decode_sighting(record.body).story
    return story, int(story.date.astimezone(UTC).timestamp()) if story.date else None


def _shown_held(found: Iterator[ItemListed], limit: int, show: Show) -> Tally:
    """Have the newest of them shown; they come by file, so that all are looked at and only so many kept."""
    total = 0

    def counted() -> Iterator[ItemListed]:
        nonlocal total
        for each in found:
            total += 1
            yield each

    def order(each: ItemListed) -> tuple[int, str]:
        return -each.published, each.file

    newest = heapq.nsmallest(limit, counted(), key=order) if limit else sorted(counted(), key=order)
    for each in newest:
        show(each)
    return Tally(len(newest), total - len(newest))


def _why_none_held(seen: "Seen") -> str:
    if next(seen.catalogue.held(), None) is None:
        return "no record is held back; to see what is published: feeds list items"
    return "no record that is held back is like that; to see them all: feeds list items --held"


def _why_none(wish: ItemWish, seen: "Seen") -> str:
    if next(seen.catalogue.items(Span()), None) is None:
        held = next(seen.catalogue.held(), None)
        more = "records are held back: feeds list items --held" if held else "feeds build, or feeds explain FILE"
        return f"no item is published; {more}"
    if wish.feed and not any((wish.word, wish.topic, wish.provider, wish.kind, wish.query, wish.since, wish.until)):
        return f"no item is in that feed; feeds explain ITEM --feed {wish.feed} tells why one is not"
    return "no item is like that; to see them all: feeds list items"
