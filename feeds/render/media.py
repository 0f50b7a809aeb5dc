"""Media RSS 1.5 for RSS and Atom alike: the first picture of a story, and how long its enclosure plays.

Must never write a `<media:group>`: it is for alternatives of one object, and simple readers skip it.
"""

from feeds.model import Enclosure, Image, Story
from feeds.render.markup import empty

MEDIA_NS = "http://search.yahoo.com/mrss/"

_MEDIUMS = ("image", "audio", "video")


def media_of(story: Story) -> str:
    """Return what is to be seen or heard of a story as elements; pictures after the first are left out."""
    picture = _picture(story.images[0]) if story.images else ""
    if story.enclosure is None or not story.duration:
        return picture
    return picture + _playing_time(story.enclosure, story.duration)


def _picture(image: Image) -> str:
    width, height = _pixels(image.width), _pixels(image.height)
    content = empty("media:content", {"url": image.url, "medium": "image", "width": width, "height": height})
    return content + empty("media:thumbnail", {"url": image.url, "width": width, "height": height})


def _pixels(count: int | None) -> str:
    return str(count) if count is not None and count > 0 else ""


def _playing_time(enclosure: Enclosure, seconds: int) -> str:
    medium = enclosure.type.partition("/")[0]
    attributes = {"url": enclosure.url, "type": enclosure.type, "medium": medium if medium in _MEDIUMS else ""}
    return empty("media:content", {**attributes, "duration": str(seconds)})
