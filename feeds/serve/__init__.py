"""Hand out the published folder over HTTP: read-only, in bounds, from memory. Must never write or build."""

from feeds.serve.admin import admin_app
from feeds.serve.feed_server import FeedServer
from feeds.serve.server import serve

__all__ = ["FeedServer", "admin_app", "serve"]
