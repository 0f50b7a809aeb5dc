"""Which of the files an entry names are pictures to show, and which one is attached.

This module must never make a picture an attachment: readers link the headline to it (see `feeds.items.enclosures`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from feeds.items.enclosures import type_of
from feeds.items.urls import clean_url
from feeds.model.item import Enclosure, Image

_MOST_IMAGES = 10
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")  # RFC 6838 section 4.2
_PICTURES = frozenset(["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"])
_NO_FILES = ("text/html", "application/xhtml", "application/x-shockwave-flash", "application/rss", "application/atom")
_IMAGE = re.compile(r"<img((?: [a-z]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" (src|width|height)=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class File:
    """A file as an entry names it; `medium` is that of Media RSS, sizes are 0 where unknown."""

    url: str
    type: str = ""
    medium: str = ""
    length: int = 0
    width: int = 0
    height: int = 0

    @property
    def is_image(self) -> bool:
        """Whether this is a picture, by what is said of it, else by the ending of its URL."""
        said = self.medium or self.type.partition("/")[0].lower()
        if said in {"image", "video", "audio", "document", "executable"} or "/" in self.type:
            return said == "image"
        return urlsplit(self.url).path.rpartition(".")[2].lower() in _PICTURES


def image_of(file: File, base: str) -> Image | None:
    """Return a picture with both its sizes or none, None where its URL is not usable or it counts readers."""
    url = clean_url(file.url, base)[0]
    if not url or (file.width == 1 and file.height == 1):
        return None
    sized = 0 < file.width < 100_000 and 0 < file.height < 100_000
    return Image(url, file.width, file.height) if sized else Image(url)


def images(files: Iterable[File], html: str, base: str) -> tuple[Image, ...]:
    """Return the pictures in their order, each URL once; without any, the first one in the sanitised HTML."""
    found: dict[str, Image] = {}
    for file in files:
        image = image_of(file, base)
        if image is not None and len(found) < _MOST_IMAGES:
            held = found.get(image.url)
            if held is None or held.width is None:
                found[image.url] = image
    return tuple(found.values()) or tuple(_first_in(html))


def enclosure(files: Iterable[File], base: str) -> Enclosure | None:
    """Return the first real attachment, sound and film before other files; a feed shows one (RSS Best Practices)."""
    attached = [made for file in files if not file.is_image and (made := _attached(file, base))]
    return next((made for made in attached if made.type.startswith(("audio/", "video/"))), next(iter(attached), None))


def _attached(file: File, base: str) -> Enclosure | None:
    url = clean_url(file.url, base)[0]
    media_type = file.type.partition(";")[0].strip().lower()
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = type_of(url)
    if not url or not media_type or media_type.startswith(_NO_FILES):
        return None
    return Enclosure(url, media_type, file.length)


def _first_in(html: str) -> Iterable[Image]:
    for match in _IMAGE.finditer(html):
        told = dict(_ATTRIBUTE.findall(match[1]))
        url = unescape(told.get("src", ""))
        image = url and image_of(File(url, width=int(told.get("width", 0)), height=int(told.get("height", 0))), "")
        if image:
            yield image
            return
