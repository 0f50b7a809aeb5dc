"""The name under which a host is held: one for all the ways to write it."""

from feeds.web.addresses import host_of as written_host_of


def host_of(url: str) -> str:
    """Return the host of a URL in lower-case ASCII, without port and without a dot at the end; "" where it has none.

    Parsed as browsers do: `http://0x7f.1/` is on 127.0.0.1, and `http://BÜCHER.example./` on xn--bcher-kva.example.
    """
    try:
        return written_host_of(url).removesuffix(".")
    except ValueError:
        return ""
