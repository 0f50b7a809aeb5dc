"""RFC 9110 13: what a request already has."""

import pytest

from feeds.serve.conditions import http_date, is_failed, is_unchanged, seconds

TAG = b'"2204f8064f7f6c9012fc583c"'
THEN = 784_111_777  # Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 5.6.7
NOW, BEFORE, AFTER = (http_date(THEN + shift) for shift in (0, -1, 1))

UNCHANGED = [
    ({}, False),
    ({b"if-none-match": TAG}, True),
    ({b"if-none-match": b"W/" + TAG}, True),
    ({b"if-none-match": b'"x", W/' + TAG}, True),
    ({b"if-none-match": b'"x",' + TAG + b',"y"'}, True),
    ({b"if-none-match": b'"a,b" ,, ' + TAG}, True),
    ({b"if-none-match": b" * "}, True),
    ({b"if-none-match": b"*"}, True),
    ({b"if-none-match": b'"*"'}, False),
    ({b"if-none-match": b'"x"'}, False),
    ({b"if-none-match": TAG[:-1]}, False),
    ({b"if-none-match": TAG.strip(b'"')}, False),
    ({b"if-none-match": b""}, False),
    ({b"if-none-match": b'"x' + TAG}, False),
    ({b"if-modified-since": NOW}, True),
    ({b"if-modified-since": AFTER}, True),
    ({b"if-modified-since": BEFORE}, False),
    ({b"if-modified-since": b"Sunday, 06-Nov-94 08:49:37 GMT"}, True),
    ({b"if-modified-since": b"Sun Nov  6 08:49:37 1994"}, True),
    ({b"if-modified-since": b"yesterday"}, False),
    ({b"if-modified-since": b""}, False),
    # If-None-Match wins over If-Modified-Since, whatever either says.
    ({b"if-none-match": b'"x"', b"if-modified-since": AFTER}, False),
    ({b"if-none-match": TAG, b"if-modified-since": BEFORE}, True),
]


@pytest.mark.parametrize(("fields", "unchanged"), UNCHANGED)
def test_what_a_request_has_already(fields, unchanged):
    assert is_unchanged(fields, TAG, THEN) is unchanged


FAILED = [
    ({}, False),
    ({b"if-match": TAG}, False),
    ({b"if-match": b"*"}, False),
    ({b"if-match": b'"x", ' + TAG}, False),
    ({b"if-match": b"W/" + TAG}, True),  # strong comparison
    ({b"if-match": b'"x"'}, True),
    ({b"if-unmodified-since": NOW}, False),
    ({b"if-unmodified-since": BEFORE}, True),
    ({b"if-unmodified-since": b"soon"}, False),
    ({b"if-match": TAG, b"if-unmodified-since": BEFORE}, False),
]


@pytest.mark.parametrize(("fields", "failed"), FAILED)
def test_what_a_request_insists_on(fields, failed):
    assert is_failed(fields, TAG, THEN) is failed


def test_a_date_that_is_not_told_is_not_compared():
    assert not is_unchanged({b"if-modified-since": AFTER}, TAG, None)
    assert not is_failed({b"if-unmodified-since": BEFORE}, TAG, None)


@pytest.mark.parametrize(
    "text",
    [b"Thu, 99 Foo 2026 99:99:99 GMT", b"Sat, 21 Nov 99999999999999 00:00:00 GMT", b"\xff\xfe", b"0", b"," * 9000],
)
def test_what_is_no_date_is_no_date(text):
    assert seconds(text) is None
