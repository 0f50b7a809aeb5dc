"""Rid a title of what is not of the story, marks of agencies and names of providers; tell what kind of piece it is."""

import re

from feeds.clusters.lexicon import AGENCIES, FORMS, STOP

_MARK = re.compile(
    r"\s*(?:(?:UPDATE|WRAPUP|REFILE|RPT|CORRECTED|EXCLUSIVE|BRIEF|ADVISORY)(?:[ -]?\d{1,2})?\s?-\s?(?=\S)"
    r"|(?i:re-?transmission|breaking(?: news)?|exclusive|just in|watch|video|corrected|updated?|urgent|developing)"
    r"\s*[:|]\s+)"
)
_SHOUTED = re.compile(r"^([A-Z]{4,})-(?=[A-Z])")
_TAIL = re.compile(r"\s+[-–—|]\s*([^-–—|]{2,40})$|\s*\(([A-Za-z]{2,12})\)$")
_JOINTS = re.compile(r"[-–—|)]")
_SEGMENT = re.compile(r"[:|]|\s[-–—]\s")
# A longer part of a title is what it says and not what it is.
_SHORT = 4
_PLAIN: frozenset[str] = frozenset()


def unframed(title: str, domain: str) -> str:
    """Return the title without `UPDATE 1-` or `BREAKING:` before it and ` - Reuters` or the domain's name after it."""
    while (mark := _MARK.match(title)) is not None:
        title = title[mark.end() :]
    title = _SHOUTED.sub(r"\1: ", title)
    tail = _TAIL.search(title) if _JOINTS.search(title) else None
    if tail is not None and _is_provider(tail[1] or tail[2], domain):
        return title[: tail.start()]
    return title


def forms(title: str) -> frozenset[str]:
    """Return the kinds of piece that a short part at either end of an unframed title names, such as `opinion`."""
    if ":" not in title and "|" not in title and _JOINTS.search(title) is None:
        return _PLAIN
    parts = _SEGMENT.split(title)
    ends = [part.lower().split() for part in (parts[0], parts[-1])] if len(parts) > 1 else []
    return FORMS.intersection(*[[word for words in ends if len(words) <= _SHORT for word in words]])


def _is_provider(tail: str, domain: str) -> bool:
    joined = "".join(letter for letter in tail.lower() if letter.isalnum())
    words = tail.lower().split()
    if joined in AGENCIES or STOP.issuperset(words):
        return True
    label = domain.removeprefix("www.").partition(".")[0].replace("-", "")
    return len(label) >= 3 <= len(joined) and len(words) <= _SHORT and (label in joined or joined in label)
