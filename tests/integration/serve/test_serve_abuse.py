"""What a server on the open net has to stand: paths that lead out, and clients that take their time or too much."""

import socket
import time

import pytest

from feeds.serve.bounded import Bounds

SOON = Bounds(head_seconds=0.3, idle_seconds=1, write_seconds=0.5)
GET = b"GET /all.rss HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def private(out):
    (out.parent / "secret.rss").write_bytes(b"secret")
    (out / ".stage").mkdir()
    (out / ".stage" / "secret.rss").write_bytes(b"secret")
    (out / "way.rss").symlink_to(out.parent / "secret.rss")
    (out / "up").symlink_to(out.parent)
    return out


LEADING_OUT = [
    *(b"/../secret.rss", b"/topics/../../secret.rss", b"/./../secret.rss", b"//secret.rss", b"/..", b"../secret.rss"),
    *(b"/%2e%2e/secret.rss", b"/%2E%2E%2Fsecret.rss", b"/..%2fsecret.rss", b"/%252e%252e/secret.rss"),
    *(b"/..%c0%afsecret.rss", b"/%c0%ae%c0%ae/secret.rss", b"/..%5csecret.rss", b"/..\\secret.rss"),
    *(b"/secret.rss%00", b"/%00", b"/all.rss%00.html", b"/..;/secret.rss", b"/way.rss", b"/up/secret.rss"),
    *(b"/.stage/secret.rss", b"/%2estage/secret.rss", b"/topics/../.stage/secret.rss", b"http://x/../secret.rss"),
    *(b"/etc/passwd", b"//etc/passwd", b"file:///etc/passwd", b"\\etc\\passwd", b"/\xff", b"*", b"http://x", b"/%zz"),
]


@pytest.mark.parametrize("memory", [0, 10_000_000])
def test_no_path_leads_out(serving, private, memory):
    with serving(private, memory_bytes=memory) as server:
        for path in LEADING_OUT:
            got = server.send(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert got[:12] in (b"HTTP/1.1 404", b"HTTP/1.1 400"), path
            assert b"secret\n" not in got
            assert not got.endswith(b"secret"), path
            assert b"root:" not in got
        assert server.ask("/all.rss").status == 200


DRIPS = [(b"GET /all.rss HTTP/1.1\r\n", b"X: y\r\n"), (b"", b"\r\n"), (b"G", b""), (GET, b"")]


@pytest.mark.parametrize(("start", "drop"), DRIPS)
def test_a_head_that_drips_is_cut_off(serving, out, start, drop):
    with serving(out, bounds=SOON) as server:
        sock = server.connect()
        sock.sendall(start)
        cut = _eventually(lambda: _is_cut(sock, drop))
        assert cut


def _is_cut(sock: socket.socket, drop: bytes) -> bool:
    """Send a drop more; tell whether the server has answered 408 or ended the connection."""
    try:
        sock.sendall(drop)
        sock.settimeout(0.02)
        return sock.recv(65_536)[:12] in (b"HTTP/1.1 408", b"")
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_connection_that_says_nothing_is_closed(serving, out):
    with serving(out, bounds=SOON) as server:
        assert server.connect().recv(1) == b""


def test_an_idle_connection_is_closed(serving, out):
    with serving(out, bounds=SOON) as server:
        sock = server.connect()
        sock.sendall(GET + b"\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200")
        while sock.recv(65_536):
            pass  # the rest of the body; then nothing, when the server has closed


HUGE = [
    GET + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    GET + b"X: " + b"y" * 200_000,
    GET + b"X: y\r\n" * 4_000 + b"\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /" + b"a" * 200_000,
    b"A" * 20_000,
]


@pytest.mark.parametrize("request_", HUGE, ids=[str(number) for number in range(len(HUGE))])
def test_a_huge_head_is_refused(serving, out, request_):
    with serving(out) as server:
        sock = server.connect()
        try:
            sock.sendall(request_)
            received = sock.recv(65_536)
        except ConnectionError:  # refused while it was still being sent
            received = b"HTTP/1.1 431"
        assert received[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400")
        assert server.ask("/all.rss").status == 200


def test_a_large_head_within_bounds_is_answered(serving, out):
    with serving(out) as server:
        assert server.ask("/all.rss", X="y" * 16_000).status == 200


@pytest.mark.parametrize(
    "fields", [b"Content-Length: 5\r\n\r\nhello", b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("method", [b"POST", b"GET"])
def test_bodies_are_refused(serving, out, method, fields):
    with serving(out) as server:
        got = server.send(method + b" /all.rss HTTP/1.1\r\nHost: x\r\n" + fields)
        assert got.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in got


def test_an_empty_body_is_none(serving, out):
    with serving(out) as server:
        assert server.ask("/all.rss", Content_Length="0").status == 200


def test_what_is_not_http_is_refused_after_what_was(serving, out):
    with serving(out) as server:
        assert server.send(b"\x16\x03\x01\x02\x00\x01\x00").startswith(b"HTTP/1.1 400 ")
        both = server.send(GET + b"\r\n" + b"\x00nonsense\r\n\r\n")
        assert both.startswith(b"HTTP/1.1 200 ")
        assert b"</rss>HTTP/1.1 400 " in both


def test_too_many_connections_are_told_so_and_cost_the_others_nothing(serving, out):
    with serving(out, connections=5) as server:
        kept = [server.connect() for _ in range(5)]
        for sock in kept:
            sock.sendall(GET + b"\r\n")
            assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")
        refused = server.ask("/all.rss")
        assert (refused.status, refused.fields["retry-after"]) == (503, "10")
        for sock in kept:
            sock.close()
        assert _eventually(lambda: server.ask("/all.rss").status == 200)


def test_far_too_many_connections_are_dropped(serving, out):
    with serving(out, connections=5) as server:
        socks = [server.connect() for _ in range(200)]
        assert _eventually(lambda: sum(_is_dropped(sock) for sock in socks) >= 100)


def _is_dropped(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        return sock.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_endless_pipelines_are_cut_off(serving, out):
    with serving(out) as server:
        sock = server.connect()
        with pytest.raises(ConnectionError):
            sock.sendall((GET + b"\r\n") * 500_000)
        assert server.ask("/all.rss").status == 200


def test_a_reader_that_takes_nothing_is_let_go(serving, out, put):
    put(out / "big.json", b"[" + b"1," * 5_000_000 + b"1]")
    with serving(out, memory_bytes=100_000_000, bounds=SOON) as server:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(20)
        sock.connect(("127.0.0.1", server.port))
        sock.sendall(b"GET /big.json HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(SOON.write_seconds * 3)
        assert len(drained(sock)) < 10_000_000


def test_a_slow_reader_gets_everything(serving, out, put):
    put(out / "big.json", b"[" + b"1," * 1_000_000 + b"1]")
    with serving(out, memory_bytes=100_000_000, bounds=SOON) as server:
        sock = server.connect()
        sock.sendall(b"GET /big.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while piece := sock.recv(100_000):
            received += piece
            time.sleep(0.05)
        assert received.endswith(b"1,1]")
        assert len(received) > 2_000_000


def drained(sock: socket.socket) -> bytes:
    received = b""
    with sock:
        while piece := sock.recv(65_536):
            received += piece
    return received


def _eventually(holds) -> bool:
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.02)
    return False
