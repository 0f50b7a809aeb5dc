"""The language of custom feeds: which items, in the words of docs/custom-feeds.md.

tokens, parse   text to a tree (`syntax`), or an error with its column
facts           what may be asked of a story
ages            spans of time, the only thing in a query that is not known when an item changes
evaluate        a tree and facts to ages

Pure; must never take longer than the length of a query times that of a story.
"""

from feeds.selection.query.ages import ALWAYS, NEVER, Ages, decode, encode, holds
from feeds.selection.query.evaluate import ages, matches, resolved, why_not
from feeds.selection.query.facts import Facts
from feeds.selection.query.parse import parse_query
from feeds.selection.query.syntax import Query, QueryError

__all__ = [
    "ALWAYS",
    "NEVER",
    "Ages",
    "Facts",
    "Query",
    "QueryError",
    "ages",
    "decode",
    "encode",
    "holds",
    "matches",
    "parse_query",
    "resolved",
    "why_not",
]
