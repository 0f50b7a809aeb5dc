"""Where a server listens, how it ends, and what the operator is told."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from feeds.errors import AddressError, ThemeError
from feeds.serve import admin_app, serve
from feeds.serve.server import listening

PROJECT = Path(__file__).resolve().parents[3]


async def nothing(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def get(url: str) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read()


def test_an_address_in_use_is_told_with_the_cure():
    with listening("127.0.0.1:0") as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(AddressError, match=rf"cannot serve at {address}: another program is there already"):
            listening(address)


@pytest.mark.parametrize("address", ["192.0.2.1:8000", "no-such-host.invalid:8000"])
def test_an_address_that_is_not_ours(address):
    with pytest.raises(AddressError, match=f"cannot serve at {address}: "):
        listening(address)


def test_an_address_of_ipv6():
    try:
        listener = listening("[::1]:0")
    except AddressError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert listener.family == socket.AF_INET6


def test_two_servers_in_one_loop_end_together_and_signals_stay_as_they_were():
    admin = admin_app(lambda: (True, {"ready": True}), lambda: b"up 1\n", lambda: b"<p>fine")

    async def work() -> list[tuple[int, str, bytes]]:
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        stop = asyncio.Event()
        bound: asyncio.Queue[str] = asyncio.Queue()
        servers = [
            asyncio.create_task(serve(app, "127.0.0.1:0", stop=stop, connections=10, ready=bound.put_nowait))
            for app in (nothing, admin)
        ]
        urls = [f"http://{await bound.get()}/health" for _ in servers]
        answers = [await asyncio.to_thread(get, url) for url in urls]
        assert {number: signal.getsignal(number) for number in before} == before
        stop.set()
        await asyncio.wait_for(asyncio.gather(*servers), 10)
        return answers

    answers = asyncio.run(work())
    assert sorted(status for status, _, _ in answers) == [200, 204]


def test_what_is_under_way_is_finished_and_what_never_ends_is_not_waited_for():
    begun, ended = threading.Event(), []

    async def slow(scope, receive, send):
        begun.set()
        await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def work() -> bytes:
        stop = asyncio.Event()
        bound: asyncio.Queue[str] = asyncio.Queue()
        server = asyncio.create_task(serve(slow, "127.0.0.1:0", stop=stop, connections=10, ready=bound.put_nowait))
        host, _, port = (await bound.get()).rpartition(":")
        idle_reader, idle = await asyncio.open_connection(host, int(port))
        idle.write(b"GET / HT")  # a head that never ends
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.to_thread(begun.wait)
        stop.set()
        received = await reader.read()
        await server
        ended.append(await idle_reader.read())
        for each in (idle, writer):
            each.close()
            with suppress(ConnectionError):
                await each.wait_closed()
        return received

    received = asyncio.run(work())
    assert received.endswith(b"ok")
    assert ended == [b""]


HEALTH = [(True, 200), (False, 503)]


@pytest.mark.parametrize(("ready", "status"), HEALTH)
def test_the_operator_is_told(ready, status):
    caller = []

    def health() -> tuple[bool, dict[str, object]]:
        caller.append(threading.current_thread())
        return ready, {"ready": ready, "why": ["für"]}

    async def work() -> list[tuple[int, str, bytes]]:
        stop = asyncio.Event()
        bound: asyncio.Queue[str] = asyncio.Queue()
        app = admin_app(health, lambda: b"feeds_up 1\n", "<p>für".encode)
        server = asyncio.create_task(serve(app, "127.0.0.1:0", stop=stop, connections=10, ready=bound.put_nowait))
        url = f"http://{await bound.get()}"
        answers = [await asyncio.to_thread(get, url + path) for path in ("/health", "/metrics", "/", "/all.rss")]
        stop.set()
        await server
        return answers

    told, metrics, page, rest = asyncio.run(work())
    assert (told[0], told[1], json.loads(told[2])) == (status, "application/json", {"ready": ready, "why": ["für"]})
    assert caller[0] is not threading.main_thread()
    assert metrics == (200, "text/plain; version=0.0.4; charset=utf-8", b"feeds_up 1\n")
    assert page == (200, "text/html; charset=utf-8", "<p>für".encode())
    assert rest[0] == 404


def test_a_page_that_cannot_be_made_says_why():
    def broken() -> bytes:
        raise ThemeError("base.html:3: unexpected '}'")

    async def work() -> tuple[int, str, bytes]:
        stop = asyncio.Event()
        bound: asyncio.Queue[str] = asyncio.Queue()
        app = admin_app(lambda: (True, {}), lambda: b"", broken)
        server = asyncio.create_task(serve(app, "127.0.0.1:0", stop=stop, connections=10, ready=bound.put_nowait))
        answer = await asyncio.to_thread(get, f"http://{await bound.get()}/")
        stop.set()
        await server
        return answer

    assert asyncio.run(work()) == (500, "text/plain; charset=utf-8", b"base.html:3: unexpected '}'\n")


COMMAND = "import sys; from feeds.cli.serve import serve; sys.exit(serve.main(standalone_mode=False))"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(out, number):
    words = [sys.executable, "-c", COMMAND, "--out", str(out), "--address", "127.0.0.1:0"]
    own = {key: value for key, value in os.environ.items() if not key.startswith("FEEDS_")}
    process = subprocess.Popen(
        words,
        cwd=out.parent,
        env={**own, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert line.startswith(f"serving {out} at http://127.0.0.1:")
        assert get(line.split(" ")[3] + "topics/ai.atom")[2] == b"<feed/>"
        process.send_signal(number)
        told = process.communicate(timeout=20)[1]
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, "Traceback" in told) == (0, False)


def test_the_command_says_what_to_do_where_nothing_is_published(tmp_path):
    words = [sys.executable, "-c", COMMAND, "--out", "none", "--address", "127.0.0.1:0"]
    own = {key: value for key, value in os.environ.items() if not key.startswith("FEEDS_")}
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        env={**own, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().split(" ")[3]
        assert "`feeds build`" in process.stderr.readline()
        assert get(url + "all.rss")[0] == 404
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0
