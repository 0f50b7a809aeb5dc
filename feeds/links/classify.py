"""What one answer means: a class and a reason. One answer is never a verdict.

Codes of errors are those a request may end with; `url-`, `address-`, `dns-` and `tls-` are families.
"""

from collections.abc import Container, Mapping, Sequence

from feeds.links.addresses import soft_reason, wants_login
from feeds.model.link import Role, Seen

MOST_HOPS = 10
INSECURE = "insecure"  # the page is there, but its certificate is not one to trust

_PERMANENT = frozenset((301, 308))
_BLOCKED = frozenset((401, 402, 403, 405, 406, 407, 418, 423, 429, 451, 999))
_CHALLENGED = frozenset((202, 403, 405, 429, 503))
_CHALLENGES = frozenset(("cf-chl-bypass", "x-amzn-waf-action", "x-datadome", "x-dd-b", "x-sucuri-block", "x-kpsdk-ct"))
_FAULTS = {
    "robots-unreachable": Seen.BLOCKED,  # RFC 9309 2.3.1.4: not now, which is no refusal for ever
    "excluded": Seen.REFUSED,
    "no-route": Seen.LOCAL,
    "too-many-files": Seen.LOCAL,
    "dns-busy": Seen.LOCAL,
    "proxy": Seen.LOCAL,
    "resolver-down": Seen.LOCAL,
    "breaker-open": Seen.LOCAL,
    "dns-nxdomain": Seen.NO_HOST,
    "redirect-loop": Seen.LOOP,
    "too-many-redirects": Seen.LOOP,
    "headers-too-large": Seen.ALIVE,
}
_FAMILIES = (("url-", Seen.REFUSED), ("address-", Seen.REFUSED), ("robots-", Seen.REFUSED), ("tls-", Seen.TLS))
# The status line had come: it says more than what broke after it.
_AFTER_STATUS = frozenset(("read-timeout", "total-timeout", "reset", "empty-reply", "bad-http", "headers-too-large"))
_LIES_TO_HEAD = frozenset(("read-timeout", "total-timeout", "reset", "empty-reply", "bad-http"))
_FILES = frozenset((Role.IMAGE, Role.ENCLOSURE))


def classify(
    url: str,
    role: Role,
    status: int,
    headers: Mapping[str, str],
    hops: Sequence[tuple[int, str]],
    error_code: str,
    *,
    crowded: Container[str] = (),
) -> tuple[Seen, str]:
    """Return the class of the last answer to `url`, and the reason as a short code.

    After a `tls-` error `status` is that of the same question without verification, 0 where it failed too. `crowded`
    are addresses where many pages of a host end up: landing there is no sign of life.
    """
    fault = fault_class(error_code)
    if fault in (Seen.REFUSED, Seen.LOCAL):
        return fault, error_code
    fields = {name.lower(): value.lower() for name, value in headers.items()}
    if fault is not Seen.TLS and (blocked := _blocked(url, status, fields, hops, error_code)):
        return Seen.BLOCKED, blocked
    if error_code and not (status and error_code in _AFTER_STATUS):
        return _faulty(fault, error_code, status)
    return _answered(url, role, status, fields.get("content-type", ""), hops, crowded)


def fault_class(error_code: str) -> Seen:
    """Return the class of an error; what nobody named is a passing fault, the one that needs the most proof."""
    if error_code in _FAULTS:
        return _FAULTS[error_code]
    return next((seen for family, seen in _FAMILIES if error_code.startswith(family)), Seen.TRANSIENT)


def needs_get(
    status: int,
    error_code: str,
    role: Role,
    length_known: bool,  # noqa: FBT001 (the order is that of what is asked: role, then its length and type)
    type_known: bool,  # noqa: FBT001
    *,
    retry_after: bool = False,
) -> bool:
    """Tell whether a GET must follow this answer to a HEAD: servers refuse HEAD, lie to it, or let it hang.

    No bad verdict may rest on a HEAD, except where asking again would be rude: after 429, and after any answer that
    named a time to come back (`retry_after`).
    """
    if status == 429 or retry_after:
        return False
    if error_code:
        return error_code in _LIES_TO_HEAD
    if status >= 400:
        return True
    if not 200 <= status < 300 or role not in _FILES:
        return False
    return not type_known or (role is Role.ENCLOSURE and not length_known)


def target(hops: Sequence[tuple[int, str]]) -> str:
    """Return the URL after the longest run of 301 and 308 that the chain begins with, "" where it begins otherwise."""
    found = ""
    for status, url in hops:
        if status not in _PERMANENT:
            break
        found = url
    return found


def _blocked(url: str, status: int, fields: Mapping[str, str], hops: Sequence[tuple[int, str]], error_code: str) -> str:
    if error_code == "robots-unreachable":
        return error_code
    if fields.get("cf-mitigated") == "challenge" or (status in _CHALLENGED and not _CHALLENGES.isdisjoint(fields)):
        return "challenge"
    if any(wants_login(url, hop) for hop in _telling(status, hops, error_code)):
        return "login"
    return f"http-{status}" if status in _BLOCKED else ""


def _telling(status: int, hops: Sequence[tuple[int, str]], error_code: str) -> list[str]:
    # A page may pass through a log-in host and come back; a loop that touches one waits for a cookie we do not keep.
    if fault_class(error_code) is Seen.LOOP or 300 <= status < 400:
        return [hop for _, hop in hops]
    return [hops[-1][1]] if hops else []


def _faulty(fault: Seen, error_code: str, status: int) -> tuple[Seen, str]:
    served = 200 <= status < 400 or status in _BLOCKED
    return (fault, INSECURE) if fault is Seen.TLS and served else (fault, error_code)


def _answered(
    url: str, role: Role, status: int, kind: str, hops: Sequence[tuple[int, str]], crowded: Container[str]
) -> tuple[Seen, str]:
    if status in (404, 410):
        return (Seen.GONE if status == 410 else Seen.MISSING), f"http-{status}"
    if 300 <= status < 400 and status != 304 and (loop := _loop(url, hops)):
        return Seen.LOOP, loop
    if not (200 <= status < 300 or status == 304):
        return Seen.TRANSIENT, f"http-{status}"
    if soft := _soft(url, role, kind, hops, crowded):
        return Seen.SOFT, soft
    if not hops:
        return Seen.ALIVE, f"http-{status}"
    return (Seen.MOVED if target(hops) else Seen.TEMPORARY), f"http-{hops[0][0]}"


def _loop(url: str, hops: Sequence[tuple[int, str]]) -> str:
    if len(hops) > MOST_HOPS:
        return "too-many-redirects"
    asked = [url, *(hop for _, hop in hops)]
    return "redirect-loop" if len(set(asked)) < len(asked) else ""


def _soft(url: str, role: Role, kind: str, hops: Sequence[tuple[int, str]], crowded: Container[str]) -> str:
    if role in _FILES and kind.partition(";")[0].strip() == "text/html":
        return "soft-html"
    if not hops:
        return ""
    final = hops[-1][1]
    return "soft-crowded" if final in crowded else soft_reason(url, final)
