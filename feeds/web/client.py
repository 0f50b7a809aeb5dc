"""Ask a URL and get an answer, whatever happens: no fault of the far side is an exception here.

It must never follow a redirect, keep a cookie, read the environment, or take more than its limits.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

import httpx

from feeds.web.addresses import url_refusal
from feeds.web.dial import Dialler
from feeds.web.dns import Resolver
from feeds.web.faults import FAR_FAULTS, WebError, code_of
from feeds.web.guard import Network
from feeds.web.limits import Limits
from feeds.web.tls import unverified_context, verified_context
from feeds.web.transport import ADDRESS, FIELDS, UNVERIFIED, GuardedTransport


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request.

    `error` is a code of `feeds.web.faults`, "" for a whole answer; with a `status` beside it the head came and the body
    broke off, or the head was larger than we read. `headers` have lower-case names, values of one name joined by ", "
    (`set-cookie` by a line feed). `body` is as sent, `truncated` at the cap. `address` is the one connected to.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""
    millis: int = 0
    address: str = ""
    truncated: bool = False


class WebClient:
    """An HTTP client for one event loop, used with `async with`.

    `agent` is the whole User-Agent. `resolver` is closed with the client. With a `proxy` the proxy looks names up, so
    only addresses written in URLs can be checked.
    """

    def __init__(
        self,
        agent: str,
        *,
        allowed: tuple[Network, ...] = (),
        limits: Limits | None = None,
        resolver: Resolver | None = None,
        ca_file: str = "",
        proxy: str = "",
    ) -> None:
        self.agent = agent
        self.limits = limits or Limits()
        self._resolver = resolver or Resolver()
        self._fields = httpx.Headers({"user-agent": agent, "accept": "*/*", "accept-encoding": "identity"})
        transport = _transport(self._resolver, allowed, self.limits, ca_file, proxy)
        self._client = _Client(transport=transport, trust_env=False, timeout=None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()
        await self._resolver.close()

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        content: bytes | None = None,
        body_cap: int | None = None,
        verify: bool = True,
    ) -> Answer:
        """Send one request and return what came of it, within `limits.total` seconds.

        `headers` go over our own, and name the type of `content`, the body sent; a value is sent as UTF-8, so that one
        which came so goes back as it came. `body_cap` in bytes outweighs `limits.body`; a HEAD has no body to read.
        """
        started = time.monotonic()
        seen = _Seen(cap=self.limits.body if body_cap is None else body_cap)
        error = ""
        try:
            async with asyncio.timeout(self.limits.total):
                await self._exchange(self._request(method, url, headers, content, verify=verify), seen)
        except FAR_FAULTS as fault:
            error = "" if seen.truncated else code_of(fault)
            if isinstance(fault, WebError) and fault.status:
                seen.answer = replace(seen.answer, status=fault.status)
        millis = round((time.monotonic() - started) * 1000)
        return replace(seen.answer, body=bytes(seen.body), error=error, millis=millis, truncated=seen.truncated)

    def _request(
        self, method: str, url: str, headers: Mapping[str, str] | None, content: bytes | None, *, verify: bool
    ) -> httpx.Request:
        if reason := url_refusal(url):
            raise WebError(reason)
        fields = httpx.Headers({**self._fields, **headers}, encoding="utf-8") if headers else self._fields
        extensions: dict[str, Any] = {} if verify else {UNVERIFIED: True}
        return httpx.Request(method, url, headers=fields, content=content, extensions=extensions)

    async def _exchange(self, request: httpx.Request, seen: "_Seen") -> None:
        response = await self._client.send(request, stream=True)
        async with aclosing(response):
            seen.answer = Answer(
                status=response.status_code,
                headers=_headers(response.extensions[FIELDS]),
                address=response.extensions[ADDRESS],
            )
            if request.method != "HEAD":
                await seen.take(response)


@dataclass(slots=True)
class _Seen:
    """What has come so far: it must outlive the error that ends it."""

    cap: int
    answer: Answer = Answer()
    body: bytearray = field(default_factory=bytearray)
    truncated: bool = False

    async def take(self, response: httpx.Response) -> None:
        # Raw: a decoder would turn a gzip bomb into gigabytes before anybody could count.
        async for piece in response.aiter_raw():
            room = self.cap - len(self.body)
            self.body += piece[:room]
            if len(piece) > room:
                self.truncated = True
                await response.aclose()


class _NoCookies(httpx.Cookies):
    """Cookies that stay empty: what one site sets must not follow us to a million others."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Take nothing."""


class _Client(httpx.AsyncClient):
    """httpx's client without a jar; a jar costs 25 us a request even where no cookie comes."""

    @property
    def cookies(self) -> httpx.Cookies:
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None:  # noqa: ARG002 - httpx's signature
        raise AttributeError("this client keeps no cookies")


_NO_COOKIES = _NoCookies()


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").strip().lower()
        text = _text(value)
        if key in fields:
            fields[key] += ("\n" if key == "set-cookie" else ", ") + text
        else:
            fields[key] = text
    return fields


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")  # what a Location in Cyrillic is in practice, whatever RFC 9110 says
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _transport(
    resolver: Resolver, allowed: tuple[Network, ...], limits: Limits, ca_file: str, proxy: str
) -> httpx.AsyncBaseTransport:
    verified, unverified = verified_context(ca_file), unverified_context()
    if proxy:
        from feeds.web.proxy import ProxyTransport  # noqa: PLC0415 - hardly anybody has one

        return ProxyTransport(proxy, allowed, limits, verified, unverified)
    return GuardedTransport(Dialler(resolver, allowed, limits), limits, verified, unverified)
