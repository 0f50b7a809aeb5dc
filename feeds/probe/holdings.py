"""The hosts a crawl holds: leasing them, renewing, refilling, and giving them up. It asks none of them anything."""

from collections.abc import Callable
from dataclasses import replace

from feeds.links.hosts import HostState, Pace
from feeds.probe.lane import Lane
from feeds.probe.limits import Limits
from feeds.probe.naming import host_of
from feeds.probe.ports import HostWork, Postponed, Queue, Target
from feeds.probe.ring import Ring

_NEW = HostState()


class Holdings:
    """Lanes, backed by leases of the queue."""

    def __init__(self, queue: Queue, ring: Ring, limits: Limits, pace_of: Callable[[str], Pace]) -> None:
        self._queue = queue
        self._pace_of = pace_of
        self._ring = ring
        self._limits = limits
        self._exhausted = False

    def stock(self, now: float) -> bool:
        """Lease more hosts if less than half of what we may hold is held; return whether any came."""
        room = self._limits.hosts - len(self._ring)
        if self._exhausted or room <= self._limits.hosts // 2:
            return False
        found = self._queue.hosts(now, self._lease_end(now), room)
        self._exhausted = not found
        for work in found:
            self._admit(work, now)
        return bool(found)

    def _admit(self, work: HostWork, now: float) -> None:
        lane = self._ring.get(work.host)
        if lane is None:
            lane = self._hold(work.host, work.state, self._lease_end(now))
        lane.left, lane.drained = work.due, False  # a host that was held for hops may now have work of its own
        self.offer(lane, now)

    def _hold(self, host: str, state: HostState, until: float) -> Lane:
        pace = self._pace_of(host)
        rate = pace.start if state == _NEW else max(pace.floor, min(state.rate, pace.top))
        lane = Lane(host, replace(state, rate=rate), until, pace)
        self._ring.add(lane)
        return lane

    def lane(self, url: str, now: float) -> Lane:
        """Return the lane of the host of a URL, leased if need be; raises Postponed where that cannot be."""
        host = host_of(url)
        lane = self._ring.get(host)
        if lane is None:
            until = self._lease_end(now)
            state = self._queue.lease(host, now, until)
            if state is None:
                raise Postponed(host)
            lane = self._hold(host, state, until)
            lane.drained = True
        if lane.ready > now + self._limits.patience:
            raise Postponed(host)
        return lane

    def offer(self, lane: Lane, now: float) -> None:
        """Let a lane that may be asked wait for its time; give it up where that is too far away."""
        most = 1 if lane.state.is_down else self._limits.per_host  # one canary is enough
        if not lane.wanted or lane.young or lane.in_flight >= most:
            return
        if lane.ready > now + self._limits.patience:
            self._forsake(lane)
        else:
            self._ring.push(lane, lane.ready)

    def may_ask(self, lane: Lane, now: float) -> bool:
        """Return whether our lease outlasts a request that starts now and the gap after it, renewing it if need be."""
        gap = lane.state.gap
        if lane.until < now + self._limits.request + gap and not self._renewed(lane, now, gap):
            return False
        if lane.ready <= now:
            return True
        self.offer(lane, now)
        return False

    def _renewed(self, lane: Lane, now: float, gap: float) -> bool:
        until = self._lease_end(now) + gap
        state = self._queue.lease(lane.host, now, until)
        if state is None:
            self._forsake(lane)
            self._ring.drop(lane)
            return False
        if lane.until < now:  # it ran out, and another process may have asked meanwhile
            lane.state = state
        lane.until = until
        return True

    def take(self, lane: Lane) -> Target | None:
        """Return the next URL of a lane, None where it has no more."""
        if not lane.targets and not lane.drained:
            lane.targets.extend(self._queue.refill(lane.host, self._limits.refill))
        if not lane.targets:
            self._drain(lane)
            return None
        lane.left = max(0, lane.left - 1)
        return lane.targets.popleft()

    def tend(self, now: float) -> None:
        """Renew the leases that end soon, and give up hosts that nobody waits for."""
        soon = now + self._limits.request + self._limits.lease / 2
        until = self._lease_end(now)
        idle = [lane for lane in self._ring if not lane.in_flight and not lane.wanted]
        for lane in idle:
            self._ring.drop(lane)
        ending = [lane for lane in self._ring if now < lane.until < soon]
        self._keep(idle, 0)
        self._keep(ending, until)
        for lane in ending:
            lane.until = until

    def keep_now(self, lane: Lane) -> None:
        """Remember a host at once: a wish to be left alone must outlive a kill."""
        self._keep([lane], lane.until)

    def close(self) -> None:
        """Remember all hosts and give them up."""
        self._keep(list(self._ring), 0)

    def _keep(self, lanes: list[Lane], until: float) -> None:
        if lanes:
            self._queue.keep({lane.host: lane.kept for lane in lanes}, until)

    def _forsake(self, lane: Lane) -> None:
        """Leave what waits for a host to the next run."""
        for future in lane.hops:
            if not future.done():
                future.set_exception(Postponed(lane.host))
        lane.hops.clear()
        lane.targets.clear()
        self._drain(lane)

    def _drain(self, lane: Lane) -> None:
        lane.left, lane.drained = 0, True

    def _lease_end(self, now: float) -> float:
        return now + self._limits.request + self._limits.lease
