import pytest

from feeds.config.document import parse
from feeds.config.providers import providers_of
from feeds.config.topics import topics_of


def read(which, text):
    document, unread = parse(text.encode(), "f.yaml")
    assert unread == []
    entries, faults = which(document)
    return entries, [str(each) for each in faults]


TAKEN = "is also the name or alias of topics[0] at"
CIRCLE = """topics:
  - {name: A, slug: a, aliases: [x], parent: B}
  - {name: B, slug: b, parent: C}
  - {name: C, slug: c, parent: X}
  - {name: D, slug: d, parent: A}
"""
TOPIC_FAULTS = {
    "no name": ("topics:\n  - slug: a\n", "f.yaml:2:5: topics[0].name: is missing; add it"),
    "empty name": ("topics: [{name: ' '}]", "f.yaml:1:17: topics[0].name: must not be empty"),
    "no list": ("topics: AI", "f.yaml:1:9: topics: must be a list such as [a, b], not 'AI'"),
    "no group": (
        "topics: [AI]",
        "f.yaml:1:10: topics[0]: must be a group of keys, one `key: value` on each line, not 'AI'",
    ),
    "misspelt": (
        "topics: [{name: A, slug: a, alias: [b]}]",
        "f.yaml:1:29: topics[0].alias: unknown key; did you mean aliases?",
    ),
    "misspelt file key": ("topcis: []", "f.yaml:1:1: topcis: unknown key; did you mean topics?"),
    "one alias": (
        "topics: [{name: A, aliases: b}]",
        "f.yaml:1:29: topics[0].aliases: must be a list such as [a, b], not 'b'",
    ),
    "a picture without address": (
        "topics: [{name: A, image: a.png}]",
        "f.yaml:1:27: topics[0].image: must be an absolute http or https URL such as https://feeds.example.org/",
    ),
    "perhaps with its children": (
        "topics:\n  - {name: A, include_children: maybe}\n",
        "f.yaml:2:33: topics[0].include_children: must be true or false, not 'maybe'",
    ),
    "same name": (
        "topics:\n  - {name: AI, slug: a}\n  - {name: ' ai', slug: b}\n",
        f"f.yaml:3:12: topics[1].name: ' ai' {TAKEN} f.yaml:2:12; keep one of them",
    ),
    "alias is a name": (
        "topics:\n  - {name: AI, slug: a}\n  - {name: B, slug: b, aliases: [x, ai]}\n",
        f"f.yaml:3:37: topics[1].aliases[1]: 'ai' {TAKEN} f.yaml:2:12; keep one of them",
    ),
    "same alias": (
        "topics:\n  - {name: A, slug: a, aliases: [X]}\n  - {name: B, slug: b, aliases: [x]}\n",
        f"f.yaml:3:34: topics[1].aliases[0]: 'x' {TAKEN} f.yaml:2:34; keep one of them",
    ),
    "same slug": (
        "topics:\n  - {name: A, slug: x}\n  - {name: B, slug: X}\n",
        "f.yaml:3:21: topics[1].slug: 'X' is also the slug of topics[0] at f.yaml:2:21; keep one of them",
    ),
    "a slug with a slash": (
        "topics: [{name: A, slug: a/b}]",
        "f.yaml:1:26: topics[0].slug: must be letters, digits, - and _ only, not 'a/b'",
    ),
    "an empty slug": (
        "topics: [{name: A, slug: ''}]",
        "f.yaml:1:26: topics[0].slug: must be letters, digits, - and _ only, not ''",
    ),
    "a long slug": (
        f"topics: [{{name: A, slug: {'ä' * 41}}}]",
        "f.yaml:1:26: topics[0].slug: must be at most 80 bytes long, not 82",
    ),
    "no such parent": (
        "topics:\n  - {name: Robots, slug: r}\n  - {name: B, slug: b, parent: Robot}\n",
        "f.yaml:3:32: topics[1].parent: 'Robot' is no topic; did you mean Robots?",
    ),
    "no parent at all like it": (
        "topics: [{name: B, slug: b, parent: Zoology}]",
        "f.yaml:1:37: topics[0].parent: 'Zoology' is no topic; add it to the topics",
    ),
    "its own parent": (
        "topics: [{name: B, slug: b, parent: b}]",
        "f.yaml:1:37: topics[0].parent: the parents go in a circle: B > B; remove one of them",
    ),
    "a circle through an alias, told once": (
        CIRCLE,
        "f.yaml:2:46: topics[0].parent: the parents go in a circle: A > B > C > A; remove one of them",
    ),
}


@pytest.mark.parametrize(("text", "fault"), TOPIC_FAULTS.values(), ids=TOPIC_FAULTS)
def test_a_fault_in_the_topics(text, fault):
    assert read(topics_of, text)[1] == [fault]


def test_topics_are_found_by_folded_name_and_alias():
    topics, faults = read(
        topics_of,
        "topics:\n  - {name: AI, aliases: [Artificial  Intelligence, ai], description: d, keywords: [k]}\n"
        "  - {name: Computer Vision, slug: Sehen, parent: artificial intelligence}\n",
    )
    assert faults == []
    assert set(topics) == {"ai", "artificial intelligence", "computer vision"}
    assert topics["ai"] is topics["artificial intelligence"]
    assert (topics["ai"].name, topics["ai"].slug, topics["ai"].parent) == ("AI", "ai", "")
    assert (topics["ai"].description, topics["ai"].keywords) == ("d", ("k",))
    assert (topics["computer vision"].slug, topics["computer vision"].parent) == ("Sehen", "AI")


def test_a_wider_topic_takes_in_others_only_where_it_says_so():
    text = "topics:\n  - {name: A, include_children: true}\n  - {name: B, parent: A}\n"
    topics, faults = read(topics_of, text)
    assert faults == []
    assert (topics["a"].include_children, topics["b"].include_children) == (True, False)


@pytest.mark.parametrize("swap", [False, True])
def test_a_slug_that_is_written_wins_over_one_worked_out_whatever_the_order(swap):
    lines = ["  - {name: Art}\n", "  - {name: Kunst, slug: ART}\n"]
    topics, faults = read(topics_of, "topics:\n" + "".join(reversed(lines) if swap else lines))
    assert faults == []
    assert topics["kunst"].slug == "ART"
    assert topics["art"].slug.startswith("art-")


def test_a_fault_in_one_entry_does_not_hide_those_of_others():
    faults = read(topics_of, "topics:\n  - {name: A, slug: a b}\n  - {name: X, slug: x}\n  - {name: x, slug: y}\n")[1]
    assert faults == [
        "f.yaml:2:21: topics[0].slug: must be letters, digits, - and _ only, not 'a b'",
        "f.yaml:4:12: topics[2].name: 'x' is also the name or alias of topics[1] at f.yaml:3:12; keep one of them",
    ]


ALSO = "is also the domain, name or alias of providers[0] at"
PROVIDER_FAULTS = {
    "no name": ("providers: [{domain: a.org}]", "f.yaml:1:13: providers[0].name: is missing; add it"),
    "no domain": ("providers: [{name: A}]", "f.yaml:1:13: providers[0].domain: is missing; add it"),
    "a bad domain": (
        "providers: [{domain: ../x, name: A}]",
        "f.yaml:1:22: providers[0].domain: must be a domain such as example.org, not '../x'",
    ),
    "a bare word": (
        "providers: [{domain: reuters, name: A}]",
        "f.yaml:1:22: providers[0].domain: must be a domain such as example.org, not 'reuters'",
    ),
    "same domain": (
        "providers:\n  - {domain: a.org, name: A}\n  - {domain: https://www.A.org/, name: B}\n",
        f"f.yaml:3:14: providers[1].domain: 'a.org' {ALSO} f.yaml:2:14; keep one of them",
    ),
    "same name": (
        "providers:\n  - {domain: a.org, name: A}\n  - {domain: b.org, name: a}\n",
        f"f.yaml:3:27: providers[1].name: 'a' {ALSO} f.yaml:2:27; keep one of them",
    ),
    "alias is a domain": (
        "providers:\n  - {domain: a.org, name: A}\n  - {domain: b.org, name: B, aliases: [www.a.org]}\n",
        f"f.yaml:3:40: providers[1].aliases[0]: 'www.a.org' {ALSO} f.yaml:2:14; keep one of them",
    ),
    "mapping: a bad domain": (
        "providers:\n  a b:\n    name: A\n",
        "f.yaml:2:3: providers[0].domain: must be a domain such as example.org, not 'a b'",
    ),
    "mapping: same name": (
        "providers:\n  a.org: {name: A}\n  b.org: {name: A}\n",
        f"f.yaml:3:17: providers[1].name: 'A' {ALSO} f.yaml:2:17; keep one of them",
    ),
    "mapping: no group": (
        "providers:\n  a.org: A\n",
        "f.yaml:2:10: providers[0]: must be a group of keys, one `key: value` on each line, not 'A'",
    ),
}


@pytest.mark.parametrize(("text", "fault"), PROVIDER_FAULTS.values(), ids=PROVIDER_FAULTS)
def test_a_fault_in_the_providers(text, fault):
    assert read(providers_of, text)[1] == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "providers:\n  - {domain: Biometricupdate.com, name: B U, aliases: [Biometric  Companies, www.bio.example]}\n",
        "providers:\n  Biometricupdate.com: {name: B U, aliases: [Biometric  Companies, www.bio.example]}\n",
    ],
)
def test_providers_are_found_by_domain_name_and_alias(text):
    providers, faults = read(providers_of, text)
    assert faults == []
    assert set(providers) == {
        "biometricupdate.com", "b u", "biometric companies", "bio.example", "www.bio.example",
    }  # fmt: skip
    (entry,) = set(providers.values())
    assert (entry.domain, entry.name) == ("biometricupdate.com", "B U")
    assert entry.aliases == ("Biometric  Companies", "www.bio.example")


@pytest.mark.parametrize("which", [topics_of, providers_of])
def test_an_empty_file_names_nothing(which):
    assert read(which, "") == ({}, [])
