"""Cut a text into words and bring each into one form, whatever its script."""

import re
import unicodedata

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’.&][^\W\d_]+)*")
_PART = re.compile(r"[:|]")
# Scripts that set no spaces between words: South-East Asian ones, kana, Han.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{3,}")
_ACCENTS = re.compile(r"[\u0300-\u036f]")


def tokens(text: str) -> list[tuple[str, bool]]:
    """Return each word and number as written, and whether it begins the text or what follows a `:` or `|`."""
    if ":" not in text and "|" not in text:
        return [(token, not place) for place, token in enumerate(_TOKEN.findall(text))]
    return [(token, not place) for part in _PART.split(text) for place, token in enumerate(_TOKEN.findall(part))]


def fold(token: str) -> str:
    """Return a word without case and accents, with a plain apostrophe."""
    if token.isascii():
        return token.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", token).casefold())
    return unicodedata.normalize("NFC", bare).replace("’", "'")


def pieces(word: str) -> tuple[str, ...]:
    """Return the word itself, or each two neighbouring signs where a script sets no spaces."""
    if word.isascii() or _UNSPACED.search(word) is None:
        return (word,)
    return tuple(word[place : place + 2] for place in range(len(word) - 1))
