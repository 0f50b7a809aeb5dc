"""The `sources` and `polling` settings: which remote feeds are read, how often, and what is taken from them.

This module must never hold a secret: credentials are named by the environment variables that hold them.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from feeds.config.checks import Language, Text, web_url
from feeds.config.entries import Names
from feeds.config.section import Section
from feeds.items.urls import clean_domain, clean_url, identity_key
from feeds.model.source import Source

_SPAN = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 section 5.6.2
# What the client says itself: another value would break the request, or the caches on the way.
_OUR_HEADERS = (
    "accept-encoding connection content-length expect host if-modified-since if-none-match te trailer "
    "transfer-encoding upgrade user-agent"
)
_OURS = frozenset(_OUR_HEADERS.split())
_LONGEST_DERIVED = 60


def span(value: str) -> str:
    """Return `value`, in lower case, if it is a span of time such as 15m, at least a minute and at most 30 days."""
    text = value.strip().lower()
    if not _SPAN.fullmatch(text) or not 60 <= seconds(text) <= 30 * 86_400:
        raise ValueError(f"must be a span of 1m to 30d such as 15m, 6h or 1d, not {value!r}")
    return text


def seconds(span: str) -> int:
    """Return a checked span in seconds."""
    return int(span[:-1]) * _UNITS[span[-1]]


def source_id(value: str) -> str:
    """Return `value` if it can name a source: the state knows its entries by it."""
    if not _ID.fullmatch(value):
        raise ValueError(f"must be a-z, 0-9, dots, - and _ only, at most 80 of them, not {value!r}")
    return value


def derived_id(url: str) -> str:
    """Return the id of a source that is given none: its address in letters, digits and hyphens.

    The scheme and `www.` do not count, so that a feed keeps its id when it goes to https.
    """
    key = identity_key(clean_url(url)[0] or url)
    plain = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    if plain and len(plain) <= _LONGEST_DERIVED:
        return plain
    mark = blake2b(key.encode(), digest_size=4).hexdigest()
    return f"{plain[:_LONGEST_DERIVED].strip('-')}-{mark}".lstrip("-")


def pattern(value: str) -> str:
    """Return `value` if it is a regular expression that can be used."""
    from feeds.remote.filters import pattern_fault  # noqa: PLC0415 - 11 ms, and most settings have no pattern

    fault = pattern_fault(value)
    if fault:
        raise ValueError(f"is no regular expression: {fault}; write \\ before a sign that stands for itself")
    return value


def variable(value: str) -> str:
    """Return `value` if it names an environment variable that is free for a secret."""
    if not _VARIABLE.fullmatch(value):
        raise ValueError("must be the name of an environment variable: never write the secret itself here")
    if value.startswith("FEEDS_"):
        raise ValueError("must not start with FEEDS_: such variables are settings")
    return value


def domain(value: str) -> str:
    """Return a domain in lower-case ASCII without `www.`."""
    cleaned = clean_domain(value)
    if not cleaned:
        raise ValueError(f"must be a domain such as example.org, not {value!r}")
    return cleaned


def header(value: str) -> str:
    """Return `value` if it is the name of a header that may be set."""
    if not _HEADER.fullmatch(value) or value.lower() in _OURS:
        raise ValueError(f"{value!r} is no header that can be set here")
    return value


Domain = Annotated[str, AfterValidator(domain)]
Span = Annotated[str, AfterValidator(span)]
SourceId = Annotated[str, AfterValidator(source_id)]
Patterns = Annotated[tuple[Annotated[Text, AfterValidator(pattern)], ...], Field(strict=False)]
Languages = Annotated[tuple[Language, ...], Field(strict=False)]
Variable = Annotated[str, AfterValidator(variable)]
Headers = dict[Annotated[str, AfterValidator(header)], Variable]
FeedUrl = Annotated[str, AfterValidator(web_url), Field(json_schema_extra={"format": "uri"})]


class PublisherSettings(Section):
    """Who publishes a source."""

    name: str = Field("", description="The name of the provider; what the feed says if not given.")
    domain: Domain | None = Field(
        None, description="The domain of the provider; that of the feed's home page if not given."
    )


class SourceSettings(Section):
    """One remote feed."""

    url: FeedUrl = Field(description="The address of the feed: RSS, Atom, RDF or JSON Feed.")
    id: SourceId | None = Field(
        None, description="What the source is called; made of its URL if not given. Another id makes it another source."
    )
    provider: PublisherSettings = Field(PublisherSettings(), description="Who publishes it.")
    topics: Names = Field((), description="The topics that all of its entries have.")
    keep_categories: bool = Field(
        default=False, description="Take its categories for topics even where topics.yaml does not know them."
    )
    language: Language | None = Field(None, description="The language it is in, where it does not say or is wrong.")
    include: Names = Field((), description="Take only entries with one of these words or phrases (or patterns).")
    exclude: Names = Field((), description="Leave out entries with one of these words or phrases.")
    include_patterns: Patterns = Field(
        (),
        description="Take only entries that one of these regular expressions finds something in (or a word). They "
        "search title, categories, summary and link, a line each, in any case.",
    )
    exclude_patterns: Patterns = Field(
        (), description="Leave out entries that one of these regular expressions finds something in."
    )
    languages: Languages = Field((), description="Take only entries in these languages; en takes en-US too.")
    max_age_days: int | None = Field(None, ge=1, description="Leave out entries older than this many days.")
    min_score: int | None = Field(None, ge=0, le=100, description="Leave out entries worth less than this.")
    weight: int = Field(50, ge=0, le=100, description="What its entries are worth to begin with.")
    interval_min: Span | None = Field(None, description="Ask it at most this often; as in `polling` if not given.")
    interval_max: Span | None = Field(None, description="Ask it at least this often; as in `polling` if not given.")
    full_text: bool | None = Field(None, description="Publish its full texts; as in `polling` if not given.")
    paused: bool = Field(
        default=False, description="Do not ask it, unless it is named: feeds poll ID. What came from it stays."
    )
    username_env: Variable | None = Field(None, description="The environment variable with the user name for it.")
    password_env: Variable | None = Field(None, description="The environment variable with the password for it.")
    token_env: Variable | None = Field(None, description="The environment variable with a bearer token for it.")
    headers_env: Headers = Field(
        {}, description="More headers to send to it: the name of each, and the environment variable with its value."
    )

    @property
    def name(self) -> str:
        """Return the id, given or derived."""
        return self.id or derived_id(self.url)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.username_env is None) != (self.password_env is None):
            raise ValueError("username_env and password_env belong together; add the other one")
        said = self.token_env is not None, self.username_env is not None
        if sum((*said, any(each.lower() == "authorization" for each in self.headers_env))) > 1:
            raise ValueError("has more than one kind of credentials; keep one of them")
        return self


def _each_once(value: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
    first: dict[str, int] = {}
    for number, each in enumerate(value):
        other = first.setdefault(each.name, number)
        if other != number:
            raise ValueError(
                f"sources[{number}] and sources[{other}] have the same id {each.name!r}; "
                "remove one of them, or give it another id"
            )
    return value


Sources = Annotated[tuple[SourceSettings, ...], Field(strict=False), AfterValidator(_each_once)]


class PollingSettings(Section):
    """How remote feeds are asked, and what is kept of them."""

    interval_min: Span = Field("15m", description="Ask a source at most this often, however much it publishes.")
    interval_max: Span = Field("1d", description="Ask a source at least this often, however little it publishes.")
    timeout_seconds: int = Field(20, ge=1, le=300, description="How long one source may take to answer.")
    max_bytes: int = Field(10_485_760, ge=1024, description="The largest feed that is read, in bytes.")
    retention_days: int = Field(30, ge=0, description="How long entries are kept that their feed lists no more.")
    retention_entries: int = Field(500, ge=0, description="How many such entries of one source are kept at most.")
    concurrency: int = Field(32, ge=1, le=1000, description="How many sources are asked at once at most.")
    full_text: bool = Field(default=False, description="Publish full texts and not only excerpts of them.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if seconds(self.interval_min) > seconds(self.interval_max):
            raise ValueError(f"interval_min {self.interval_min} is longer than interval_max {self.interval_max}")
        return self


def sources_of(sources: Iterable[SourceSettings], polling: PollingSettings) -> tuple[Source, ...]:
    """Return the sources as the core sees them, with what `polling` says where they say nothing."""
    return tuple(_source(each, polling) for each in sources)


def _source(given: SourceSettings, polling: PollingSettings) -> Source:
    shortest = seconds(given.interval_min or polling.interval_min)
    return Source(
        id=given.name,
        url=given.url,
        provider_name=given.provider.name,
        provider_domain=given.provider.domain or "",
        topics=given.topics,
        keep_categories=given.keep_categories,
        language=given.language or "",
        include=given.include,
        exclude=given.exclude,
        include_patterns=given.include_patterns,
        exclude_patterns=given.exclude_patterns,
        languages=given.languages,
        max_age_days=given.max_age_days,
        min_score=given.min_score,
        weight=given.weight,
        full_text=polling.full_text if given.full_text is None else given.full_text,
        shortest=shortest,
        # One bound of its own may lie beyond the other one of `polling`.
        longest=max(seconds(given.interval_max or polling.interval_max), shortest),
        paused=given.paused,
    )
