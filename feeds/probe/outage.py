"""Whether it is us: hold back failures that our own network may have caused, and ask those who always answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from feeds.links.weather import Weather, after_check, believed, is_doubtful, is_network
from feeds.model.link import Observation, Seen
from feeds.probe.ports import Target

_CONTROLS = 3

Ask = Callable[[Target], Awaitable[Observation | None]]
"""Ask a URL of a host that is held; None where its host may not be asked now."""


@dataclass(slots=True)
class Outage:
    """The watch over our own network.

    `controls` are URLs, by host, that were fine lately; those that are fine in this run join them. While `closed`, no
    fresh URL may be asked; `lasting` says that the network did not come back.
    """

    controls: dict[str, Target] = field(default_factory=dict)
    closed: bool = False
    lasting: bool = False
    _weather: Weather = field(default_factory=Weather)

    def saw(self, host: str, target: Target, observation: Observation) -> Sequence[Observation]:
        """Take what a check of a host saw; return what may now be judged."""
        if observation.seen is Seen.ALIVE and not observation.hops:
            self.controls.pop(host, None)
            self.controls[host] = target
            while len(self.controls) > _CONTROLS:
                del self.controls[next(iter(self.controls))]
        self._weather, ripe = after_check(self._weather, host, observation)
        if is_network(observation) and is_doubtful(self._weather):
            self.closed = True
        return ripe

    async def is_over(self, ask: Ask) -> bool:
        """Return whether more than half of the controls answer; not where there are none."""
        answers = await asyncio.gather(*map(ask, self.controls.values()))
        heard = [answer for answer in answers if answer is not None]
        good = sum(not is_network(answer) for answer in heard)
        self._weather = replace(self._weather, good=self._weather.good + good)
        return good * 2 > len(heard)

    def believe(self) -> Sequence[Observation]:
        """End all doubt: return what was held back, which may now be judged."""
        self.closed = False
        self._weather, held = believed(self._weather)
        return held

    def forget(self) -> int:
        """Drop what was held back, and return how many that were."""
        dropped, self._weather = len(self._weather.held), Weather()
        return dropped
