import pytest

from feeds.links.addresses import crosses_sites, crowded, host_of, is_cosmetic

PAGE = "http://www.paper.example/a/b?c=d"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (PAGE, PAGE, True),
        (PAGE, "https://paper.example/a/b/?c=d", True),
        (PAGE, "HTTPS://WWW.PAPER.EXAMPLE/a/b?c=d", True),
        (PAGE, "https://www.paper.example:443/a/b?c=d", True),
        (PAGE, "https://www.paper.example:8443/a/b?c=d", False),
        (PAGE, "https://www.paper.example/a/b", False),
        (PAGE, "https://www.paper.example/A/b?c=d", False),
        (PAGE, "https://m.paper.example/a/b?c=d", False),
        ("https://paper.example/a", "http://paper.example/a", False),
        ("https://paper.example", "https://paper.example/", True),
        ("http://[bad", "http://[worse", False),
    ],
)
def test_cosmetic(source, target, expected):
    assert is_cosmetic(source, target) is expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("https://paper.example/", "https://www.paper.example/", False),
        ("https://paper.example/", "https://m.paper.example/", False),
        ("https://m.paper.example/", "https://paper.example/", False),
        ("https://paper.example/", "https://otherpaper.example/", True),
        ("https://a.co.uk/", "https://b.co.uk/", True),
        ("https://paper.example/", "/relative", True),
    ],
)
def test_crosses_sites(source, target, expected):
    assert crosses_sites(source, target) is expected


def test_host_of():
    assert host_of("https://WWW.Paper.Example:8080/a") == "www.paper.example"
    assert host_of("no url") == host_of("http://[bad/") == ""


def test_crowded():
    here, there = "https://paper.example/archive", "https://paper.example/story"
    landings = [(f"https://paper.example/2020/{n}", here) for n in range(3)]
    assert crowded(landings) == {here}
    assert crowded(landings[:2]) == frozenset()
    assert crowded([(f"https://paper.example/2020?page={n}", here) for n in range(9)]) == frozenset()
    assert crowded([(f"https://site{n}.example/2020", here) for n in range(9)]) == frozenset()
    assert crowded([*landings, (there, there), (there + "/", there)]) == {here}
