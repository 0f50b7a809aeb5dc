"""Which addresses may be contacted: public unicast ones, and what the configuration opens.

Pure. `ipaddress.is_global` alone is not enough: Python 3.11 calls 224.0.0.1, fec0::1, 2002:7f00:1::, 64:ff9b::7f00:1
and ::127.0.0.1 global. What an IPv6 address carries inside is judged like the address itself.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from feeds.errors import UsageError

Network = IPv4Network | IPv6Network

_V4 = (
    ("address-unspecified", "0.0.0.0/8"),
    ("address-private", "10.0.0.0/8"),
    ("address-shared", "100.64.0.0/10"),  # carrier-grade NAT, RFC 6598
    ("address-loopback", "127.0.0.0/8"),
    ("address-link-local", "169.254.0.0/16"),  # also the metadata service of the clouds
    ("address-private", "172.16.0.0/12"),
    ("address-reserved", "192.0.0.0/24"),  # RFC 6890
    ("address-documentation", "192.0.2.0/24"),
    ("address-reserved", "192.31.196.0/24"),  # AS112, RFC 7535
    ("address-reserved", "192.52.193.0/24"),  # AMT, RFC 7450
    ("address-reserved", "192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ("address-private", "192.168.0.0/16"),
    ("address-reserved", "192.175.48.0/24"),  # AS112, RFC 7534
    ("address-benchmark", "198.18.0.0/15"),  # RFC 2544
    ("address-documentation", "198.51.100.0/24"),
    ("address-documentation", "203.0.113.0/24"),
    ("address-multicast", "224.0.0.0/4"),
    ("address-reserved", "240.0.0.0/4"),
)
_V6 = (
    ("address-unspecified", "::/128"),
    ("address-loopback", "::1/128"),
    ("address-reserved", "::/96"),  # IPv4-compatible, RFC 4291 section 2.5.5.1
    ("address-reserved", "::ffff:0:0:0/96"),  # IPv4-translated, RFC 2765
    ("address-reserved", "64:ff9b:1::/48"),  # NAT64 of local use, RFC 8215
    ("address-reserved", "100::/64"),  # discard-only, RFC 6666
    ("address-reserved", "2001::/23"),  # protocol assignments with Teredo, RFC 2928, RFC 4380
    ("address-documentation", "2001:db8::/32"),
    ("address-documentation", "3fff::/20"),
    ("address-reserved", "5f00::/16"),  # segment routing, RFC 9602
    ("address-private", "fc00::/7"),
    ("address-link-local", "fe80::/10"),
    ("address-private", "fec0::/10"),  # site-local, RFC 3879
    ("address-multicast", "ff00::/8"),
)
_REFUSED = {
    version: tuple((reason, ip_network(block)) for reason, block in table) for version, table in ((4, _V4), (6, _V6))
}
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def networks(blocks: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that `--allow-network` opens; UsageError names the first that is none."""
    try:
        return tuple(ip_network(block.strip()) for block in blocks)
    except ValueError as error:
        raise UsageError(f"--allow-network: {error}") from None


@lru_cache(maxsize=8192)
def refusal(address: str, allowed: tuple[Network, ...] = ()) -> str:
    """Return why this address may not be contacted, "" if it may. `allowed` outweighs every reason.

    What is no address at all is refused, and so is one with a scope: nothing public has one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "address-malformed"
    if any(_inside(parsed, network) for network in allowed):
        return ""
    if isinstance(parsed, IPv6Address) and parsed.scope_id:
        return "address-link-local"
    for inner in _carried(parsed):
        if any(_inside(inner, network) for network in allowed):
            continue
        if reason := _reason(inner):
            return reason
    return ""


def _reason(address: IPv4Address | IPv6Address) -> str:
    for reason, block in _REFUSED[address.version]:
        if _inside(address, block):
            return reason
    if isinstance(address, IPv6Address) and not (address in _UNICAST or address in _NAT64 or address.ipv4_mapped):
        return "address-reserved"
    return "" if address.is_global or _is_carrier(address) else "address-reserved"


def _is_carrier(address: IPv4Address | IPv6Address) -> bool:
    # What they carry is judged in its own right; later Pythons no longer call them global.
    return isinstance(address, IPv6Address) and bool(address.ipv4_mapped or address.sixtofour or address in _NAT64)


def _carried(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    yield address
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            yield address.ipv4_mapped
        if address.sixtofour:
            yield address.sixtofour
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)


def _inside(address: IPv4Address | IPv6Address, network: Network) -> bool:
    return address.version == network.version and address in network
