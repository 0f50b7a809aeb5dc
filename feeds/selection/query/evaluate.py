"""Ask a story a query: at which ages it fits, and if at none, which part says no."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import eq, ge, gt, le, lt

from feeds.items.slugs import fold
from feeds.model.taxonomy import Taxonomy
from feeds.selection.query.ages import ALWAYS, NEVER, Ages, complement, holds, intersection, union
from feeds.selection.query.facts import Facts
from feeds.selection.query.syntax import All, Any, Condition, Node, Not, Query

_SIGNS: Mapping[str, Callable[[int, int], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


def ages(query: Query, facts: Facts) -> Ages:
    """Return the ages, in seconds since publication, at which the query holds for a story."""
    return _ages(query.root, facts)


def matches(query: Query, facts: Facts, age: int) -> bool:
    """Tell whether the query holds for a story of this age, in seconds."""
    return holds(ages(query, facts), age)


def why_not(query: Query, facts: Facts, age: int) -> str:
    """Return the first part of a query that does not hold, with what the story has instead; "" where it holds."""
    return _why_not(query.root, facts, age)


def resolved(query: Query, taxonomy: Taxonomy) -> Query:
    """Return a query with the names of topics and providers that the taxonomy has for what it says."""
    return replace(query, root=_resolved(query.root, taxonomy))


def _ages(node: Node, facts: Facts) -> Ages:
    match node:
        case Condition():
            if node.field == "age":
                return node.ages
            return ALWAYS if _TESTS[node.field](node, facts) else NEVER
        case Not():
            return complement(_ages(node.part, facts))
        case All():
            found = ALWAYS
            for part in node.parts:
                found = intersection(found, _ages(part, facts))
                if found == NEVER:
                    break
            return found
        case Any():
            found = NEVER
            for part in node.parts:
                found = union(found, _ages(part, facts))
                if found == ALWAYS:
                    break
            return found


def _why_not(node: Node, facts: Facts, age: int) -> str:
    if holds(_ages(node, facts), age):
        return ""
    match node:
        case All():
            return next((why for part in node.parts if (why := _why_not(part, facts, age))), "it is not published yet")
        case Any():
            return " and ".join(_why_not(part, facts, age) for part in node.parts)
        case Not():
            return f"it must not be {_written(node.part)}"
        case Condition():
            return f"{node.text} is not met: {_has(node, facts, age)}"


def _written(node: Node) -> str:
    match node:
        case Condition():
            return node.text
        case Not():
            return f"not {_written(node.part)}"
        case All():
            return f"({' and '.join(map(_written, node.parts))})"
        case Any():
            return f"({' or '.join(map(_written, node.parts))})"


def _has(test: Condition, facts: Facts, age: int) -> str:
    story = facts.story
    told: dict[str, Callable[[], str]] = {
        "topic": lambda: ", ".join(story.topics) or "it has no topic",
        "provider": lambda: story.provider.domain or story.provider.name or "its provider is unknown",
        "kind": lambda: story.kind or "it has no kind",
        "language": lambda: facts.language,
        "link": lambda: facts.link,
        "quality": lambda: _number(story.quality),
        "heat": lambda: _number(story.heat),
        "age": lambda: f"it is {age / 86_400:.1f} days old",
        "has": lambda: "it has none",
    }
    tell = told.get(test.field)
    return tell() if tell else "it does not say so"


def _number(value: int | None) -> str:
    return "it has none" if value is None else str(value)


def _resolved(node: Node, taxonomy: Taxonomy) -> Node:
    match node:
        case Condition(field="topic"):
            return replace(node, values=tuple(_topic(value, taxonomy) for value in node.values))
        case Condition(field="provider"):
            return replace(node, values=tuple(_provider(value, taxonomy) for value in node.values))
        case Not():
            return Not(_resolved(node.part, taxonomy))
        case All():
            return All(tuple(_resolved(part, taxonomy) for part in node.parts))
        case Any():
            return Any(tuple(_resolved(part, taxonomy) for part in node.parts))
        case _:
            return node


def _topic(name: str, taxonomy: Taxonomy) -> str:
    entry = taxonomy.topics.get(fold(name))
    return entry.name if entry else name


def _provider(name: str, taxonomy: Taxonomy) -> str:
    entry = taxonomy.providers.get(name.lower()) or taxonomy.providers.get(fold(name))
    return entry.domain if entry else name


def _is_by(test: Condition, facts: Facts) -> bool:
    provider = facts.story.provider
    names = {provider.domain, fold(provider.name)}
    return any(value.lower() in names or fold(value) in names for value in test.values)


def _speaks(test: Condition, facts: Facts) -> bool:
    # RFC 4647 3.3.1: a range fits a tag that is the same, or goes on after it with a hyphen
    own = facts.language.lower()
    return any(own == value or own.startswith(f"{value}-") for value in test.values)


def _has_part(test: Condition, facts: Facts) -> bool:
    story = facts.story
    has = {"image": bool(story.images), "enclosure": story.enclosure is not None, "text": bool(story.content)}
    return any(has[value] for value in test.values)


def _compares(test: Condition, value: int | None) -> bool:
    return value is not None and _SIGNS[test.sign](value, test.number)


_TESTS: Mapping[str, Callable[[Condition, Facts], bool]] = {
    "topic": lambda test, facts: any(fold(value) in facts.topics for value in test.values),
    "provider": _is_by,
    "kind": lambda test, facts: facts.story.kind.lower() in test.values,
    "language": _speaks,
    "link": lambda test, facts: facts.link in test.values,
    "title": lambda test, facts: any(value in facts.title for value in test.values),
    "text": lambda test, facts: any(value in facts.text for value in test.values),
    "has": _has_part,
    "quality": lambda test, facts: _compares(test, facts.story.quality),
    "heat": lambda test, facts: _compares(test, facts.story.heat),
}
