"""Check links: know which URLs items use, write down what the crawl sees, and mark the items whose feeds must change.

Asks nobody itself: the crawl is handed in.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from feeds.items.encoding import decode_sighting
from feeds.items.merge import Placed, merge
from feeds.links.effects import NO_EFFECT, effect, urls_of
from feeds.links.encoding import decode_link, encode_link
from feeds.links.judge import judge, pinned, readmitted
from feeds.links.policy import DAY, NEVER, Policy
from feeds.model import Story
from feeds.model.link import LinkState, Observation, Role, Verdict
from feeds.probe.naming import host_of
from feeds.store import Store
from feeds.store.links import LinkRow
from feeds.store.rows import chunks

BATCH = 2_000
YOUNG = 7 * DAY
# Older items are in no feed's window but those of quiet topics: their links may wait for the longer ladder.
IN_WINDOW = 90 * DAY
# What was never asked comes before what is due, the newest story first; real due times are larger by far.
_NEWEST_FIRST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """A link whose verdict is another than before."""

    url: str
    before: Verdict
    after: Verdict
    reason: str


def learn_links(store: Store, excluded: Callable[[str], str], now: int) -> int:
    """Bring the list of links in line with the items changed since the last time; return how many are new.

    `excluded` returns why a URL must not be asked, "" if it may.
    """
    turn, new = int(store.meta.get("turn", "0")), 0
    written = store.links.items_since(int(store.meta.get("links_turn", "0")))
    for part in chunks(written, BATCH):
        with store.transaction():
            new += _learn(store, dict(part), excluded, now)
    with store.transaction():
        store.meta.put("links_turn", str(turn))
    return new


def _learn(store: Store, published: Mapping[str, int], excluded: Callable[[str], str], now: int) -> int:
    uses = {key: urls_of(story) if story else () for key, story in _told(store, published).items()}
    store.links.replace_uses({key: [url for url, _ in urls] for key, urls in uses.items()})
    wanted: dict[str, tuple[Role, int]] = {}
    for key, urls in uses.items():
        for url, role in urls:
            first, newest = wanted.get(url, (role, 0))
            wanted[url] = (first, max(newest, published[key]))
    known = store.links.get(sorted(wanted))
    store.links.add_uses(_moves(uses, known))
    fresh = [_fresh(url, role, at, excluded(url), now) for url, (role, at) in wanted.items() if url not in known]
    newer = [replace(known[u], newest=at) for u, (_, at) in wanted.items() if u in known and known[u].newest < at]
    store.links.put([*fresh, *newer])
    return len(fresh)


def _moves(uses: Mapping[str, Sequence[tuple[str, Role]]], known: Mapping[str, LinkRow]) -> list[tuple[str, str]]:
    """Return the pages that items are linked to because theirs moved: used by the same items, and to be checked too."""
    goals = {url: decode_link(row.body).moved_to for url, row in known.items() if row.acts}
    return [(goals[url], key) for key, urls in uses.items() for url, _ in urls if goals.get(url)]


def _told(store: Store, items: Iterable[str]) -> dict[str, Story | None]:
    """Return what the records tell of these items, whatever their links do to it."""
    said: dict[str, list[Placed]] = defaultdict(list)
    for row in store.items.sightings(items):
        said[row.item].append(Placed(row.file, decode_sighting(row.body)))
    return {key: merge(said[key]) for key in items}


def told_titles(store: Store, items: Sequence[str]) -> dict[str, str]:
    """Return the titles of these items."""
    return {key: story.title for key, story in _told(store, items).items() if story}


def _fresh(url: str, role: Role, newest: int, why_not: str, now: int) -> LinkRow:
    state = _barred(LinkState(url, since=now), why_not, now)
    due = state.next_check_at or _NEWEST_FIRST - newest // 2
    acts = False
    return LinkRow(url, host_of(url), role.value, newest, state.verdict.value, acts, due, 0, encode_link(state))


@dataclass(slots=True)
class StoreResults:
    """Judge what was seen and keep it; a link that acts otherwise than before has its items made again.

    Keeps every sentence of `feeds.probe.ports.Results`. `excluded` returns why a URL must not be asked, "" if it may;
    `changes` are the verdicts that are others than before, without the first ones of links, which `new_verdicts` counts
    too: a first run over a million links must not keep them all.
    """

    store: Store
    policy: Policy
    clock: Callable[[], float]
    excluded: Callable[[str], str] = lambda _: ""
    changes: list[Change] = field(default_factory=list)
    new_verdicts: int = 0

    def write(self, observations: Sequence[Observation]) -> Mapping[Verdict, int]:
        """Judge and keep observations in one transaction; return how many links now have which verdict."""
        now, verdicts = int(self.clock()), Counter[Verdict]()
        with self.store.transaction():
            known = self.store.links.get([seen.url for seen in observations])
            rows, acted, moved = [], [], []
            for seen in observations:
                old = known[seen.url]
                state = decode_link(old.body)
                new = _judged(old, state, seen, self.policy, now)
                rows.append(_row(old, new))
                verdicts[new.verdict] += 1
                if _reads_otherwise(state, new, Role(old.role), self.policy):
                    acted.append(old.url)
                if new.moved_confirmed and not state.moved_confirmed:
                    moved.append((old, new.moved_to))
                self.new_verdicts += new.verdict is not state.verdict
                if new.verdict is not state.verdict and state.verdict is not Verdict.UNKNOWN:
                    self.changes.append(Change(old.url, state.verdict, new.verdict, new.reason))
            self.store.links.put(rows)
            touch(self.store, acted)
            self._follow(moved, now)
        return verdicts

    def _follow(self, moved: Sequence[tuple[LinkRow, str]], now: int) -> None:
        """Have the pages that links moved to checked as well: feeds will link to them."""
        known = self.store.links.get([goal for _, goal in moved])
        new = [(row, goal) for row, goal in moved if goal not in known]
        fresh = [_fresh(goal, Role(row.role), row.newest, self.excluded(goal), now) for row, goal in new]
        self.store.links.put(fresh)
        users = self.store.links.users([row.url for row, _ in moved])
        self.store.links.add_uses([(goal, item) for row, goal in moved for item in users.get(row.url, ())])


def _judged(row: LinkRow, state: LinkState, seen: Observation, policy: Policy, now: int) -> LinkState:
    age = now - row.newest
    spread = crc32(row.url.encode()) / 2**32
    return judge(state, seen, policy, now, in_window=age < IN_WINDOW, young=age < YOUNG, spread=spread)


# What acts under any settings: these may change, and the next build must find every link that may matter then.
_ANY = Policy(on_dead="drop", on_suspect="drop", on_blocked="drop")


def _row(row: LinkRow, state: LinkState) -> LinkRow:
    acts = effect(state, Role(row.role), _ANY) != NO_EFFECT
    return replace(
        row,
        verdict=state.verdict.value,
        acts=acts,
        due=state.next_check_at,
        checked=state.checked_at,
        body=encode_link(state),
    )


def _reads_otherwise(old: LinkState, new: LinkState, role: Role, policy: Policy) -> bool:
    """Tell whether an item that uses the link may have to be made anew."""
    told = old.verdict is not new.verdict and (old.verdict in policy.told or new.verdict in policy.told)
    return told or effect(old, role, policy) != effect(new, role, policy)


def touch(store: Store, urls: Sequence[str]) -> None:
    """Have the items that use these URLs made again by the next build."""
    store.links.touch(item for items in store.links.users(urls).values() for item in items)


def pin(store: Store, urls: Sequence[str], word: str, excluded: Callable[[str], str], now: int) -> list[str]:
    """Keep a person's word on links ("alive", "dead", or "" to take it back); return the URLs that are known."""
    with store.transaction():
        known = store.links.get(urls)
        rows = {
            row.url: _row(
                row, _barred(pinned(decode_link(row.body), word, now), "" if word else excluded(row.url), now)
            )
            for row in known.values()
        }
        store.links.put(list(rows.values()))
        touch(store, list(rows))
    return sorted(rows)


def unarchived(store: Store, most: int, again: int, now: int) -> dict[str, int]:
    """Return dead pages without a known snapshot, unless looked for in the last `again` seconds: URL to good time."""
    states = {row.url: (decode_link(row.body), row) for row in store.links.find(("dead",))}
    wanted = {
        url: state.last_ok_at or row.newest
        for url, (state, row) in states.items()
        if row.role == Role.ARTICLE and not state.archive and now - state.archive_asked > again
    }
    return dict(sorted(wanted.items(), key=lambda pair: -pair[1])[:most])


def keep_archives(store: Store, found: Mapping[str, str | None], now: int) -> None:
    """Remember snapshots ("" for none, None for no answer), and have the items that can use one made again."""
    with store.transaction():
        known = store.links.get(sorted(found))
        answered = {url: snapshot for url, snapshot in found.items() if snapshot is not None and url in known}
        for url, snapshot in answered.items():
            state = replace(decode_link(known[url].body), archive=snapshot, archive_asked=now)
            store.links.put([_row(known[url], state)])
        touch(store, [url for url, snapshot in answered.items() if snapshot])


def _barred(state: LinkState, why_not: str, now: int) -> LinkState:
    """Return the state of a link that must not be asked, for a reason; as it is where there is none."""
    if not why_not:
        return state
    return replace(state, verdict=Verdict.EXCLUDED, reason=why_not, since=now, next_check_at=NEVER)


def readmit(store: Store, excluded: Callable[[str], str], now: int) -> None:
    """Look again at what is excluded, and at what is not, after the settings changed."""
    for part in chunks(store.links.find(), BATCH):
        with store.transaction():
            changed = []
            for row in part:
                state, why_not = decode_link(row.body), excluded(row.url)
                if bool(why_not) != (state.verdict is Verdict.EXCLUDED):
                    changed.append(_row(row, _barred(readmitted(state, now), why_not, now)))
            store.links.put(changed)
            touch(store, [row.url for row in changed])
