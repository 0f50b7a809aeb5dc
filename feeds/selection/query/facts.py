"""What a query may ask of a story."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

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
            self._title = phrase([self.story.title])
        return self._title

    @property
    def text(self) -> str:
        """Return the words of title and summary likewise: no phrase reaches from one into the other."""
        if not self._text:
            self._text = f"{self.title}|{phrase([self.story.summary])}"
        return self._text


def phrase(texts: Iterable[str]) -> str:
    """Return the words of texts, folded, with a space around each, "" for none."""
    words = [word for text in texts for word in _WORD.findall(text.casefold())]
    return f" {' '.join(words)} " if words else ""
