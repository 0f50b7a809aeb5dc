from pathlib import Path

import pytest

from feeds.config.keys import leaves
from feeds.config.load import load
from feeds.config.settings import Settings
from feeds.errors import ConfigError

HERE = "config/feeds.yaml"
NAMES = "settings may name what is private: move one of the two"
PRIVATE = "the state must never be published: move one of the two"
PARAMETER = "must be the name of a query parameter, or its beginning and a *"
ZONE = "must be a time zone such as UTC or Europe/Berlin"
RAW = "records must not be published as they are: move one of the two"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "records").mkdir()
    return tmp_path


def write(folder: Path, text: str, name: str = HERE) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder, text=None, overrides=None, environ=None):
    if text is not None:
        write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(None, overrides or {}, environ or {}, folder)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return list(caught.value.faults)


FAULTS = {
    "misspelt": ("baes_url: x", f"{HERE}:1:1: baes_url: unknown key; did you mean base_url?"),
    "misspelt inside": ("site:\n  titel: x", f"{HERE}:2:3: site.titel: unknown key; did you mean title?"),
    "known elsewhere": ("limit: 3", f"{HERE}:1:1: limit: unknown key; did you mean feeds.limit?"),
    "unknown": (
        "taxonomy: {zzz: 1}",
        f"{HERE}:1:12: taxonomy.zzz: unknown key; the keys here are topics, providers",
    ),
    "unknown and empty": (
        "taxonomy: {zzz: }",
        f"{HERE}:1:12: taxonomy.zzz: unknown key; the keys here are topics, providers",
    ),
    "the inner name of json": ("json_outptu: true", f"{HERE}:1:1: json_outptu: unknown key; the keys here are "),
    "text for a group": (
        "site: hello",
        f"{HERE}:1:7: site: must be a group of keys, one `key: value` on each line, not 'hello'",
    ),
    "a list for a group": (
        "site: [a]",
        f"{HERE}:1:7: site: must be a group of keys, one `key: value` on each line, not a list",
    ),
    "NO is false": ("site:\n  title: NO", f"{HERE}:2:10: site.title: must be text in quotes, not false"),
    "a number for text": ("out: 5", f"{HERE}:1:6: out: must be text in quotes, not 5"),
    "empty text": ("out: ''", f"{HERE}:1:6: out: must not be empty"),
    "blank text": ("out: ' '", f"{HERE}:1:6: out: must not be empty"),
    "yes is no number": ("feeds: {limit: yes}", f"{HERE}:1:16: feeds.limit: must be a whole number, not true"),
    "text for a number": ("jobs: '4'", f"{HERE}:1:7: jobs: must be a whole number, not '4'"),
    "a fraction": ("jobs: 1.5", f"{HERE}:1:7: jobs: must be a whole number, not 1.5"),
    "too small": ("feeds: {limit: 0}", f"{HERE}:1:16: feeds.limit: must be at least 1, not 0"),
    "no age": ("feeds: {max_age_days: 0}", f"{HERE}:1:23: feeds.max_age_days: must be at least 1, not 0"),
    "no time to live": ("feeds: {ttl: 0}", f"{HERE}:1:14: feeds.ttl: must be at least 1, not 0"),
    "no timetable": (
        "schedule: {build: hourly}",
        (
            f"{HERE}:1:19: schedule.build: must be a span such as 15m or 1h, or five crontab fields such as "
            "17 3 * * *, not 'hourly'"
        ),
    ),
    "no port": (
        "serve: {address: localhost}",
        (
            f"{HERE}:1:18: serve.address: must be an address and a port such as 127.0.0.1:8000 or [::]:8000, "
            "not 'localhost'"
        ),
    ),
    "negative": ("jobs: -1", f"{HERE}:1:7: jobs: must be at least 0, not -1"),
    "text for a switch": ("strict: maybe", f"{HERE}:1:9: strict: must be true or false, not 'maybe'"),
    "text for a list": ("records: seeds", f"{HERE}:1:10: records: must be a list such as [a, b], not 'seeds'"),
    "an empty list": ("records: []", f"{HERE}:1:10: records: must have at least one entry"),
    "a number in a list": ("records: [a, 5]", f"{HERE}:1:14: records[1]: must be text in quotes, not 5"),
    "no format": ("feeds: {formats: []}", f"{HERE}:1:18: feeds.formats: must have at least one entry"),
    "an unknown format": (
        "feeds:\n  formats:\n    - rss\n    - xml",
        f"{HERE}:4:7: feeds.formats[1]: must be 'rss', 'atom' or 'json', not 'xml'",
    ),
    "a relative address": (
        "base_url: /feeds",
        f"{HERE}:1:11: base_url: must be an absolute http or https URL such as https://feeds.example.org/",
    ),
    "a password in an address": (
        "base_url: https://me:secret@example.org/",
        f"{HERE}:1:11: base_url: must not hold a user name or password: it is published",
    ),
    "a query in the address": (
        "base_url: https://example.org/?a=b",
        f"{HERE}:1:11: base_url: must not have a query or a fragment: the feeds' paths are added to its end",
    ),
    "no language": (
        "site: {language: English!}",
        f"{HERE}:1:18: site.language: must be a language tag such as en or pt-BR, not 'English!'",
    ),
    "no time zone": (
        "time_zone: Asia/Tokio",
        f"{HERE}:1:12: time_zone: {ZONE}, not 'Asia/Tokio'; did you mean Asia/Tokyo?",
    ),
    "no parameter": (
        "tracking_parameters: ['*']",
        f"{HERE}:1:23: tracking_parameters[0]: {PARAMETER}, not '*'",
    ),
    "another database": (
        "state: mysql://me:secret@host/feeds",
        f"{HERE}:1:8: state: must be a path, or a URL that starts with sqlite:/// or postgresql+psycopg://",
    ),
    "a path SQLAlchemy would cut": (
        "state: what?.db",
        f"{HERE}:1:8: state: must not have a question mark in its path: SQLAlchemy would cut it there",
    ),
    "a character no feed can hold": (
        'site: {title: "a\\0"}',
        f"{HERE}:1:15: site.title: must not hold the control character U+0000",
    ),
    "a number no database can hold": (
        "feeds: {limit: 99999999999999999999}",
        f"{HERE}:1:16: feeds.limit: must be at most 2147483647, not 99999999999999999999",
    ),
    "the state is public": (
        "state: out/state.db",
        f"{HERE}:1:1: state: out/state.db lies inside the out folder out; {PRIVATE}",
    ),
    "the state by URL is public": (
        "state: sqlite:///out/state.db?timeout=5",
        f"{HERE}:1:1: state: out/state.db lies inside the out folder out; {PRIVATE}",
    ),
    "the state is public through a detour": (
        "state: x/../out/./state.db",
        f"{HERE}:1:1: state: out/state.db lies inside the out folder out; {PRIVATE}",
    ),
    "the default state is public": (
        "records: [../elsewhere]\nout: .feeds",
        f"{HERE}:2:1: state: .feeds/state.db lies inside the out folder .feeds; {PRIVATE}",
    ),
    "the records are public": (
        "records: [out/records]",
        f"{HERE}:1:1: records: out/records lies inside the out folder out; {RAW}",
    ),
    "the settings are public": (
        "out: config",
        f"{HERE}:1:1: out: {HERE} lies inside the out folder config; {NAMES}",
    ),
    "a named taxonomy is absent": (
        "taxonomy: {topics: t.yaml}",
        "t.yaml: cannot be read: No such file or directory; create it, or name another file",
    ),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_file(folder, text, fault):
    found = faults(folder, text)
    if fault.endswith("the keys here are "):
        found = [each[: len(fault)] for each in found]
    assert found == [fault]


ENVIRONMENT_FAULTS = {
    "misspelt": ("FEEDS_BASE_UL", "x", "unknown setting; did you mean FEEDS_BASE_URL?"),
    "unknown": ("FEEDS_QQQQQQQQ", "x", "unknown setting"),
    "in lower case": ("FEEDS_base_url", "x", "unknown setting; did you mean FEEDS_BASE_URL?"),
    "a group": ("FEEDS_SITE", "x", "names a group; set its keys one by one, such as FEEDS_SITE__TITLE"),
    "no number": ("FEEDS_JOBS", "many", "must be a whole number, not 'many'"),
    "an empty number": ("FEEDS_JOBS", "", "must be a whole number, not ''"),
    "no switch": ("FEEDS_STRICT", "maybe", "must be true or false, not 'maybe'"),
    "no path": ("FEEDS_OUT", "", "must not be empty"),
    "no list": ("FEEDS_RECORDS", "", "must have at least one entry"),
    "a broken list": ("FEEDS_RECORDS", "[a", "must be a list such as [a, b], not '[a'"),
    "a bad entry": ("FEEDS_FEEDS__FORMATS", "rss,xml", "feeds.formats[1]: must be 'rss', 'atom' or 'json', not 'xml'"),
    "a control character": ("FEEDS_SITE__AUTHOR", "a\x1b", "must not hold the control character U+001B"),
}


@pytest.mark.parametrize(("name", "value", "reason"), ENVIRONMENT_FAULTS.values(), ids=ENVIRONMENT_FAULTS)
def test_a_fault_in_the_environment(folder, name, value, reason):
    assert faults(folder, environ={name: value}) == [f"environment {name}: {reason}"]


VALUES = {
    "text": ("FEEDS_SITE__TITLE", "2024", "site", "title", "2024"),
    "text that YAML would take for false": ("FEEDS_SITE__TITLE", "NO", "site", "title", "NO"),
    "empty text": ("FEEDS_SITE__RIGHTS", "", "site", "rights", ""),
    "a number": ("FEEDS_FEEDS__LIMIT", " 7 ", "feeds", "limit", 7),
    "nothing": ("FEEDS_FEEDS__MAX_AGE_DAYS", "none", "feeds", "max_age_days", None),
    "an optional number": ("FEEDS_FEEDS__MAX_AGE_DAYS", "30", "feeds", "max_age_days", 30),
    "a switch": ("FEEDS_FEEDS__TOPICS", "Off", "feeds", "topics", False),
    "a comma list": ("FEEDS_FEEDS__FORMATS", "json, rss", "feeds", "formats", ("rss", "json")),
    "a YAML list": ("FEEDS_FEEDS__FORMATS", "[json, 'atom']", "feeds", "formats", ("atom", "json")),
}


@pytest.mark.parametrize(("name", "text", "group", "key", "value"), VALUES.values(), ids=VALUES)
def test_the_environment_is_text_and_settings_are_not(folder, name, text, group, key, value):
    loaded = load(None, {}, {name: text, "PATH": "/bin"}, folder)
    assert getattr(getattr(loaded.settings, group), key) == value
    assert loaded.origins[f"{group}.{key}"] == f"environment {name}"


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(folder):
    write(folder, "site:\n  title: file\n  author: file\nbase_url: https://file.example/\nfeeds: {ttl: 5}\njobs: 3\n")
    environ = {"FEEDS_SITE__TITLE": "environment", "FEEDS_BASE_URL": "https://environment.example/"}
    loaded = load(None, {"base_url": "https://flag.example", "jobs": None, "feeds.ttl": 9}, environ, folder)
    got = {key: (value, loaded.origins[key]) for key, value in {
        "base_url": loaded.settings.base_url,
        "site.title": loaded.settings.site.title,
        "site.author": loaded.settings.site.author,
        "site.language": loaded.settings.site.language,
        "feeds.ttl": loaded.settings.feeds.ttl,
        "jobs": loaded.settings.jobs,
    }.items()}  # fmt: skip
    assert got == {
        "base_url": ("https://flag.example/", "--base-url"),
        "site.title": ("environment", "environment FEEDS_SITE__TITLE"),
        "site.author": ("file", f"{HERE}:3"),
        "site.language": ("en", "default"),
        "feeds.ttl": (9, "--feeds-ttl"),
        "jobs": (3, f"{HERE}:6"),
    }


def test_all_faults_are_told_at_once_in_the_order_of_their_places(folder):
    write(folder, "topics:\n  - name: ''\n", "config/topics.yaml")
    found = faults(
        folder,
        "jobs: x\nsite: hello\nbaes_url: x\nout: 5\n",
        {"base_url": "ftp://example.org/"},
        {"FEEDS_SITE__TITLE": "x", "FEEDS_STRICT": "maybe", "FEEDS_ZZZZ": ""},
    )
    assert [each.split(" ")[0] for each in found] == [
        f"{HERE}:1:7:", f"{HERE}:2:7:", f"{HERE}:3:1:", f"{HERE}:4:6:",
        "environment", "environment", "--base-url:", "config/topics.yaml:2:11:",
    ]  # fmt: skip
    assert found[4:7] == [
        "environment FEEDS_STRICT: must be true or false, not 'maybe'",
        "environment FEEDS_ZZZZ: unknown setting",
        "--base-url: must be an absolute http or https URL such as https://feeds.example.org/",
    ]


def test_no_file_at_all_means_the_defaults(tmp_path):
    loaded = load(None, {}, {}, tmp_path)
    assert (loaded.file, loaded.project) == ("", tmp_path)
    assert loaded.settings == Settings().model_copy(update={"records": (".",)})
    assert set(loaded.origins.values()) == {"default"}
    assert list(loaded.origins) == [".".join(key) for key, _ in leaves(Settings)]
    assert (loaded.taxonomy.topics, loaded.taxonomy.providers) == ({}, {})
    assert loaded.record_roots == (tmp_path,)
    assert loaded.out == tmp_path / "out"
    assert loaded.state_url == f"sqlite:///{tmp_path}/.feeds/state.db"


@pytest.mark.parametrize("text", ["", "# nothing\n", "site:\nfeeds: {}\nout:\njobs: null\n"])
def test_what_is_empty_means_the_default(folder, text):
    write(folder, text)
    assert load(None, {}, {}, folder).settings == Settings()


def test_the_default_settings_are_those_promised():
    assert Settings().model_dump(mode="json", by_alias=True) == {
        "records": ["records"],
        "out": "out",
        "state": ".feeds/state.db",
        "base_url": "http://localhost:8000/",
        "jobs": 0,
        "include_unpublished": False,
        "strict": False,
        "json": False,
        "time_zone": "UTC",
        "related": True,
        "undated_kinds": [
            "course", "collection", "download", "forum", "profile", "community", "person", "organization",
        ],
        "relative_to": "",
        "tracking_parameters": [],
        "record_bytes": 1_048_576,
        "site": {
            "title": "Feeds",
            "description": "",
            "language": "en",
            "author": "",
            "rights": "Excerpts and images belong to their publishers.",
            "image": "",
            "id": "",
            "home_url": "",
        },
        "feeds": {
            "topics": True,
            "providers": True,
            "formats": ["rss", "atom", "json"],
            "group_same_stories": None,
            "limit": 50,
            "max_age_days": None,
            "provider_cap": None,
            "interleave": False,
            "archives": True,
            "tombstone_days": 30,
            "ttl": 60,
            "encodings": [],
        },
        "custom_feeds": [],
        "pages": {
            "enabled": True,
            "images": "ask",
            "items": 20,
            "readers": ["feedly", "inoreader", "newsblur", "theoldreader", "app"],
            "templates": "",
            "health": False,
        },
        "links": {
            "contact": "",
            "exclude": [],
            "hosts": [],
            "allow_networks": [],
            "on_dead": "fallback",
            "on_suspect": "keep",
            "on_blocked": "keep",
            "flag_after_days": 30,
            "follow_moves": True,
            "archive_url": "https://web.archive.org/web/",
            "concurrency": 200,
            "budget_seconds": 300,
            "proxy": "",
        },
        "schedule": {
            "build": "15m",
            "check": "10m",
            "poll": "1m",
            "push": "1m",
            "tidy": "17 3 * * *",
            "time_zone": "UTC",
            "jitter_seconds": 5,
            "watch": True,
        },
        "serve": {
            "address": "127.0.0.1:8000",
            "admin": "127.0.0.1:8001",
            "memory_mb": 256,
            "connections": 10_000,
        },
        "push": {"hubs": [], "wait_seconds": 10},
        "sources": [],
        "sources_file": "config/sources.opml",
        "polling": {
            "interval_min": "15m",
            "interval_max": "1d",
            "timeout_seconds": 20,
            "max_bytes": 10_485_760,
            "retention_days": 30,
            "retention_entries": 500,
            "concurrency": 32,
            "full_text": False,
        },
        "taxonomy": {"topics": "config/topics.yaml", "providers": "config/providers.yaml"},
    }  # fmt: skip


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(Path("mine.yaml"), {}, {}, tmp_path)
    assert caught.value.exit_code == 2
    assert caught.value.faults == (
        "mine.yaml: cannot be read: No such file or directory; create it, or name another file",
    )


def test_paths_of_the_file_count_from_the_project_and_those_typed_from_the_current_folder(folder):
    write(folder, "records: [a, ../b, a]\nout: public\nstate: memory/s.db\n")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    loaded = load(folder / HERE, {"out": "typed"}, {"FEEDS_STATE": "s.db"}, elsewhere)
    assert loaded.project == folder
    assert loaded.record_roots == (folder / "a", folder.parent / "b")
    assert loaded.out == elsewhere / "typed"
    assert loaded.state_url == f"sqlite:///{elsewhere}/s.db"
    assert loaded.origins["records"] == f"{folder}/{HERE}:1"


def test_the_project_is_the_folder_of_a_file_that_is_not_in_config(folder):
    write(folder, "out: public\n", "site/mine.yaml")
    loaded = load(Path("site/mine.yaml"), {}, {}, folder)
    assert (loaded.project, loaded.out, loaded.file) == (folder / "site", folder / "site" / "public", "site/mine.yaml")


def test_a_link_into_the_out_folder_does_not_hide_the_state(folder):
    (folder / "out").mkdir()
    (folder / "private").symlink_to(folder / "out")
    assert faults(folder, "state: private/s.db") == [
        f"{HERE}:1:1: state: out/s.db lies inside the out folder out; {PRIVATE}"
    ]


@pytest.mark.parametrize("url", ["postgresql+psycopg://me:pw@host/feeds", "sqlite:///:memory:", "sqlite://"])
def test_a_state_url_stays_as_it_was_given(folder, url):
    assert load(None, {"state": url}, {}, folder).state_url == url


def test_values_take_their_final_form(folder):
    write(
        folder,
        "base_url: https://example.org/feeds\nundated_kinds: [ Course ]\ntracking_parameters: [Ref_ID, 'my_*']\n"
        "feeds: {formats: [json, rss, json], ttl: 15}\nsite: {title: T, home_url: 'https://example.org/'}\n",
    )
    loaded = load(None, {}, {}, folder)
    assert loaded.settings.base_url == "https://example.org/feeds/"
    assert loaded.settings.undated_kinds == ("course",)
    assert "ref_id" in loaded.tracking.names
    assert "my_" in loaded.tracking.prefixes
    assert (loaded.site.base_url, loaded.site.title, loaded.site.ttl) == ("https://example.org/feeds/", "T", 15)
    assert (loaded.site.formats, loaded.site.home_url) == (("rss", "json"), "https://example.org/")
