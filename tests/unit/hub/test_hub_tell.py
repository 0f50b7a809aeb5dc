import pytest

from feeds.hub.tell import Told, told
from feeds.web.client import Answer

PLAIN = {"content-type": "text/plain; charset=utf-8"}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("error", ["", "reset", "headers-too-large"])
def test_any_2xx_is_good_whatever_becomes_of_its_body(status, error):
    assert told(Answer(status, {"retry-after": "9"}, b"thanks", error)) == Told()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(error="connect-timeout"), "connect-timeout"),
        (Answer(error="address-loopback"), "address-loopback"),
        (Answer(410), "http-410"),
        (Answer(404, PLAIN, b"no such hub\r\nat all"), "http-404: no such hub"),
        (Answer(400, PLAIN, b"\n \n  hub.url is\tnot ours  \n"), "http-400: hub.url is not ours"),
        (Answer(500, {"content-type": "text/HTML"}, b"<!DOCTYPE html><h1>oops</h1>"), "http-500"),
        (Answer(500, {}, b"\x1b[31mred\x07\x9b2J"), "http-500: [31mred \ufffd2J"),
        (Answer(500, {}, "\u202egnp.exe\u200b ok".encode()), "http-500: gnp.exe ok"),
        (Answer(500, {}, b"x" * 4096), "http-500: " + "x" * 200),
        (Answer(500, {}, b"\xff\xfe"), "http-500: \ufffd\ufffd"),
        (
            Answer(301, {"location": "https://new.example/hub"}, b"moved"),
            "http-301: it sends on to https://new.example/hub, which is not followed; put that into push.hubs",
        ),
        (Answer(304), "http-304: it sends on to somewhere else, which is not followed; put that into push.hubs"),
    ],
)
def test_everything_else_is_a_fault_that_may_be_shown_in_a_terminal(answer, fault):
    got = told(answer)
    assert got.fault == fault
    assert got.fault.isprintable()


@pytest.mark.parametrize("status", [301, 403, 429, 503])
def test_what_a_hub_wishes_is_passed_on(status):
    assert told(Answer(status, {"retry-after": "120"})).wish == "120"
