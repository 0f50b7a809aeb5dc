from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.items.dates import parse_date, parse_duration

BERLIN = ZoneInfo("Europe/Berlin")

DATES = [
    ("2021-02-04T17:45:00Z", "2021-02-04T17:45:00"),
    ("2021-02-04 17:45:00Z", "2021-02-04T17:45:00"),
    ("2021-02-04t17:45:00z", "2021-02-04T17:45:00"),
    ("2021-02-04T17:45Z", "2021-02-04T17:45:00"),
    ("2021-02-04T17:45:59.999999Z", "2021-02-04T17:45:59"),
    ("2021-02-04T17:45:59,9Z", "2021-02-04T17:45:59"),
    ("2021-02-04T17:45:00 UTC", "2021-02-04T17:45:00"),
    ("2021-02-04T17:45:00+05:45", "2021-02-04T12:00:00"),
    ("2021-02-04T17:45:00 +0545", "2021-02-04T12:00:00"),
    ("2021-02-04T17:45:00-08", "2021-02-05T01:45:00"),
    ("2021-2-4 7:05:00 Z", "2021-02-04T07:05:00"),
    ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
    ("  2021-02-04T17:45:00Z\n", "2021-02-04T17:45:00"),
    # in Berlin
    ("2021-02-04", "2021-02-03T23:00:00"),
    ("2021-07-04 12:00", "2021-07-04T10:00:00"),
    ("2021-10-31 02:30", "2021-10-31T00:30:00"),  # comes twice: the first
    ("2021-03-28 02:30", "2021-03-28T01:30:00"),  # is skipped: by the offset before
    # RFC 822
    ("Thu, 04 Feb 2021 17:45:00 GMT", "2021-02-04T17:45:00"),
    ("Thu, 04 Feb 2021 17:45:00 -0000", "2021-02-04T17:45:00"),
    ("4 Feb 2021 17:45 +0100", "2021-02-04T16:45:00"),
    ("04 Feb 21 17:45 EST", "2021-02-04T22:45:00"),
    ("4 Feb 2021 17:45", "2021-02-04T16:45:00"),
]


@pytest.mark.parametrize(("value", "expected"), DATES)
def test_parse_date(value, expected):
    assert parse_date(value, BERLIN) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), "")


BAD_DATES = [
    ("", "empty"),
    ("  ", "empty"),
    ("yesterday", "not a date: yesterday"),
    ("1612460700", "not a date: 1612460700"),
    ("04/02/2021", "not a date: 04/02/2021"),
    ("4 Feb 2021 17:45 CEST", "not a date: 4 Feb 2021 17:45 CEST"),
    ("2021-02-30", "no such date: 2021-02-30"),
    ("2021-02-30T17:45:00Z", "no such date: 2021-02-30T17:45:00Z"),
    ("2021-02-04T24:00:00Z", "no such date: 2021-02-04T24:00:00Z"),
    ("2021-02-04T17:45:00+99:00", "no such date: 2021-02-04T17:45:00+99:00"),
    ("99 Xxx 2021 17:45", "no such date: 99 Xxx 2021 17:45"),
    ("4 Feb 0021 17:45 GMT", "no such date: 4 Feb 0021 17:45 GMT"),
    ("Mon, 05 Mar 0001 00:00:00 GMT", "no such date: Mon, 05 Mar 0001 00:00:00 GMT"),
    ("0002-01-01T00:00:00Z", "implausible year 2"),
    ("0000-01-00", "no such date: 0000-01-00"),
    ("1989-12-31T23:59:59Z", "implausible year 1989"),
    ("2101-01-01T00:00:00Z", "implausible year 2101"),
    ("1970-01-01T00:00:00Z", "implausible year 1970"),
    # what programs write where there is no date
    ("0001-01-01T00:00:00Z", "empty"),
    ("0001-01-01T00:00:00+05:00", "empty"),
    (" 0001-01-01 ", "empty"),
    ("1/1/0001", "empty"),
    ("01/01/0001 12:00:00 AM", "empty"),
    ("Mon, 01 Jan 0001 00:00:00 GMT", "empty"),
    ("Mon, 01 Jan 0001 00:00:00 +0100", "empty"),
    ("1 January 0001 00:00:00 GMT", "empty"),
    ("0000-00-00", "empty"),
    ("0000-00-00 00:00:00", "empty"),
    ("0000-00-00T00:00:00Z", "empty"),
    ("00/00/0000", "empty"),
    ("-0001-11-30T00:00:00+00:00", "empty"),
    ("Wed, 30 Nov -0001 00:00:00 +0000", "empty"),
]


@pytest.mark.parametrize(("value", "reason"), BAD_DATES)
def test_what_is_no_date_says_why(value, reason):
    assert parse_date(value, BERLIN) == (None, reason)


@given(st.text() | st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:]{8}(Z|[+-][0-9]{4})\Z"))
def test_any_text_has_an_answer(value):
    moment, reason = parse_date(value, BERLIN)
    assert (moment is None) is bool(reason)
    assert moment is None or (moment.tzinfo is UTC and moment.microsecond == 0)


@given(st.integers(631_238_400, 4_133_894_400), st.integers(-23 * 60, 23 * 60))
def test_a_moment_comes_back_from_its_iso_form(seconds, offset):
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=offset)))
    assert parse_date(moment.isoformat(), BERLIN) == (moment.astimezone(UTC), "")


DURATIONS = [
    ("PT1H14M", 4440),
    ("P1DT2H", 93_600),
    ("PT90S", 90),
    ("PT24M53S", 1493),
    ("P2W", 1_209_600),
    ("PT1.5H", 5400),
    ("PT1,999S", 1),
    ("P0Y0M1D", 86_400),
    (" pt1m ", 60),
    ("PT0S", None),
    ("PT0.9S", None),
    ("P", None),
    ("PT", None),
    ("P1M", None),
    ("P1Y", None),
    ("-PT1S", None),
    ("1:14:00", None),
    ("74", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "seconds"), DURATIONS)
def test_parse_duration(value, seconds):
    assert parse_duration(value) == seconds
