"""RFC 9110 12.5.3: which coding suits a request."""

import pytest

from feeds.serve.negotiation import chosen

ALL = ("br", "gzip", "")
CASES = [
    (None, ""),  # whoever says nothing may take anything, but only the plain form is safe
    (b"", ""),
    (b"gzip", "gzip"),
    (b"x-gzip", "gzip"),
    (b"GZIP", "gzip"),
    (b"br", "br"),
    (b"gzip, deflate", "gzip"),
    (b"gzip, deflate, br", "br"),
    (b"gzip, deflate, br, zstd", "br"),
    (b"gzip;q=1.0, br;q=0.9", "gzip"),
    (b"br;q=0.001", "br"),
    (b"gzip ; q=0.5 , br ; q=0.6", "br"),
    (b"deflate", ""),
    (b"*", "br"),
    (b"*;q=0.1, gzip", "gzip"),
    (b"br;q=0, *", "gzip"),
    (b"gzip;q=0", ""),
    (b"gzip;q=0, br;q=0", ""),
    (b"identity", ""),
    (b"identity;q=1, gzip;q=0.5", ""),
    (b"identity;q=0.5, gzip;q=0.5", "gzip"),
    (b"identity;q=0, gzip", "gzip"),
    (b"identity;q=0", None),
    (b"*;q=0", None),
    (b"*;q=0, identity;q=0.1", ""),
    (b"gzip;q=high", ""),
    (b"gzip;q=2", ""),
    (b"gzip;q=nan", ""),
    (b"gzip;q=-1", ""),
    (b",,;;q=,gzip", "gzip"),
    (b"\xff", ""),
]


@pytest.mark.parametrize(("accepted", "coding"), CASES)
def test_the_coding_that_suits(accepted, coding):
    assert chosen(accepted, ALL) == coding


@pytest.mark.parametrize(("accepted", "coding"), [(b"gzip, br", ""), (b"*", ""), (b"identity;q=0", None)])
def test_what_has_one_form_only(accepted, coding):
    assert chosen(accepted, ("",)) == coding
