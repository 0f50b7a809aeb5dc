"""What becomes of the bytes of a record, good or bad."""

import json
from pathlib import Path

import pytest

from feeds.model import Problem, Record
from feeds.model.record import RecordEnclosure, RecordImage, RecordProvider
from feeds.records import parse

REPOSITORY = Path(__file__).parents[3]
SEEDS = sorted((REPOSITORY / "seeds").glob("*.txt"))
CORPUS = sorted((REPOSITORY.parent / "shared" / "corpus" / "records").rglob("*.md"))
LATIN = "---\ntitle: a\nexcerpt: caf\xe9\n---\n".encode("latin-1")


def front(*lines: str) -> bytes:
    return "\n".join(("---", *lines, "---", "")).encode()


def read(data: bytes, ending: str = ".md", *, related: bool = True) -> Record:
    parsed = parse(data, "r.md", ending, related=related)
    assert not isinstance(parsed, Problem), parsed
    return parsed.record


def fault(data: bytes, ending: str = ".md") -> tuple[str, int, int]:
    problem = parse(data, "r.md", ending)
    assert isinstance(problem, Problem), problem
    assert problem.file == "r.md"
    return problem.code, problem.line, problem.column


def detail(data: bytes, ending: str = ".md") -> str:
    problem = parse(data, "r.md", ending)
    assert isinstance(problem, Problem), problem
    return problem.detail


TITLES = [
    ("plain", b"---\ntitle: A\n---\n", ".md", "A", ""),
    ("no newline at the end", b"---\ntitle: A\n---", ".md", "A", ""),
    ("CRLF", b"---\r\ntitle: A\r\n---\r\nBody\r\n", ".md", "A", "Body\n"),
    ("CR", b"---\rtitle: A\r---\rBody", ".md", "A", "Body"),
    ("BOM", b"\xef\xbb\xbf---\ntitle: A\n---\n", ".md", "A", ""),
    ("dashes in a value", b"---\ntitle: A --- B\n---\n", ".md", "A --- B", ""),
    ("dashes in a block", b"---\ntitle: |\n  A\n  ---\n  B\n---\nBody", ".md", "A\n---\nB\n", "Body"),
    ("dashes in the body", b"---\ntitle: A\n---\nB\n---\nC", ".md", "A", "B\n---\nC"),
    ("whole YAML", b"title: A\n", ".yaml", "A", ""),
    ("whole YAML after a mark", b"---\ntitle: A\n", ".yml", "A", ""),
    ("whole YAML between marks", b"---\ntitle: A\n---\n\n", ".yml", "A", "\n"),
    ("whole JSON", b'{"title": "A"}', ".json", "A", ""),
    ("JSON with BOM and CRLF", b'\xef\xbb\xbf{\r\n"title": "A"}', ".json", "A", ""),
    ("front matter in .json", b"---\ntitle: A\n---\n", ".json", "A", ""),
    ("JSON in front matter", b'---\n{"title": "A"}\n---\n', ".md", "A", ""),
    ("a name is a title", b"---\nname: A\n---\n", ".md", "A", ""),
    ("an anchor used twice", b"---\na: &x 1\nb: &x A\ntitle: *x\n---\n", ".md", "A", ""),
    ("a plain tag", b"---\ntitle: !!str 1\n---\n", ".md", "1", ""),
    ("null in quotes", b'---\ntitle: "null"\n---\n', ".md", "null", ""),
    ("null", b"---\ntitle: null\nname: ~\n---\n", ".md", "", ""),
    ("a number stays text", b"---\ntitle: 0x1F\n---\n", ".md", "0x1F", ""),
    ("merge", b"---\nx: &x {title: A}\n<<: *x\n---\n", ".md", "A", ""),
    ("merge does not override", b"---\nx: &x {title: B}\n<<: *x\ntitle: A\n---\n", ".md", "A", ""),
    ("merge of a list", b"---\nx: &x {title: A}\ny: &y {title: B}\n<<: [*x, *y]\n---\n", ".md", "A", ""),
    ("merge of itself", b"---\nx: &x {<<: *x}\ntitle: A\n---\n", ".md", "A", ""),
]


@pytest.mark.parametrize(("data", "ending", "title", "body"), [row[1:] for row in TITLES], ids=[r[0] for r in TITLES])
def test_what_is_read(data, ending, title, body):
    record = read(data, ending)
    assert (record.title, record.body) == (title, body)


FAULTS = [
    ("empty", b"", ".md", ("empty", 1, 1)),
    ("blank", b" \n\n", ".md", ("empty", 1, 1)),
    ("blank YAML", b"\n", ".yaml", ("empty", 1, 1)),
    ("no front matter", b"Title\n", ".md", ("no-front-matter", 1, 1)),
    ("a space after the mark", b"--- \ntitle: a\n---\n", ".md", ("no-front-matter", 1, 1)),
    ("only a mark", b"---", ".md", ("no-front-matter", 1, 1)),
    ("unclosed", b"---\ntitle: A\nurl: b\n", ".md", ("front-matter-unclosed", 3, 1)),
    ("closed by four", b"---\ntitle: A\n----\n", ".md", ("front-matter-unclosed", 3, 1)),
    ("empty front matter", b"---\n---\n", ".md", ("not-a-mapping", 2, 1)),
    ("only a comment", b"---\n# later\n---\n", ".md", ("not-a-mapping", 2, 1)),
    ("a list", b"---\n- title: A\n---\n", ".md", ("not-a-mapping", 2, 1)),
    ("a text", b"---\nA\n---\n", ".md", ("not-a-mapping", 2, 1)),
    ("a list in JSON", b'\n[{"title": "A"}]', ".json", ("not-a-mapping", 2, 1)),
    ("latin-1", LATIN, ".md", ("encoding", 3, 13)),
    ("latin-1 after umlauts", "---\nä: ü\xff".encode() + b"\xff\n---\n", ".md", ("encoding", 2, 6)),
    ("latin-1 after a BOM", b"\xef\xbb\xbfab\xe9", ".md", ("encoding", 1, 3)),
    ("UTF-16", "---\ntitle: A\n---\n".encode("utf-16-le"), ".md", ("no-front-matter", 1, 1)),
    ("UTF-16 with BOM", "---\ntitle: A\n---\n".encode("utf-16"), ".md", ("encoding", 1, 1)),
    ("a key twice", front("title: A", "url: b", "title: C"), ".md", ("yaml-duplicate-key", 4, 1)),
    ("a key twice in related", front("related:", "  - title: A", "    title: B"), ".md", ("yaml-duplicate-key", 4, 5)),
    ("a tag", front("title: A", "x: !!python/object/apply:os.system [id]"), ".md", ("yaml-tag", 3, 4)),
    ("a tag of one's own", front("title: !Secret A"), ".md", ("yaml-tag", 2, 8)),
    ("an unknown alias", front("title: *x"), ".md", ("yaml", 2, 8)),
    ("a mapping as key", front("? {a: b}", ": c"), ".md", ("yaml", 2, 3)),
    ("an alias as key", front("x: &x A", "*x : c"), ".md", ("yaml", 3, 1)),
    ("two documents", b"title: A\n---\ntitle: B\n", ".yaml", ("yaml", 2, 1)),
    ("two marked documents", b"---\ntitle: A\n---\ntitle: B\n", ".yaml", ("yaml", 3, 1)),
    ("two documents in front matter", front("title: A", "--- # next", "title: B"), ".md", ("yaml", 3, 1)),
    ("a NUL", front("title: A\0"), ".md", ("yaml", 2, 9)),
    ("a NUL after umlauts", front("title: ééé", "excerpt: é\0"), ".md", ("yaml", 3, 11)),
    ("a tab as indent", front("provider:", "\tname: A"), ".md", ("yaml", 3, 1)),
    ("unclosed quotes", front('title: "A', "excerpt: b"), ".md", ("yaml", 4, 1)),
    ("brackets", front("title: " + "[" * 30_000), ".md", ("yaml-depth", 2, 39)),
    ("dashes", front("- " * 30_000), ".md", ("yaml-depth", 2, 65)),
    ("braces", front("a: " + "{a: " * 30_000), ".md", ("yaml-depth", 2, 128)),
    ("brackets in secured", front("title: A", "secured: " + "[" * 30_000), ".md", ("yaml-depth", 3, 42)),
    ("question marks", front("? " * 30_000), ".md", ("yaml", 2, 3)),
    ("JSON brackets", b'{"title": ' + b"[" * 30_000, ".json", ("json", 1, 1)),
    ("JSON braces", b'{"title": ' * 30_000, ".json", ("json", 1, 1)),
    ("JSON that is cut", b'{\n"title": "A",\n', ".json", ("json", 3, 1)),
    ("JSON with a key twice", b'{"title": "A", "title": "B"}', ".json", ("json", 1, 1)),
    ("JSON with a key twice inside", b'{"related": [{"a": 1, "a": 2}]}', ".json", ("json", 1, 1)),
    ("JSON with half a character", b'{"title": "\\ud83d"}', ".json", ("json", 1, 1)),
    ("JSON with half a character as key", b'{"\\ud83d": "A"}', ".json", ("json", 1, 1)),
    ("JSON with a NUL", b'{"title": "\0"}', ".json", ("json", 1, 12)),
    ("a title that is a list", front("excerpt: a", "title: [A]"), ".md", ("field-type", 3, 8)),
    ("a body of related", front("title: A", "related: B"), ".md", ("field-type", 3, 10)),
    ("related that is text", front("title: A", "related:", "  - B", "  - C"), ".md", ("field-type", 4, 5)),
    (
        "a title inside related",
        front("title: A", "related:", "  - title: B", "  - excerpt: C", "    title: {}"),
        ".md",
        ("field-type", 6, 12),
    ),
    (
        "an image inside related",
        front("related:", "  - title: B", "    images:", "      - url: C", "        width: [1]"),
        ".md",
        ("field-type", 6, 16),
    ),
    ("topics", front("topics: {}"), ".md", ("field-type", 2, 9)),
    ("a topic", front("topics:", "  - A", "  - [B]"), ".md", ("field-type", 4, 5)),
    ("provider", front("provider: [A]"), ".md", ("field-type", 2, 11)),
    ("a provider's name", front("provider:", "  name: [A]"), ".md", ("field-type", 3, 9)),
    ("authors", front("provider: {authors: [[A]]}"), ".md", ("field-type", 2, 22)),
    ("images", front("images: A"), ".md", ("field-type", 2, 9)),
    ("an image", front("images: [[A]]"), ".md", ("field-type", 2, 10)),
    ("enclosure", front("enclosure: [A]"), ".md", ("field-type", 2, 12)),
    ("after an anchor used twice", front("a: &x 1", "b: &x 2", "topics: {}"), ".md", ("field-type", 2, 1)),
    ("JSON after an emoji", b'{"title": "\\ud83d\\ude00",\n "topics": {}}', ".json", ("field-type", 2, 12)),
    ("JSON indented by tabs", b'{\n\t"topics": {}}', ".json", ("field-type", 2, 12)),
    ("JSON that is no YAML", b'{"title"\n: "A", "topics": {}}', ".json", ("field-type", 1, 1)),
]


@pytest.mark.parametrize(("data", "ending", "expected"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_what_is_wrong_and_where(data, ending, expected):
    assert fault(data, ending) == expected


def test_a_bomb_of_aliases_is_refused():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
    assert fault(front("title: T", *lines))[0] == "yaml-aliases" if len(lines) > 12 else read(front("title: T", *lines))
    lines += [f"j{n}: *i" for n in range(40)]
    assert fault(front("title: T", *lines))[0] == "yaml-aliases"


def test_a_list_that_holds_itself_is_read_or_refused_and_no_more():
    assert read(front("title: A", "x: &x [*x]")).title == "A"
    assert fault(front("title: &x [*x]")) == ("field-type", 2, 8)


SECRETS = [
    (front("title: A", "secured: TOPSECRET"), ".md"),
    (front("title: A", 'secured: "TOPSECRET"'), ".md"),
    (front("title: A", "secured:", "  TOPSECRET: [TOPSECRET]"), ".md"),
    (front("title: A", "secured: {TOPSECRET: 1, TOPSECRET: 2}"), ".md"),
    (front("title: A", "secured: !TOPSECRET x"), ".md"),
    (front("title: A", "secured: *TOPSECRET"), ".md"),
    (front("title: A", "secured: &TOPSECRET x"), ".md"),
    (front("secured: &x TOPSECRET", "title: *x"), ".md"),
    (front("secured: {a: &x TOPSECRET}", "title: *x"), ".md"),
    (front("x: &x {secured: TOPSECRET}", "title: A", "<<: *x"), ".md"),
    (front("title: A", "provider: {name: B, secured: TOPSECRET}"), ".md"),
    (front("title: A", "related:", "  - title: B", "    secured: TOPSECRET"), ".md"),
    (front("title: A", "secured: TOPSECRET", "secured: TOPSECRET"), ".md"),
    (front("title: [A]", "secured: TOPSECRET"), ".md"),
    (front("title: A", "topics: [{secured: TOPSECRET}]"), ".md"),
    (front("title: A", "images: [{secured: TOPSECRET, url: b}]"), ".md"),
    (b"title: A\nsecured: TOPSECRET\n", ".yaml"),
    (b'{"title": "A", "secured": "TOPSECRET"}', ".json"),
    (b'{"title": "A", "secured": {"TOPSECRET": 1, "TOPSECRET": 2}}', ".json"),
    (b'{"title": "A", "secured": [["TOPSECRET"], {"TOPSECRET": {"x": 1, "x": 2}}]}', ".json"),
    (b'{"title": "A", "related": [{"title": "B", "secured": "TOPSECRET"}]}', ".json"),
    (b'{"title": ["A"], "secured": "TOPSECRET"}', ".json"),
]


@pytest.mark.parametrize(("data", "ending"), SECRETS)
def test_what_is_secured_gets_out_nowhere(data, ending):
    for related in (True, False):
        parsed = parse(data, "r.md", ending, related=related)
        said = str(parsed) if isinstance(parsed, Problem) else repr(parsed.record)
        assert "TOPSECRET" not in said
        assert "A" in said or isinstance(parsed, Problem)


def test_a_problem_shows_no_control_characters_and_no_endless_names():
    shown = detail(front(r'"a\x1b[2J": 1', r'"a\x1b[2J": 2'))
    assert shown.isprintable()
    assert len(detail(front("? " + "k" * 5000, ": 1", "? " + "k" * 5000, ": 2"))) < 120
    assert len(detail(b'{"%s": 1, "%s": 2}' % (b"k" * 5000, b"k" * 5000), ".json")) < 120


HELD = [
    ([], False),
    (["published: true"], False),
    (["published: True"], False),
    (["published: yes"], False),
    (["published: on"], False),
    (["published: y"], False),
    (['published: "true"'], False),
    (["published: ' TRUE '"], False),
    (["published: false"], True),
    (["published: no"], True),
    (["published: 1"], True),
    (["published: 0"], True),
    (["published: null"], True),
    (["published:"], True),
    (['published: ""'], True),
    (["published: maybe"], True),
    (["published: []"], True),
    (["published: {}"], True),
    (["published: 2021-01-01"], True),
    *[([f"{key}: {value}"], True) for key in ("removed", "deleted", "draft") for value in ("true", "yes", "1", "x")],
    *[([f"{key}: {value}"], False) for key in ("removed", "deleted", "draft") for value in ("false", "no", "0", "~")],
    (["draft: []"], True),
    (['removed: ""'], True),
    (["published: true", "draft: true"], True),
    (["published: false", "draft: false"], True),
]


@pytest.mark.parametrize(("lines", "held"), HELD)
def test_who_is_not_clearly_published_is_held(lines, held):
    assert read(front("title: A", *lines)).held is held


@pytest.mark.parametrize(
    ("value", "held"), [("true", False), ("false", True), ("null", True), ("1", True), ('"yes"', False)]
)
def test_json_says_published_too(value, held):
    assert read(f'{{"title": "A", "published": {value}}}'.encode(), ".json").held is held


def test_every_field_finds_its_place():
    record = read(
        front(
            "title: T",
            "excerpt: E",
            "publishedDateTime: 2021-02-04T17:45:00Z",
            "originalUrl: https://a.example/1",
            "webUrl: https://a.example/2",
            "ampWebUrl: https://a.example/3",
            "cdnAmpWebUrl: https://a.example/4",
            "type: video",
            "quality: 4.5",
            "heat: -1",
            "length: PT5M",
            "provider: {name: N, domain: D, authors: [X, null, Y]}",
            "topics: [P, ~, Q]",
            "images: [one.png, {url: two.png, width: 1, height: 2}, {width: 3}, null]",
            "enclosure: {url: e.mp3, type: audio/mpeg, length: 9}",
            "related: [{name: R, bio: B, url: U, date: 2021, published: false}]",
            "unknown: {anything: [goes]}",
        )
    )
    assert record == Record(
        title="T",
        excerpt="E",
        date="2021-02-04T17:45:00Z",
        original_url="https://a.example/1",
        web_url="https://a.example/2",
        amp_url="https://a.example/3",
        cdn_amp_url="https://a.example/4",
        kind="video",
        quality="4.5",
        heat="-1",
        length="PT5M",
        provider=RecordProvider("N", "D", ("X", "Y")),
        topics=("P", "Q"),
        images=(RecordImage("one.png"), RecordImage("two.png", "1", "2")),
        enclosure=RecordEnclosure("e.mp3", "audio/mpeg", "9"),
        related=(Record("R", excerpt="B", web_url="U", date="2021", held=True),),
    )


def test_short_forms():
    record = read(front("title: T", "provider: N", "topics: P", "enclosure: e.mp3"))
    assert record.provider == RecordProvider("N")
    assert record.topics == ("P",)
    assert record.enclosure == RecordEnclosure("e.mp3")
    assert read(front("title: T", "enclosure: {type: audio/mpeg}")).enclosure is None


def test_json_and_yaml_say_the_same():
    fields = {
        "title": "Zoë's “quote” 😀",
        "quality": 51,
        "published": True,
        "heat": -1.5,
        "topics": ["A", None],
        "related": [{"title": "x", "published": False, "images": [{"url": "u", "width": 1}]}],
    }
    lines = json.dumps(fields, ensure_ascii=False).encode()
    expected = read(lines, ".json")
    assert read(b"---\n" + lines + b"\n---\n") == expected
    assert read(json.dumps(fields).encode(), ".json") == expected


def test_the_place_of_a_field_is_that_of_its_value():
    parsed = parse(front("title: T", "related:", "  - title: A", "  - webUrl: b"), "r.md", ".md")
    assert not isinstance(parsed, Problem)
    places = {
        ("related", 1, "webUrl"): (5, 13),
        ("related", 1): (5, 5),
        ("related", 7, "webUrl"): (4, 3),
        ("missing",): (2, 1),
        (): (2, 1),
    }
    assert {path: parsed.place(path) for path in places} == places


@pytest.mark.parametrize("path", [*SEEDS, *CORPUS], ids=lambda path: path.name[:24])
def test_a_real_record_reads_the_same_without_its_related_stories(path):
    data = path.read_bytes()
    whole = parse(data, "r.md", path.suffix)
    skimmed = parse(data, "r.md", path.suffix, related=False)
    assert not isinstance(whole, Problem)
    assert not isinstance(skimmed, Problem)
    fields = Record.__slots__
    for field in fields:
        if field != "related":
            assert getattr(skimmed.record, field) == getattr(whole.record, field)


def test_the_seeds_are_there():
    assert len(SEEDS) == 5
    assert any(read(path.read_bytes(), ".txt").related for path in SEEDS)
