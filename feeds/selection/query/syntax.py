"""A query as a tree. Values only; frozen, and the same text is always the same tree."""

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.selection.query.ages import Ages, bounds


class QueryError(ValueError):
    """A query that cannot be read: `column` counts its characters from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message, self.column = message, column


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `field` and the values of which one has to fit; `text` is how the query writes it.

    Numbers are compared by `sign` with `number`. An age has `ages` instead, at which it holds.
    """

    field: str
    text: str
    values: tuple[str, ...] = ()
    sign: str = ""
    number: int = 0
    ages: Ages = ()


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """What must hold together."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """What must hold in part; without parts nothing does."""

    parts: "tuple[Node, ...]"


Node = Condition | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """A query. `bounds` are the ages, in seconds, at which an item may enter or leave."""

    root: Node = All(())
    text: str = ""

    @property
    def bounds(self) -> tuple[int, ...]:
        """Return the ages at which the answer may change, ascending."""
        return bounds(test.ages for test in conditions(self.root) if test.field == "age")

    @property
    def asks_links(self) -> bool:
        """Tell whether the answer depends on what is known of a story's page."""
        return any(test.field == "link" for test in conditions(self.root))


def conditions(node: Node) -> Iterator[Condition]:
    """Yield every condition in a tree."""
    if isinstance(node, Condition):
        yield node
    elif isinstance(node, Not):
        yield from conditions(node.part)
    else:
        for part in node.parts:
            yield from conditions(part)
