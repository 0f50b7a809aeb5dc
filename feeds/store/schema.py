"""The tables.

    listing      one row a folder of records: what stood in it when all of it was last read, in one blob
    published    likewise for the output folder, to see what others did to it
    document     one row a record file          problem    what is wrong with it, kept until it changes
    sighting     one row for each story a record tells or names       sighting_key   the URLs it is known by
    name         every URL and file an item was ever known by: never deleted, ids are for ever
    item         what a reader was shown of each item, and when       membership     which feeds carry it
    feed         one row a feed: its address for ever, what was last published of it
    link         one row a URL that items show or could show: what we hold of it, and when to ask again
    link_use     which items use which URL          link_host   each host's pace, and who may ask it now
    stale_item   work not yet done: written by one step, removed by the next, so a killed build goes on
    stale_feed   likewise
    stale_page   likewise, for pages of archives
    archive      one row a page of a feed's archive: what was published of it
    former       the places of items while all of them are given out anew
    tombstone    which item was withdrawn from which feed, and when
    lease        who may build, and which daemon is at work
    tick         one row a task of the daemon: when it ran last, how that went, when it is due
    ping         feeds that a WebSub hub has still to be told of
    hub          when each hub may be asked again, and how it answered
    grouped      one row an item that tells the same story as others: who leads, and what the leader says of the others
    source       one row a remote feed: where it is now, its validators, when to ask it again, how it went
    entry        what each remote entry said when it last changed, and since when it is known
    stale_entry  entries whose sighting has to be made anew
    meta         counters and digests

Changing a table means raising VERSION.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, MetaData, Table, Text, text

VERSION = "5"

metadata = MetaData()

# Text that decides order is compared bytewise, whatever the locale of the server; SQLite does so by itself.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")

meta = Table("meta", metadata, Column("key", TEXT, primary_key=True), Column("value", TEXT, nullable=False))

lease = Table(
    "lease",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("holder", TEXT, nullable=False),
    Column("until", BigInteger, nullable=False),
)

listing = Table(
    "listing", metadata, Column("folder", TEXT, primary_key=True), Column("entries", LargeBinary, nullable=False)
)

published = Table(
    "published", metadata, Column("folder", TEXT, primary_key=True), Column("entries", LargeBinary, nullable=False)
)

document = Table(
    "document",
    metadata,
    Column("file", TEXT, primary_key=True),
    Column("revision", TEXT, nullable=False),
    Column("held", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

problem = Table(
    "problem",
    metadata,
    # "record:<file>" or "item:<id>": whoever writes the problems of an owner first removes the old ones.
    Column("owner", TEXT, nullable=False, index=True),
    Column("file", TEXT, nullable=False),
    Column("line", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Column("code", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
    Column("severity", TEXT, nullable=False),
)

sighting = Table(
    "sighting",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("file", TEXT, nullable=False, index=True),
    Column("own", Boolean, nullable=False),
    Column("known_by", TEXT, nullable=False),
    Column("item", TEXT, index=True),
    Column("body", LargeBinary, nullable=False),
)

sighting_key = Table(
    "sighting_key",
    metadata,
    Column("key", TEXT, primary_key=True),
    Column("sighting", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

name = Table(
    "name",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("item", TEXT, nullable=False, index=True),
    Column("since", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

item = Table(
    "item",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("first_seen", BigInteger, nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("digest", TEXT, nullable=False),  # of what a reader sees
    Column("told", TEXT, nullable=False),  # of what the records tell, which is what `updated` goes by
    Column("turn", Integer, nullable=False),  # the build that last wrote this row
    Column("story", LargeBinary),  # as shown; NULL once the item is withdrawn
    Column("verdict", TEXT, nullable=False),  # of its page, where pages or queries tell it, "" else
    Index("item_published", "published"),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("ref", TEXT, nullable=False),  # "" for `all`, the folded topic name, the provider's domain
    Column("key", TEXT, nullable=False, unique=True),
    Column("title", TEXT, nullable=False, default=""),
    Column("updated", BigInteger),
    Column("count", Integer, nullable=False, default=0),
    Column("window", TEXT, nullable=False, default=""),  # digest of all that its files are made of
    Column("files", TEXT, nullable=False, default=""),  # JSON: path to digest of each file published
    Column("total", Integer, nullable=False, default=0),  # with what only its archive holds
    Index("feed_ref", "kind", "ref", unique=True),
)

membership = Table(
    "membership",
    metadata,
    Column("feed", Integer, primary_key=True),
    Column("published", BigInteger, primary_key=True),
    Column("item", TEXT, primary_key=True),
    Column("label", TEXT, nullable=False),
    # Here and not with the item: to pass over 98,000 items of one provider costs 7 ms, and 130 if each is looked up.
    Column("provider", TEXT, nullable=False),
    Column("page", Integer, nullable=False),  # of the archive, 0 for an item on none
    Column("bonus", Integer, nullable=False),  # by how many seconds its score makes it younger
    Column("ages", TEXT, nullable=False),  # at which it belongs to the feed, "" for always
    Index("membership_page", "feed", "page", "published", "item"),
    sqlite_with_rowid=False,
)

archive = Table(
    "archive",
    metadata,
    Column("feed", Integer, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("title", TEXT, nullable=False),  # as it was when the page was cut
    Column("updated", BigInteger, nullable=False),
    Column("window", TEXT, nullable=False),
    Column("files", TEXT, nullable=False),
    sqlite_with_rowid=False,
)

former = Table(
    "former",
    metadata,
    Column("feed", Integer, primary_key=True),
    Column("item", TEXT, primary_key=True),
    Column("published", BigInteger, nullable=False),
    Column("page", Integer, nullable=False),
    sqlite_with_rowid=False,
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("feed", Integer, primary_key=True),
    Column("item", TEXT, primary_key=True),
    Column("since", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("url", TEXT, primary_key=True),
    Column("host", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("newest", BigInteger, nullable=False),  # when the newest item that uses it was published
    Column("verdict", TEXT, nullable=False),
    Column("acts", Boolean, nullable=False),  # whether it changes what an item shows
    Column("due", BigInteger, nullable=False),
    Column("checked", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("link_due", "host", "due", "url"),
    Index("link_acts", "acts", sqlite_where=text("acts")),
    sqlite_with_rowid=False,
)

link_use = Table(
    "link_use",
    metadata,
    Column("url", TEXT, primary_key=True),
    Column("item", TEXT, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

link_host = Table(
    "link_host",
    metadata,
    Column("host", TEXT, primary_key=True),
    Column("holder", TEXT, nullable=False),
    Column("until", Double, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

stale_item = Table("stale_item", metadata, Column("item", TEXT, primary_key=True))

stale_feed = Table("stale_feed", metadata, Column("feed", Integer, primary_key=True))

stale_page = Table(
    "stale_page", metadata, Column("feed", Integer, primary_key=True), Column("page", Integer, primary_key=True)
)

tick = Table(
    "tick",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger, nullable=False),
    Column("good", BigInteger, nullable=False),  # when it last went well
    Column("fails", Integer, nullable=False),  # since then
    Column("detail", TEXT, nullable=False),
)

ping = Table(
    "ping",
    metadata,
    Column("hub", TEXT, primary_key=True),
    Column("url", TEXT, primary_key=True),
    Column("since", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

hub = Table(
    "hub",
    metadata,
    Column("url", TEXT, primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("good", BigInteger, nullable=False),
    Column("detail", TEXT, nullable=False),
    sqlite_with_rowid=False,
)

source = Table(
    "source",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("due", BigInteger, nullable=False),  # NEVER for one that is retired
    Column("polled", BigInteger, nullable=False),
    Column("good", BigInteger, nullable=False),  # when it last answered with a feed, or that it has not changed
    Column("fails", Integer, nullable=False),  # since then
    Column("detail", TEXT, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

entry = Table(
    "entry",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("first_seen", BigInteger, nullable=False),
    Column("gone_at", BigInteger, nullable=False),
    Column("digest", TEXT, nullable=False),
    Column("shared", Boolean, nullable=False),  # its page is that of other entries, too
    Column("traits", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

stale_entry = Table(
    "stale_entry", metadata, Column("source", TEXT, primary_key=True), Column("name", TEXT, primary_key=True)
)

grouped = Table(
    "grouped",
    metadata,
    Column("item", TEXT, primary_key=True),
    Column("leader", TEXT, nullable=False, index=True),
    Column("also", LargeBinary, nullable=False),  # b"" for one that follows
    sqlite_with_rowid=False,
)
