import re

import pytest
from pydantic import ValidationError

from feeds.config.pages_settings import PagesSettings, readers_of
from feeds.errors import ThemeError
from feeds.model.look import Reader
from feeds.theme.theme import read_look


def test_our_own_look_is_whole():
    look = read_look("ask", (), None)
    assert [each.name for each in look.templates] == [
        "base.html",
        "card.html",
        "health.html",
        "index.html",
        "page.html",
    ]
    assert [name for name, _ in look.assets] == ["feeds.css", "feeds.js", "icon.svg"]
    assert all(each.text.endswith("\n") for each in look.templates)


def test_files_of_the_operator_take_the_place_of_ours(tmp_path):
    (tmp_path / "card.html").write_bytes("\ufeffmine\r\n".encode())
    (tmp_path / "part.html").write_text("part")
    (tmp_path / "extra.css").write_text("p {}")
    (tmp_path / "feeds.css").write_text("")
    (tmp_path / ".swp").write_text("")
    (tmp_path / "_draft").mkdir()
    look, own = read_look("show", (), tmp_path), read_look("show", (), None)
    told = {each.name: (each.text, each.place) for each in look.templates}
    assert told["card.html"] == ("mine\n", str(tmp_path / "card.html"))
    assert told["part.html"][0] == "part"
    assert told["page.html"] == next((each.text, each.place) for each in own.templates if each.name == "page.html")
    assert dict(look.assets) == {**dict(own.assets), "extra.css": b"p {}", "feeds.css": b""}
    assert look.images == "show"


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("card.htm", b"", "{}: only files that end with .html, .css, .js, .svg belong here"),
        ("card.html", b"a\nb\xff", "{}:2: not UTF-8"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path, name, body, reason):
    (tmp_path / name).write_bytes(body)
    with pytest.raises(ThemeError, match="^" + re.escape(reason.format(tmp_path / name))):
        read_look("ask", (), tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ThemeError, match=r"^pages\.templates: cannot read .*none: No such file or directory"):
        read_look("ask", (), tmp_path / "none")


def test_the_readers_are_known_by_name_or_given():
    settings = PagesSettings(readers=["feedly", "Mini flux=https://rss.example.org/?uri={url}"])
    assert readers_of(settings) == (
        Reader("Feedly", "https://feedly.com/i/subscription/feed%2F{url}"),
        Reader("Mini flux", "https://rss.example.org/?uri={url}"),
    )
    assert len(readers_of(PagesSettings())) == 5
    assert readers_of(PagesSettings(readers=[])) == ()


@pytest.mark.parametrize(
    "reader",
    ["", "google", "X=", "=https://a.example/{url}", "X=https://a.example/", "X=javascript:{url}", "X=https:///{url}"],
)
def test_a_reader_that_is_neither_is_refused(reader):
    with pytest.raises(ValidationError, match=r"must be one of feedly, .*, or like Miniflux="):
        PagesSettings(readers=[reader])


@pytest.mark.parametrize("fields", [{"images": "all"}, {"items": 0}, {"items": "20"}, {"enable": True}])
def test_other_faults_in_the_settings_are_refused(fields):
    with pytest.raises(ValidationError):
        PagesSettings(**fields)
