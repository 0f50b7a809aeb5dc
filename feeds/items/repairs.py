"""Tell what was done to what a record says until readers could be shown it, field by field.

Must never mend anything itself: it takes the steps that `feeds.items.normalise` takes, and names each that changed
something.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone, tzinfo

from feeds.items import fields
from feeds.items.dates import parse_date
from feeds.items.enclosures import type_of
from feeds.items.provenance import in_words
from feeds.items.rules import Rules
from feeds.items.text import STEPS, clean_line, opening
from feeds.items.urls import DEFAULT_TRACKING, PARTS, Stages, Tracking, clean_url, escaped, stages
from feeds.model.item import Enclosure, Provider, Story
from feeds.model.record import Record

_LONGEST = 65_536  # of the body an opening is taken from; a limit that cuts nothing
_SHOWN = 2_000  # of a body, as written
_PASSES = 16
_SPACES = "white space folded"
_FRACTION = re.compile(r":\d\d[.,]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mended:
    """A field as it is `written`, the `value` that readers are told (in words), and each repair between the two."""

    written: str
    value: str
    repairs: tuple[str, ...]


def record_repairs(record: Record, story: Story, rules: Rules) -> dict[str, Mended]:
    """Return what was mended of a record, or of a related story inside it, by field of its story.

    Where the record now says something else than `story`, which was made from it once, nothing is told of the field.
    """
    found = {
        "title": _line(record.title),
        "summary": _summary(record),
        "link": _link(record, rules),
        "date": _date(record.date, rules.zone),
        "provider": _provider(record, story.link, rules),
        "authors": _authors(record),
        "kind": _kind(record.kind),
        "images": _images(record, story.link, rules),
        "enclosure": _enclosure(record, story.link, rules),
        "amp": _address(record.amp_url, rules),
        "cdn_amp": _address(record.cdn_amp_url, rules),
    }
    return {name: each for name, each in found.items() if each.repairs and each.value == in_words(getattr(story, name))}


def listed_as(record: Record, topic: str, rules: Rules) -> str:
    """Return how a record writes a topic, "" where it does not list it or writes it as it is called."""
    alike = (value for value in record.topics if fields.topics(replace(record, topics=(value,)), rules) == (topic,))
    written = next(alike, topic)
    return "" if written == topic else written


def part_of(record: Record, story: Story, rules: Rules, *, own: bool) -> Record | None:
    """Return the part of a record that tells this story: itself or a related one, None where none does any more."""
    if own:
        return record
    wanted = story.title, story.link
    related = (part for part in record.related if (clean_line(part.title), _linked(part, rules)) == wanted)
    return next(related, None)


def line_repairs(written: str) -> tuple[str, ...]:
    """Return the name of each step by which `clean_line` changes a text, in the order in which they first did."""
    told = clean_line(written)
    if told == written:
        return ()
    # Tags leave spaces behind: folding these is no repair of what was written.
    named = {} if " ".join(written.split()) == written else {_SPACES: None}
    value = written
    for _ in range(_PASSES):
        before = value
        for name, step in STEPS:
            after = step(value)
            if after != value and name != _SPACES:
                named[name] = None
            value = after
        if value == before:
            break
    if value != told:
        named["markup nested on purpose removed" if told else "nothing visible was left"] = None
    if _SPACES in named:
        named[_SPACES] = named.pop(_SPACES)
    return tuple(named)


def url_repairs(written: str, base: str = "", tracking: Tracking = DEFAULT_TRACKING) -> tuple[str, ...]:
    """Return the name of each step by which `clean_url` changes a URL, () too for one that it refuses."""
    url = clean_url(written, base, tracking)[0]
    return tuple(_url_steps(stages(written, base, tracking), base, tracking)) if url not in {"", written} else ()


def date_repairs(written: str, zone: tzinfo) -> tuple[str, ...]:
    """Return what `parse_date` had to add to a date or to read in it, () too for one that it refuses."""
    moment = parse_date(written, zone)[0]
    if moment is None:
        return ()
    value = written.strip()
    clocks = (f"{moment.hour:02}:{moment.minute:02}", f"{moment.hour}:{moment.minute:02}")
    zoneless = parse_date(written, UTC) != parse_date(written, timezone(timedelta(hours=1)))
    steps = (
        (value != written, "white space removed"),
        (not value[:4].isdecimal(), "read as a date of e-mail (RFC 822)"),
        (":" not in value, "no time of day written: midnight"),
        (zoneless, f"no time zone written: read in {zone}"),
        (not zoneless and not any(clock in value for clock in clocks), "turned into UTC"),
        (":60" in value, "leap second taken for the one before"),
        (_FRACTION.search(value) is not None, "fraction of a second cut"),
    )
    return tuple(name for done, name in steps if done)


def cut_repairs(text: str, whole: str) -> tuple[str, ...]:
    """Return the repair of a text that was shortened, () for one that is still whole."""
    return () if text == whole else (f"cut to {len(text):,} characters",)


def _line(written: str) -> Mended:
    return Mended(written, clean_line(written), line_repairs(written))


def _summary(record: Record) -> Mended:
    if clean_line(record.excerpt) or not record.body:
        return _line(record.excerpt)
    told, whole = opening(record.body), opening(record.body, _LONGEST)
    plain = whole in " ".join(record.body[:_LONGEST].split())
    repairs = (
        "no excerpt written: the first paragraph of the body",
        *(() if plain else ("Markdown and markup removed",)),
        *cut_repairs(told, whole),
    )
    return Mended(record.body.strip()[:_SHOWN], told, repairs)


def _link(record: Record, rules: Rules) -> Mended:
    faults: list[str] = []
    told = fields.link(record, rules, lambda _code, detail, _path: faults.append(detail))
    first = record.original_url and not any(fault.startswith("'originalUrl'") for fault in faults)
    written = record.original_url if first else record.web_url
    return Mended(written, told, (*faults, *url_repairs(written, rules.relative_to, rules.tracking)))


def _linked(record: Record, rules: Rules) -> str:
    return _link(record, rules).value


def _address(written: str, rules: Rules) -> Mended:
    told = clean_url(written, rules.relative_to, rules.tracking)[0]
    return Mended(written, told, url_repairs(written, rules.relative_to, rules.tracking))


def _date(written: str, zone: tzinfo) -> Mended:
    return Mended(written, in_words(parse_date(written, zone)[0]), date_repairs(written, zone))


def _kind(written: str) -> Mended:
    line = clean_line(written)
    told = line.lower() or "article"
    added = () if line == told else ("lower-cased",) if line else ("no type written: article",)
    return Mended(written, told, (*line_repairs(written), *added))


def _authors(record: Record) -> Mended:
    written = record.provider.authors
    repairs = dict.fromkeys(name for author in written for name in line_repairs(author))
    return Mended(", ".join(written), in_words(tuple(fields.authors(record))), tuple(repairs))


def _provider(record: Record, link: str, rules: Rules) -> Mended:
    told, given = fields.provider(record, link, rules), record.provider
    line = clean_line(given.name)
    known = rules.taxonomy.providers.get(told.domain)
    listed = known is not None and (known.name, known.domain) == (told.name, told.domain)
    steps = (
        (not given.domain and told.domain and not listed, "its domain taken from the link"),
        (given.domain and told.domain != given.domain and not listed, "domain cleaned"),
        (listed and (line, given.domain) != (told.name, told.domain), "named as the list of providers has it"),
        (not line and told.name and not listed, "named by its domain"),
    )
    repairs = (*line_repairs(given.name), *(name for done, name in steps if done))
    return Mended(in_words(Provider(given.name, given.domain)), in_words(told), repairs)


def _images(record: Record, link: str, rules: Rules) -> Mended:
    faults: list[str] = []
    told = fields.images(record, link, rules, lambda _code, detail, _path: faults.append(detail))
    written = record.images
    base = rules.relative_to or link
    repairs = [
        (number, name)
        for number, image in enumerate(written, 1)
        for name in url_repairs(image.url, base, rules.tracking)
    ]
    named = [name if len(written) == 1 else f"image {number}: {name}" for number, name in repairs]
    twice = len(written) - len(faults) - len(told)
    named += [*faults, *([f"{twice} left out: there already"] if twice else [])]
    return Mended(", ".join(image.url for image in written), in_words(told), tuple(named))


def _enclosure(record: Record, link: str, rules: Rules) -> Mended:
    told = fields.enclosure(record, link, rules, lambda _code, _detail, _path: None)
    named = record.enclosure
    if told is None or named is None:
        by_link = ("the link is itself a file to download",) if told else ()
        return Mended("", in_words(told), by_link)
    media_type = named.type.strip().lower()
    by_type = () if told.type == media_type else (_typed(told),)
    repairs = (*url_repairs(named.url, rules.relative_to or link, rules.tracking), *by_type)
    return Mended(" ".join(filter(None, (named.url, named.type, named.length))), in_words(told), repairs)


def _typed(told: Enclosure) -> str:
    return "type by the ending of its URL" if told.type == type_of(told.url) else "no type known"


def _url_steps(way: Stages, base: str, tracking: Tracking) -> Iterator[str]:
    if way.trimmed != way.written:
        yield "white space and control characters removed"
    if way.decoded != way.trimmed:
        yield "entities decoded"
    if way.absolute != way.decoded:
        added = way.absolute.removesuffix(way.decoded)
        yield f"{added} put before it" if added in {"https:", "https://"} else f"resolved against {base}"
    if way.composed != way.absolute:
        yield from _parts_changed(way.absolute, way.composed)
    if way.shown != way.composed:
        yield f"tracking parameters removed: {', '.join(_tracked(way.composed, tracking))}"


def _tracked(url: str, tracking: Tracking) -> Iterable[str]:
    query = url.partition("?")[2].partition("#")[0]
    names = (param.partition("=")[0] for param in query.split("&"))
    return dict.fromkeys(name for name in names if tracking.holds(name))


def _parts_changed(before: str, after: str) -> Iterator[str]:
    """Yield what is different in a URL that the WHATWG parser put together again, from left to right."""
    old, new = PARTS.fullmatch(before), PARTS.fullmatch(after)
    if old is None or new is None:
        return
    if old[1] != new[1]:
        yield "scheme lower-cased"
    yield from _authority_changed(old[2], new[2])
    path = escaped(old[3])
    if not old[3]:
        yield "/ put behind the host"
    elif path != new[3]:
        yield "dots in the path resolved"
    if path != old[3] or old.group(4, 5) != new.group(4, 5):
        yield "characters escaped that no URL may hold"


def _authority_changed(before: str, after: str) -> Iterator[str]:
    named = before.rpartition("@")[2]
    if named != before:
        yield "user name and password removed"
    host, mark, port = named.partition(":")
    new_host, _, new_port = after.partition(":")
    if host != new_host:
        yield _host_changed(host, new_host)
    if mark and (port != new_port or not port):
        yield "port written as a number" if new_port else f"port {port or '(empty)'} removed: it goes without saying"


def _host_changed(before: str, after: str) -> str:
    if before.lower() == after:
        return "host lower-cased"
    if before.rstrip(".").lower() == after:
        return "dot behind the host removed"
    return "host written in ASCII" if not before.isascii() else "host written as browsers do"
