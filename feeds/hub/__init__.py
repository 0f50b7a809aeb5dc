"""Tell WebSub hubs (W3C Recommendation of 2018) which feeds changed, and how long to leave one alone that fails.

It must never know where the queue is kept, nor build or change a feed.
"""

from feeds.hub.patience import next_try
from feeds.hub.tell import BATCH, Told, tell

__all__ = ["BATCH", "Told", "next_try", "tell"]
