"""What is known of a URL that items show: what one check saw, and what many checks together mean."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an item uses a URL for."""

    ARTICLE = "article"
    AMP = "amp"
    CDN_AMP = "cdn_amp"
    IMAGE = "image"
    ENCLOSURE = "enclosure"


class Seen(StrEnum):
    """What one check saw; which of these count towards death, and how fast, is in `feeds.links`."""

    ALIVE = "alive"
    MOVED = "moved"  # alive at the end of a chain that begins with 301 or 308
    TEMPORARY = "temporary"  # alive at the end of a chain that begins with 302, 303 or 307
    GONE = "gone"
    MISSING = "missing"
    SOFT = "soft"
    NO_HOST = "no_host"
    TRANSIENT = "transient"
    TLS = "tls"
    LOOP = "loop"
    BLOCKED = "blocked"
    LOCAL = "local"  # the fault is ours: says nothing about the link
    REFUSED = "refused"  # we do not ask: scheme, address, pattern, robots


class Verdict(StrEnum):
    """What we hold of a link after all we saw."""

    UNKNOWN = "unknown"
    OK = "ok"
    MOVED = "moved"
    SUSPECT = "suspect"
    DEAD = "dead"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Observation:
    """What one check of one URL saw.

    `reason` is a short code such as `http-404`, `connect-timeout`, `tls-expired`, `address-private`; `hops` are the
    URLs asked after the first, in order, with the status that led to each; `retry_at` is when the host wants to be
    asked again (seconds since 1970, 0 for no wish); `length` and `type` are those of the content, None and "" where
    unknown.
    """

    url: str
    seen: Seen
    reason: str
    status: int = 0
    hops: tuple[tuple[int, str], ...] = ()
    retry_at: int = 0
    length: int | None = None
    type: str = ""
    etag: str = ""
    last_modified: str = ""
    millis: int = 0

    @property
    def final_url(self) -> str:
        """Return the URL that gave the answer."""
        return self.hops[-1][1] if self.hops else self.url


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is remembered of one URL. Times are seconds since 1970, 0 for never.

    `counted_at` is when a failure last counted; `moved_to` with `moved_seen` and `moved_since` is a move that was seen,
    `moved_confirmed` one that holds. `pin` is "", "alive" or "dead": what a person said outweighs what we see.
    `archive` is the URL of a snapshot in a web archive, "" where none is known; `archive_asked` when we last looked.
    """

    url: str
    verdict: Verdict = Verdict.UNKNOWN
    reason: str = ""
    status: int = 0
    fails: int = 0
    first_fail_at: int = 0
    counted_at: int = 0
    last_ok_at: int = 0
    ok_streak: int = 0
    checked_at: int = 0
    next_check_at: int = 0
    since: int = 0
    moved_to: str = ""
    moved_seen: int = 0
    moved_since: int = 0
    moved_confirmed: bool = False
    etag: str = ""
    last_modified: str = ""
    length: int | None = None
    type: str = ""
    pin: str = ""
    archive: str = ""
    archive_asked: int = 0
