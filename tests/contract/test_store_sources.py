"""How remote feeds stand, as they are kept."""

import pytest

from feeds.store import Store, open_store
from feeds.store.sources import SourceRow

NOW = 1_700_000_000
NEWS = SourceRow("news", NOW + 60, NOW, NOW - 9, 3, "http-500: zu viel los 😀", b"\x00\xff{}")
OTHER, LATE = SourceRow("other"), SourceRow("Other", due=2**62)


def keep(store: Store, *rows: SourceRow) -> None:
    with store.transaction():
        store.sources.put(rows)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], []),
        (["news"], [NEWS]),
        (["other", "news"], [NEWS, OTHER]),
        (["Other"], [LATE]),
        (["news", "news"], [NEWS]),
        (["never", "news"], [NEWS]),
        (["never", "", "new", "NEWS", "news ", "%", "'"], []),
    ],
)
def test_some_are_those_that_were_asked_and_no_others(store: Store, wanted: list[str], found: list[SourceRow]) -> None:
    keep(store, NEWS, OTHER, LATE)
    assert store.sources.some(wanted) == {row.id: row for row in found}
    assert store.sources.some(iter(wanted)) == {row.id: row for row in found}


def test_some_of_none_are_none(store: Store) -> None:
    assert store.sources.some(["news"]) == {}


def test_some_are_as_they_were_last_kept(store: Store, state_url: str) -> None:
    keep(store, OTHER, NEWS)
    keep(store, SourceRow("other", fails=1))
    again = open_store(state_url)
    assert again.sources.some(["other", "news"]) == {"news": NEWS, "other": SourceRow("other", fails=1)}
    again.close()


def test_some_may_be_very_many(store: Store) -> None:
    rows = [SourceRow(f"source-{number:05}", due=number) for number in range(5_000)]
    keep(store, *rows)
    assert store.sources.some(row.id for row in rows) == store.sources.all()
    assert store.sources.some(row.id for row in rows[::7]) == {row.id: row for row in rows[::7]}


def test_some_agree_with_one_and_with_all(store: Store) -> None:
    keep(store, NEWS, OTHER, LATE)
    assert store.sources.some(["news", "other", "Other"]) == store.sources.all()
    assert store.sources.some(["news"]) == {"news": store.sources.one("news")}


def test_what_is_forgotten_is_none_of_them(store: Store) -> None:
    keep(store, NEWS, OTHER)
    with store.transaction():
        store.sources.forget(["news"])
    assert store.sources.some(["news", "other"]) == {"other": OTHER}
