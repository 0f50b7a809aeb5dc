"""The public side as one object: the application, and what keeps it up to date. Must never decide where it listens."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from feeds.serve.answer import Rules
from feeds.serve.app import TreeApp
from feeds.serve.follower import Follower
from feeds.serve.tree import Loader


class FeedServer:
    """Serves the folder `root` through `app`, as `follower` last saw it; nothing before its first look.

    `cache_seconds` is how long readers may keep a file. About `memory_bytes` of files are kept in memory, all others
    are read when asked for. Feeds name the `hubs`, and themselves as below `base_url`.
    """

    def __init__(
        self, root: Path, *, cache_seconds: int, memory_bytes: int, hubs: Sequence[str] = (), base_url: str = ""
    ) -> None:
        rules = Rules(cache_seconds, base_url, tuple(hubs))
        self.app = TreeApp(rules, memory_bytes, str(root))
        self.follower = Follower(Loader(str(root), rules, memory_bytes), self.app.take)

    @property
    def answers(self) -> Mapping[int, int]:
        """How often each status was answered since the start."""
        return self.app.counts
