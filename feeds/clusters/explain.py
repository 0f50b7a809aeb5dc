"""Say in words why two items are one story, or why they are not."""

from collections.abc import Iterable

from feeds.clusters.candidate import DEFAULT_POLICY, HOUR, Candidate, Policy
from feeds.clusters.lexicon import canonical
from feeds.clusters.likeness import Titles, Told, apart, compare, contradict, differ, match, told
from feeds.clusters.shingles import same_text
from feeds.clusters.tokens import fold, pieces, tokens

_DIFFERENCES = {
    "form": "one is another kind of piece than the other",
    "negation": "one denies what the other says",
    "numbers": "each has a number the other has not",
    "names": "one has another name where the other has one",
    "opposite": "one says the opposite of the other",
}
_WHYS = {
    "wording": "the titles are equal but for signs, order and forms of words",
    "title": "the titles say nearly the same",
    "text": "the summaries are the same text",
}


def explain(one: Candidate, other: Candidate, policy: Policy = DEFAULT_POLICY) -> str:
    """Return a few lines: the verdict with its reason, the words of both titles, the scores and what they had to be."""
    here, there = told(one, policy), told(other, policy)
    titles = compare(here.headline, there.headline)
    matched = match(here, there, policy, policy.join)
    reason = _WHYS[matched.why] if matched else _against(here, there, titles, policy)
    return "\n".join(
        (
            f"{'one story' if matched else 'two stories'}: {reason}",
            f"both titles: {_listed(one.title, titles.shared) or 'no word in common'}",
            f"only the first: {_listed(one.title, titles.alone) or 'nothing'}",
            f"only the second: {_listed(other.title, titles.other_alone) or 'nothing'}",
            f"numbers: {_numbers(here)}; {_numbers(there)}",
            f"the titles score {titles.score:.2f}, {policy.join:.2f} is enough",
            f"what both say weighs {titles.weight:.1f}, {policy.least:.1f} is enough",
            f"the summaries share {same_text(one.summary, other.summary):.2f} of a text, {policy.lead:.2f} is enough",
            f"{_hours(one.published - other.published)} lie between them, {_hours(_longest(one, other, policy))} may",
        )
    )


def _against(here: Told, there: Told, titles: Titles, policy: Policy) -> str:
    one, other = here.candidate, there.candidate
    if apart(one, other, policy):
        return "too much time lies between them"
    difference = differ(here.headline, there.headline) or contradict(titles, here.headline, there.headline)
    if difference:
        return _DIFFERENCES[difference]
    if here.headline.wording == there.headline.wording:
        return "the titles are equal but say too little, and the summaries do not bear it out"
    if one.provider_domain == other.provider_domain:
        return "they are of one provider and their titles are not equal"
    return "neither titles nor summaries are alike enough"


def _longest(one: Candidate, other: Candidate, policy: Policy) -> int:
    return policy.own_window if one.provider_domain == other.provider_domain else policy.window


def _hours(seconds: int) -> str:
    return f"{abs(seconds) / HOUR:.3g} h"


def _numbers(item: Told) -> str:
    return ", ".join(number.rstrip("'") for number in sorted(item.headline.numbers)) or "none"


def _listed(title: str, stems: Iterable[str]) -> str:
    """Return the words of a title that have these stems, as written."""
    wanted = set(stems)
    return ", ".join(dict.fromkeys(token for token, _ in tokens(title) if wanted & _stems(token)))


def _stems(token: str) -> set[str]:
    word = fold(token).removesuffix("'s").replace("'", "").replace(".", "")
    return {canonical(piece) for piece in pieces(word)}
