"""Turn items into the files of a feed: RSS 2.0, Atom 1.0, JSON Feed 1.1 and the catalogue.

Each item is rendered once (`render_entry`) and its bytes are put into every feed it is in (`render_feed`). This package
must never read a clock, a file or a setting: the same items and the same site give the same bytes. It is the only one
that imports feedgen, and importing it costs that (40 ms), so a command that renders nothing should not.
"""

from feeds.render.addresses import feed_id, feed_url
from feeds.render.catalogue import render_catalogue
from feeds.render.entry import Entry, render_entry
from feeds.render.feed import render_feed
from feeds.render.outlines import render_opml

__all__ = ["Entry", "feed_id", "feed_url", "render_catalogue", "render_entry", "render_feed", "render_opml"]
