from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from feeds.model import Image, Item, Provider, Site, Story

REUTERS = Provider("Reuters", "reuters.com")
PICTURE = Image("https://s4.reutersmedia.net/resources/r/?m=02&d=20210211&w=&fh=545px", 810, 545)


def make_item(number: int = 1, **fields: Any) -> Item:
    story: dict[str, Any] = {
        "title": '"Face control": Russian police go digital against protesters',
        "summary": "Georgy Malets didn't make it to an anti-Kremlin rally last month.",
        "link": f"https://www.reuters.com/article/us-russia-politics-navalny-tech-idUSKBN2AB1U{number}",
        "kind": "article",
        "provider": REUTERS,
        "topics": ("Computer Vision", "AI"),
        "images": (PICTURE,),
    }
    published = datetime(2021, 2, 11, 20, 8, tzinfo=UTC) + timedelta(minutes=number)
    uuid = str(uuid5(NAMESPACE_URL, str(number)))
    return Item(uuid, published, published + timedelta(days=1), Story(**{**story, **fields}))


@pytest.fixture
def item_of() -> Callable[..., Item]:
    return make_item


@pytest.fixture
def site() -> Site:
    return Site(
        base_url="https://feeds.example.org/",
        title="Faces & society",
        description="Facial recognition in public.",
        rights="Excerpts & images belong to their publishers.",
        image="https://feeds.example.org/logo.png",
        home_url="https://www.example.org/",
        authority="feeds.example.org",
    )
