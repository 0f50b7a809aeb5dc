from ipaddress import ip_network

import pytest

from feeds.errors import UsageError
from feeds.web.guard import networks, refusal

PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "1.1.1.1",
    "192.0.1.1",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]
REFUSED = [
    ("127.0.0.1", "address-loopback"),
    ("127.255.255.254", "address-loopback"),
    ("0.0.0.0", "address-unspecified"),
    ("0.1.2.3", "address-unspecified"),
    ("10.0.0.1", "address-private"),
    ("172.16.0.1", "address-private"),
    ("172.31.255.255", "address-private"),
    ("192.168.1.1", "address-private"),
    ("100.64.0.1", "address-shared"),
    ("100.127.255.255", "address-shared"),
    ("169.254.169.254", "address-link-local"),
    ("192.0.0.8", "address-reserved"),
    ("192.0.0.170", "address-reserved"),
    ("192.0.2.1", "address-documentation"),
    ("198.51.100.7", "address-documentation"),
    ("203.0.113.9", "address-documentation"),
    ("198.18.0.1", "address-benchmark"),
    ("198.19.255.255", "address-benchmark"),
    ("192.88.99.1", "address-reserved"),
    ("224.0.0.1", "address-multicast"),
    ("239.255.255.250", "address-multicast"),
    ("240.0.0.1", "address-reserved"),
    ("255.255.255.255", "address-reserved"),
    ("::", "address-unspecified"),
    ("::1", "address-loopback"),
    ("::127.0.0.1", "address-reserved"),
    ("::ffff:127.0.0.1", "address-loopback"),
    ("::ffff:10.1.2.3", "address-private"),
    ("::ffff:a9fe:a9fe", "address-link-local"),
    ("::ffff:0:7f00:1", "address-reserved"),
    ("64:ff9b::7f00:1", "address-loopback"),
    ("64:ff9b::a9fe:a9fe", "address-link-local"),
    ("64:ff9b:1::1", "address-reserved"),
    ("2002:7f00:1::", "address-loopback"),
    ("2002:a00:1::1", "address-private"),
    ("2001::1", "address-reserved"),
    ("2001:db8::1", "address-documentation"),
    ("3fff::1", "address-documentation"),
    ("100::1", "address-reserved"),
    ("5f00::1", "address-reserved"),
    ("4000::1", "address-reserved"),
    ("fc00::1", "address-private"),
    ("fd12:3456::1", "address-private"),
    ("fe80::1", "address-link-local"),
    ("fe80::1%eth0", "address-link-local"),
    ("2606:4700::1%eth0", "address-link-local"),
    ("fec0::1", "address-private"),
    ("ff02::1", "address-multicast"),
    ("ff0e::1", "address-multicast"),
    ("example.com", "address-malformed"),
    ("0x7f.1", "address-malformed"),
    ("2130706433", "address-malformed"),
    ("", "address-malformed"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_contacted(address):
    assert refusal(address) == ""


@pytest.mark.parametrize(("address", "reason"), REFUSED)
def test_all_others_are_refused(address, reason):
    assert refusal(address) == reason


@pytest.mark.parametrize(
    ("address", "blocks", "reason"),
    [
        ("127.0.0.1", ["127.0.0.0/8"], ""),
        ("127.0.0.1", ["10.0.0.0/8"], "address-loopback"),
        ("10.1.2.3", ["10.1.0.0/16"], ""),
        ("10.2.2.3", ["10.1.0.0/16"], "address-private"),
        ("::1", ["127.0.0.0/8"], "address-loopback"),
        ("::1", ["::1/128"], ""),
        ("fd00::5", ["fd00::/8"], ""),
        ("::ffff:10.1.2.3", ["10.0.0.0/8"], ""),
    ],
)
def test_what_the_configuration_opens(address, blocks, reason):
    assert refusal(address, networks(blocks)) == reason


def test_networks_are_read_and_refused():
    assert networks(["10.0.0.0/8", " fd00::/8 "]) == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    with pytest.raises(UsageError, match=r"--allow-network: .*10\.0\.0\.1/8"):
        networks(["10.0.0.1/8"])
