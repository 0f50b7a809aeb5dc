"""Names of topics and providers as names of files.

This module must never give two names one slug, and must never give a slug that is unsafe as a file name or in a URL.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import blake2b

_BYTES = 80
_DIGITS = 8
_SIGNS = (
    (re.compile(r"\+"), " plus "),
    (re.compile(r"&"), " and "),
    (re.compile(r"@"), " at "),
    (re.compile(r"(?<=\w)#"), " sharp "),  # C#, but not #hashtag
    (re.compile(r"\.(?=[^\W\d_]{2})"), " dot "),  # .NET and Node.js, but not U.S. or 2.0
)
# Names Windows keeps for devices, with any ending.
_RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))])


def fold(name: str) -> str:
    """Return the key under which names are the same, whatever their case, spacing and compatibility forms (D146)."""
    if name.isascii():
        return " ".join(name.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())
    folded = unicodedata.normalize("NFKC", folded.casefold())
    return " ".join(folded.split())


def slug_of(name: str) -> str:
    """Return letters, digits and hyphens that stand for the name, at most 80 bytes of UTF-8; "" if nothing is left.

    Letters of every script stay. C, C++ and C# differ, but two names can have one slug: `assign` tells them apart.
    """
    return _cut(_slug(name), _BYTES)


def assign(names: Iterable[str], taken: Mapping[str, str]) -> dict[str, str]:
    """Return a slug for every folded name that has none in `taken` (folded name to slug); no two are the same.

    Names are served in sorted order; who finds a slug empty or taken gets eight hex digits of its own.
    """
    used = {fold(slug) for slug in taken.values()} | _RESERVED
    given: dict[str, str] = {}
    for folded in sorted({fold(name) for name in names} - taken.keys()):
        slug = slug_of(folded)
        attempt = 0
        while not slug or fold(slug) in used:
            slug = _marked(folded, attempt)
            attempt += 1
        used.add(fold(slug))
        given[folded] = slug
    return given


def _slug(name: str) -> str:
    from slugify import slugify  # noqa: PLC0415 - 6 ms, and only a new name needs a slug

    for sign, word in _SIGNS:
        name = sign.sub(word, name)
    # `\w` leaves out combining marks, without which Hindi and Hebrew words fall to pieces.
    marks = "".join(sorted({sign for sign in name if unicodedata.category(sign)[0] == "M"}))
    return unicodedata.normalize(
        "NFC", slugify(name, entities=False, allow_unicode=True, regex_pattern=f"[^\\w{marks}]+|_+")
    )


def _marked(folded: str, attempt: int) -> str:
    mark = blake2b((folded + "\0" * attempt).encode("utf-8", "surrogatepass"), digest_size=_DIGITS // 2).hexdigest()
    return f"{_cut(_slug(folded), _BYTES - _DIGITS - 1)}-{mark}".lstrip("-")


def _cut(slug: str, size: int) -> str:
    return slug.encode("utf-8")[:size].decode("utf-8", "ignore").strip("-")
