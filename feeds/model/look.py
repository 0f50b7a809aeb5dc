"""How the web pages look: templates, style, script, and what they offer to readers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Template:
    """A template of Jinja2; `place` is the file that faults in it are told by, and changes nothing else."""

    name: str
    text: str
    place: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reader:
    """A program that can be sent to a feed.

    `{url}` in `link` stands for the percent-encoded address of the feed, `{address}` for the address as it is.
    """

    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Look:
    """Everything but the items and the site that decides the bytes of web pages.

    `assets` maps names below `assets/` to bytes, as pairs, so that a look can be a key. `images` is `ask` (a picture is
    loaded when a reader opens it), `show` or `hide`.
    """

    templates: tuple[Template, ...]
    assets: tuple[tuple[str, bytes], ...]
    images: str = "ask"
    readers: tuple[Reader, ...] = ()
