"""Cookies for the length of one chain of redirects: some sites send those without one round in circles.

They must never outlive the chain, and none goes to a host that is not of the domain that set it.
"""

from feeds.web.addresses import host_of

_MOST = 50
_LONGEST = 4096


class ChainCookies:
    """What the hosts of one chain have set. Path, expiry dates and `Secure` are ignored: nothing here is a secret."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], str] = {}  # by domain and name; a domain with a dot first has sub-domains

    def take(self, url: str, lines: str) -> None:
        """Keep what an answer to `url` sets: the values of its Set-Cookie fields, one a line."""
        host = host_of(url) if lines else ""
        for line in lines.split("\n"):
            pair, *attributes = (part.strip() for part in line.split(";"))
            name, equals, _ = pair.partition("=")
            if not (equals and name) or len(pair) > _LONGEST or not pair.isprintable() or not pair.isascii():
                continue
            options = {key.lower(): value for key, _, value in (attribute.partition("=") for attribute in attributes)}
            key = _domain(host, options.get("domain", "")), name
            if options.get("max-age", "").startswith(("0", "-")):
                self._values.pop(key, None)
            elif len(self._values) < _MOST:
                self._values[key] = pair

    def field_for(self, url: str) -> str:
        """Return the Cookie field for a request to `url`, "" for none."""
        if not self._values:
            return ""
        host = host_of(url)
        fitting = (pair for (domain, _), pair in self._values.items() if _fits(host, domain))
        return "; ".join(fitting)


def _domain(host: str, wanted: str) -> str:
    wanted = wanted.lower().lstrip(".")
    is_parent = "." in wanted and (host == wanted or host.endswith("." + wanted))
    return "." + wanted if is_parent else host


def _fits(host: str, domain: str) -> bool:
    return ("." + host).endswith(domain) if domain.startswith(".") else host == domain
