"""Where things stand in the published folder, beside the documents that readers subscribe to."""

# Which feeds there are, for programs.
CATALOGUE = "feeds.json"
# What a browser is shown first.
FRONT = "index.html"
# Below it stand the pages of archives (RFC 5005), archive/topics/ai/3.rss, and nothing else.
ARCHIVE = "archive/"


def document_key(key: str, page: int) -> str:
    """Return the path, without an ending, of a feed's document: what readers subscribe to (0), or a page by number."""
    return f"{ARCHIVE}{key}/{page}" if page else key


def feed_and_page(path: str) -> tuple[str, str]:
    """Return the key of the feed that a file belongs to, and the number of the page, "" for what is no page."""
    stem = path.rpartition(".")[0]
    if not path.startswith(ARCHIVE):
        return stem, ""
    key, _, page = stem.removeprefix(ARCHIVE).rpartition("/")
    return key, page
