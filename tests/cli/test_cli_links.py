"""`feeds links` and `feeds links pin` as a process. They ask nobody."""

import json
import time

import pytest

from feeds.model.link import Observation, Seen

DAY = 86_400
DEAD, FINE, NEW = "https://a.example/dead", "https://b.example/fine", "https://www.b.example/new"


@pytest.fixture
def known(linked, saw):
    """Prepare one dead, one good and one unknown link."""
    linked(DEAD, FINE, NEW, on_dead="drop")
    for days in (4, 2, 0):
        saw([Observation(DEAD, Seen.MISSING, "http-404", 404)], time.time() - days * DAY)
    saw([Observation(FINE, Seen.ALIVE, "http-200", 200)], time.time())


def listed(run, *words):
    done = run("links", *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return {link["url"]: link for link in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("words", "urls"),
    [
        ([], [DEAD, FINE, NEW]),
        (["--state", "dead"], [DEAD]),
        (["--state", "ok", "--state", "unknown"], [FINE, NEW]),
        (["--state", "blocked"], []),
        (["--host", "b.example"], [FINE, NEW]),
        (["--host", "www.b.example"], [NEW]),
        (["--host", "b.example", "--state", "ok"], [FINE]),
    ],
)
def test_links_are_chosen_by_verdict_and_host(run, known, words, urls):
    assert list(listed(run, *words)) == urls


def test_any_other_word_for_the_state_is_where_it_is_kept(run, folder, known):
    (folder / ".feeds").rename(folder / "kept")
    assert listed(run, "--state", "dead", "--state", "kept/state.db").keys() == {DEAD}
    assert len(listed(run, "--state", f"sqlite:///{folder}/kept/state.db")) == 3
    assert not (folder / ".feeds").exists()


def test_json_has_the_documented_keys_and_no_others(run, known, documented):
    keys = documented("objects that `feeds links --json`")
    for link in listed(run).values():
        assert link.keys() == keys.keys()
        assert [key for key, kind in keys.items() if not isinstance(link[key], kind)] == []


def test_a_link_is_told_with_all_that_is_known(run, known):
    links = listed(run)
    told = {url: (link["verdict"], link["reason"], link["items"], link["role"]) for url, link in links.items()}
    assert told == {
        DEAD: ("dead", "http-404", ["Story 0"], "article"),
        FINE: ("ok", "http-200", ["Story 1"], "article"),
        NEW: ("unknown", "", ["Story 2"], "article"),
    }
    assert links[DEAD]["next_check"] > links[DEAD]["since"] + 20 * DAY


def test_a_list_for_people(run, known):
    lines = run("links", "--state", "dead").stdout.splitlines()
    assert lines[0] == f"dead     {DEAD}"
    assert lines[1].startswith("         http-404, since 20")
    assert "next check 20" in lines[1]
    assert lines[2] == "         · Story 0"


def test_a_pin_holds_until_it_is_taken_back(run, known):
    done = run("links", "pin", DEAD, FINE, "alive")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2 pinned alive; the next feeds build acts on it\n"
    assert [(link["verdict"], link["pin"]) for link in listed(run).values()] == [
        ("ok", "alive"),
        ("ok", "alive"),
        ("unknown", ""),
    ]
    assert run("links", "pin", DEAD, "clear").returncode == 0
    link = listed(run)[DEAD]
    assert (link["verdict"], link["pin"], link["reason"]) == ("unknown", "", "")
    assert link["next_check"] <= time.time()


def test_the_next_build_acts_on_a_pin(run, folder, known):
    def titles():
        assert run("build").returncode == 0
        document = json.loads((folder / "out" / "all.json").read_text(encoding="utf-8"))
        return sorted(item["title"] for item in document["items"])

    assert titles() == ["Story 1", "Story 2"]
    run("links", "pin", NEW, "dead")
    assert titles() == ["Story 1"]
    run("links", "pin", NEW, DEAD, "alive")
    assert titles() == ["Story 0", "Story 1", "Story 2"]


def test_an_unknown_url_ends_with_2_and_the_known_ones_are_pinned(run, known):
    done = run("links", "pin", "https://nobody.example/", FINE, "dead")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("feeds: no item uses https://nobody.example/; feeds links lists the URLs that are known\n")
    assert listed(run)[FINE]["pin"] == "dead"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pin"], "Missing argument 'URL...'"),
        (["pin", FINE], "Missing argument 'URL...'"),
        (["pin", FINE, "gone"], "'gone' is not one of 'alive', 'dead', 'clear'"),
        (["unpin", FINE], "No such command 'unpin'"),
        (["--verdict", "dead"], "No such option '--verdict'"),
    ],
)
def test_a_wrong_call_ends_with_2(run, known, words, said):
    done = run("links", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
