"""What a query may ask of a story."""

import re
import unicodedata
from dataclasses import dataclass, field

from feeds.items.slugs import fold
from feeds.model.item import Story

_WORD = re.compile(r"\w+")


@dataclass(slots=True, eq=False)
class Facts:
    """A story with what is known around it.

    `topics` are folded names, with those of wider topics that take the story in; `language` is its own or the site's;
    `link` is the verdict on its page, `unknown` where there is none.
    """

    story: Story
    topics: frozenset[str]
    language: str
    link: str = "unknown"
    _title: str = field(default="", init=False)
    _text: str = field(default="", init=False)

    @property
    def title(self) -> str:
        """Return the words of the title, folded, with a space around each."""
        if not self._title:
            self._title = phrase(self.story.title)
        return self._title

    @property
    def text(self) -> str:
        """Return the words of title and summary likewise: no phrase reaches from one into the other."""
        if not self._text:
            self._text = f"{self.title}|{phrase(self.story.summary)}"
        return self._text


def phrase(text: str) -> str:
    """Return the words of a text, folded, with a space around each, "" for none."""
    words = _WORD.findall(text.lower()) if text.isascii() else _words(fold(text))
    return f" {' '.join(words)} " if words else ""


def _words(text: str) -> list[str]:
    # `\w` leaves out combining marks, without which Hindi words lose their vowels.
    marks = "".join(sorted({sign for sign in text if unicodedata.category(sign)[0] == "M"}))
    return re.findall(f"\\w[\\w{marks}]*", text) if marks else _WORD.findall(text)
