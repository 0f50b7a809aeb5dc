"""Ask the names and the public address that readers use; private addresses only where the settings allow it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feeds import __version__
from feeds.app.doctor.finding import Said, fail, ok, warn
from feeds.app.doctor.machine import CLOCK_SECONDS
from feeds.app.health import span
from feeds.model.tree import CATALOGUE
from feeds.web.client import Answer, WebClient
from feeds.web.dns import Lifetimes, Resolver
from feeds.web.faults import WebError
from feeds.web.guard import networks
from feeds.web.limits import Limits

if TYPE_CHECKING:
    from feeds.app.doctor.subject import Subject

PATIENCE_SECONDS, TOTAL_SECONDS = 5.0, 15.0
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
_SERVER = "feeds init writes settings for web servers (docs/deploy.md)"


def names(subject: "Subject") -> Iterator[Said]:
    """Look up the hosts of the public address and of the hubs."""
    settings = subject.loaded.settings
    if settings.links.proxy:
        yield ok("names are looked up by the proxy")
        return
    urls = settings.base_url, *settings.push.hubs
    hosts = dict.fromkeys(urlsplit(url).hostname or "" for url in urls)
    for host, code in asyncio.run(_looked_up(tuple(hosts))):
        if code:
            yield fail(
                f"{host} cannot be looked up: {code}", f"mind the spelling, and the name server: getent hosts {host}"
            )
        else:
            yield ok(f"{host} has an address")


async def _looked_up(hosts: tuple[str, ...]) -> list[tuple[str, str]]:
    resolver = _resolver()
    try:
        return [(host, await _code(resolver, host)) for host in hosts]
    finally:
        await resolver.close()


async def _code(resolver: Resolver, host: str) -> str:
    try:
        await resolver.addresses(host)
    except WebError as error:
        return error.code
    return ""


def served(subject: "Subject") -> Iterator[Said]:
    """Ask the public address for the list of feeds that was published, and for the feed of everything as readers do."""
    if subject.status.out_there:
        yield from asyncio.run(_asked(subject))


async def _asked(subject: "Subject") -> list[Said]:
    links = subject.loaded.settings.links
    contact = f" (+{links.contact})" if links.contact else ""
    allowed, limits = networks(links.allow_networks), Limits(total=TOTAL_SECONDS)
    agent = f"feeds-doctor/{__version__}{contact}"
    async with WebClient(agent, allowed=allowed, limits=limits, resolver=_resolver(), proxy=links.proxy) as client:
        url, body = subject.loaded.settings.base_url + CATALOGUE, (subject.out / CATALOGUE).read_bytes()
        answer = await client.request("GET", url, body_cap=len(body) + 1)
        if fault := _no_answer(url, answer):
            return [fault]  # each feed would be waited for, for the same reason
        return [*_compared(subject, url, answer, body), *[each async for each in _feeds(subject, client)]]


def _compared(subject: "Subject", url: str, answer: Answer, body: bytes) -> Iterator[Said]:
    if answer.body == body:
        yield ok(f"{url} is what was published")
    else:
        cure = f"have the web server serve {subject.out}, and caches ask again; while a build runs, look again later"
        yield warn(f"{url} is not what was published here", cure)
    # With an Age the answer is as old as that: RFC 9111, section 5.1.
    date = "" if "age" in answer.headers else answer.headers.get("date", "")
    seconds = _skew(date, subject.now)
    if abs(seconds) > CLOCK_SECONDS:
        found = f"the web server's clock is {span(seconds)} {'ahead of' if seconds > 0 else 'behind'} this one"
        yield warn(found, "set both clocks: timedatectl set-ntp true")


def _no_answer(url: str, answer: Answer) -> Said | None:
    """Return what to say where the answer is not a whole 200."""
    if answer.error.startswith("address-"):
        cure = "if it may be asked, name its network in links.allow_networks"
        return warn(f"{url} leads to an address that is not public ({answer.error}), so it was not asked", cure)
    if answer.error:
        return fail(f"{url} does not answer: {answer.error}", "start the web server, and open its port: " + _SERVER)
    if answer.status in {301, 302, 303, 307, 308}:
        target = answer.headers.get("location", "elsewhere")
        return warn(f"{url} redirects to {target}", "set base_url to where the feeds are, so that no reader is sent on")
    if answer.status != 200:
        return fail(f"{url} answers {answer.status}", f"have the web server serve the output folder: {_SERVER}")
    return None


def _skew(date: str, now: int) -> int:
    try:
        return round(parsedate_to_datetime(date).timestamp()) - now
    except ValueError:
        return 0


async def _feeds(subject: "Subject", client: WebClient) -> AsyncIterator[Said]:
    for ending in subject.loaded.settings.feeds.formats:
        url = f"{subject.loaded.settings.base_url}all.{ending}"
        answer = await client.request("GET", url)
        if (answer.error and not answer.truncated) or answer.status != 200:
            yield fail(f"{url} answers {answer.error or answer.status}", _SERVER)
            continue
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != TYPES[ending]:
            yield warn(f"{url} has the type {kind or 'of nothing'}, not {TYPES[ending]}", _SERVER)
        else:
            yield ok(f"{url} has the type {kind}")
        yield await _validated(client, url, answer)


async def _validated(client: WebClient, url: str, answer: Answer) -> Said:
    pairs = (("etag", "if-none-match"), ("last-modified", "if-modified-since"))
    told = {ask: answer.headers[field] for field, ask in pairs if field in answer.headers}
    if not told:
        return warn(f"{url} has neither ETag nor Last-Modified: readers fetch it whole each time", _SERVER)
    again = await client.request("GET", url, told)
    if again.status != 304:
        return warn(f"{url} is sent whole to readers that have it ({again.error or again.status}, not 304)", _SERVER)
    return ok(f"{url} is not sent again to readers that have it (304)")


def _resolver() -> Resolver:
    return Resolver(lifetimes=Lifetimes(patience=PATIENCE_SECONDS))
