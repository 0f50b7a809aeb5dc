import pytest

from feeds.config.document import parse, read

COLON = "put text that holds a colon in quotes, and indent with care"
FAULTS = {
    "a tab": (b"site:\n\ttitle: x\n", "f.yaml:2:1: a tab where YAML wants spaces; indent with spaces"),
    "a colon in text": (
        b"site:\n  title: News: today\n",
        f"f.yaml:2:14: not valid YAML: mapping values are not allowed in this context; {COLON}",
    ),
    "an open list": (b"records: [a\n", "f.yaml:2:1: not valid YAML: did not find expected ',' or ']'"),
    "two documents": (
        b"a: 1\n---\nb: 2\n",
        "f.yaml:2:1: a second document (---) begins; keep one document in the file",
    ),
    "no mapping": (b"- a\n- b\n", "f.yaml:1:1: must be a group of keys, one `key: value` on each line"),
    "a bare word": (b"hello", "f.yaml:1:1: must be a group of keys, one `key: value` on each line"),
    "Latin-1": (b"a: 1\nb: caf\xe9\n", "f.yaml:2:7: byte 0xe9 is not UTF-8; save the file as UTF-8"),
    "UTF-16": ("a: 1".encode("utf-16"), "f.yaml:1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
    "a control character": (b"a: 1\nb: x\x07y\n", "f.yaml:2:5: the control character U+0007 must be removed"),
    "a duplicate": (b"a: 1\nb: 2\na: 3\n", "f.yaml:3:1: a: is also set at f.yaml:1:1; keep one of them"),
    "a duplicate inside": (
        b"s:\n  a: 1\n  a: 2\n",
        "f.yaml:3:3: s.a: is also set at f.yaml:2:3; keep one of them",
    ),
    "an alias": (
        b"a: &x [1]\nb: *x\n",
        "f.yaml:1:4: b: an alias (*name) stands for another value; write the value out",
    ),
    "an alias of itself": (
        b"a: &x [*x]\n",
        "f.yaml:1:4: a[0]: an alias (*name) stands for another value; write the value out",
    ),
    "a merge key": (
        b"<<: {a: 1}\n",
        "f.yaml:1:1: a key must be one word; merge keys (<<) and groups as keys are not supported",
    ),
    "a list as key": (
        b"? [a]\n: b\n",
        "f.yaml:1:3: a key must be one word; merge keys (<<) and groups as keys are not supported",
    ),
    "a Python object": (
        b"a: !!python/name:os.system x\n",
        "f.yaml:1:4: a: the tag tag:yaml.org,2002:python/name:os.system is not known; remove it",
    ),
    "a tagged group": (b"a: !thing {b: 1}\n", "f.yaml:1:4: a: the tag !thing is not known; remove it"),
    "no such date": (b"a: 2021-13-40\n", "f.yaml:1:4: a: month must be in 1..12; put text in quotes"),
    "too deep": (b"a: " + b"[" * 900 + b"]" * 900, f"f.yaml:1:24: a{'[0]' * 20}: nested too deeply"),
}


@pytest.mark.parametrize(("data", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_tells_its_place_and_cure(data, fault):
    assert [str(each) for each in parse(data, "f.yaml")[1]] == [fault]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# only a comment\n", b"---\n", b"null\n", b"{}", b"\xef\xbb\xbf"])
def test_an_empty_file_says_nothing(data):
    document, faults = parse(data, "f.yaml")
    assert (document.value, faults) == ({}, [])


def test_keys_stay_text_and_values_keep_their_places():
    document, faults = parse(b"\xef\xbb\xbfon: yes\n12: [a, {b: c}]\n", "f.yaml")
    assert faults == []
    assert document.value == {"on": True, "12": ["a", {"b": "c"}]}
    assert str(document.place(("12", 1, "b"))) == "f.yaml:2:13"
    assert str(document.place(("12", 1, "b"), at_key=True)) == "f.yaml:2:10"
    assert str(document.place(("12", 1, "absent"))) == "f.yaml:2:9"
    assert str(document.place(("absent",))) == "f.yaml:1:1"


def test_leaves_keep_empty_groups():
    document, _ = parse(b"a: {b: 1, c: {}}\nd:\n", "f.yaml")
    assert document.leaves() == {("a", "b"): 1, ("a", "c"): {}, ("d",): None}


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    cure = "create it, or name another file"
    absent, folder = read(tmp_path / "none.yaml", "none.yaml")[1], read(tmp_path, "folder")[1]
    assert [str(each) for each in absent] == [f"none.yaml: cannot be read: No such file or directory; {cure}"]
    assert [str(each) for each in folder] == [f"folder: cannot be read: Is a directory; {cure}"]
