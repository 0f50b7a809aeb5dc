"""What is known of its links does to a story. Ids, dates and titles stay as they are, whatever happens to a link.

Only death and a confirmed move change a story, unless the policy says more; both need days of proof, so no reader sees
an item change because of one bad day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from feeds.links.policy import Action, Policy
from feeds.model.item import Enclosure, Story
from feeds.model.link import LinkState, Role, Verdict

_COPIES = frozenset((Role.AMP, Role.CDN_AMP))


@dataclass(frozen=True, slots=True)
class Effect:
    """All of a link's state that can show in a feed: items need making again only when this differs.

    `usable` tells that a copy may stand in for its page; `since` is when the verdict began, 0 where nothing depends on
    it.
    """

    action: Action = "keep"
    since: int = 0
    moved_to: str = ""
    archive: str = ""
    usable: bool = False
    length: int | None = None
    type: str = ""


NO_EFFECT = Effect()


def effect(state: LinkState, role: Role, policy: Policy) -> Effect:
    """Return what this state means for a story that uses the URL in this role."""
    action = policy.action(state.verdict)
    moved_to = state.moved_to if state.moved_confirmed and policy.follow_moves and not state.pin else ""
    if role is Role.ARTICLE:
        since = state.since if action in ("fallback", "flag") else 0
        archive = state.archive if action == "fallback" and policy.archive else ""
        return Effect(action, since, moved_to, archive)
    dead: Action = "drop" if state.verdict is Verdict.DEAD and action != "keep" else "keep"
    if role in _COPIES:
        # Once seen alive and not dead since: to ask for "ok now" would change the link on every bad day of the copy.
        alive = state.verdict is not Verdict.DEAD and (state.last_ok_at > 0 or state.pin == "alive")
        return Effect(dead, moved_to=moved_to, usable=alive)
    return Effect(dead, length=state.length, type=state.type) if role is Role.ENCLOSURE else Effect(dead)


def urls_of(story: Story) -> tuple[tuple[str, Role], ...]:
    """Return every URL the story shows or could show, each once, with what it is first used for."""
    found: dict[str, Role] = {}
    for url, role in _uses(story):
        found.setdefault(url, role)
    return tuple(found.items())


def shown(story: Story, known: Mapping[str, LinkState], policy: Policy) -> Story | None:
    """Return the story as feeds show it, None where it is not shown; what is not in `known` changes nothing.

    A link that moved for good is followed. A dead page gives way to its AMP or CDN copy, then to an archived one;
    without any it is flagged, or left out if it died young: within `policy.flag_after` of its date, whenever that is
    asked.
    """
    if not any(url in known for url, _ in _uses(story)):
        return story
    linked = _linked(story, known, policy)
    if linked is None:
        return None
    images = tuple(image for image in story.images if _of(image.url, Role.IMAGE, known, policy).action != "drop")
    enclosure = story.enclosure and _attached(story.enclosure, _of(story.enclosure.url, Role.ENCLOSURE, known, policy))
    return replace(
        linked,
        images=images,
        enclosure=enclosure,
        amp="" if _of(story.amp, Role.AMP, known, policy).action == "drop" else story.amp,
        cdn_amp="" if _of(story.cdn_amp, Role.CDN_AMP, known, policy).action == "drop" else story.cdn_amp,
    )


def _uses(story: Story) -> Iterator[tuple[str, Role]]:
    if story.link:
        yield story.link, Role.ARTICLE
    if story.amp:
        yield story.amp, Role.AMP
    if story.cdn_amp:
        yield story.cdn_amp, Role.CDN_AMP
    for image in story.images:
        yield image.url, Role.IMAGE
    if story.enclosure:
        yield story.enclosure.url, Role.ENCLOSURE


def _of(url: str, role: Role, known: Mapping[str, LinkState], policy: Policy) -> Effect:
    state = known.get(url)
    return effect(state, role, policy) if state else NO_EFFECT


def _linked(story: Story, known: Mapping[str, LinkState], policy: Policy) -> Story | None:
    page = _of(story.link, Role.ARTICLE, known, policy)
    if page.moved_to and _of(page.moved_to, Role.ARTICLE, known, policy).action == "keep":
        return replace(story, link=page.moved_to)
    if page.action == "keep":
        return story
    if page.action == "drop":
        return None
    copy = _copy(story, page, known, policy) if page.action == "fallback" else ""
    if copy:
        return replace(story, link=copy)
    return _flagged(story, policy) if page.action == "flag" or not _died_young(story, page, policy) else None


def _copy(story: Story, page: Effect, known: Mapping[str, LinkState], policy: Policy) -> str:
    for url, role in ((story.amp, Role.AMP), (story.cdn_amp, Role.CDN_AMP)):
        copy = _of(url, role, known, policy)
        if copy.usable:
            return copy.moved_to or url
    return page.archive


def _died_young(story: Story, page: Effect, policy: Policy) -> bool:
    # A story without a date may be of any age: to flag it loses nothing.
    return story.date is not None and page.since - story.date.timestamp() <= policy.flag_after


def _flagged(story: Story, policy: Policy) -> Story:
    # The title stays: readers tell items apart by it, and a list of changed titles reads like a list of news.
    return replace(story, summary=f"{story.summary} {policy.flag}".strip())


def _attached(enclosure: Enclosure, known: Effect) -> Enclosure | None:
    if known.action == "drop":
        return None
    length = enclosure.length or known.length or 0
    return replace(enclosure, length=length, type=enclosure.type or known.type)
