import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from lxml import html

from feeds.config.pages_settings import PagesSettings, readers_of
from feeds.errors import ThemeError
from feeds.model import Enclosure, FeedSpec, Image, Problem, Provider, Severity
from feeds.model.item import Mention
from feeds.render.pages import (
    DeadPage,
    HealthFacts,
    IndexRow,
    PageFacts,
    SilentSource,
    Standing,
    Template,
    assets,
    render_card,
    render_health,
    render_index,
    render_own_health,
    render_page,
)
from feeds.theme.theme import read_look

WHEN = datetime(2021, 2, 18, 16, 41, tzinfo=UTC)
AI = FeedSpec("topics/ai", "topic", "AI – Faces & society", "R&D <of> AI")
ALL = FeedSpec("all", "all", "Faces & society")
HOSTILE = "\"><script>alert(1)</script>'&amp;"


@pytest.fixture
def look():
    return read_look("ask", readers_of(PagesSettings()), None)


def page(facts, cards, site, look):
    made = render_page(facts, cards, site, look)
    return made.path, html.document_fromstring(made.body.decode())


def card(item, site, look, verdict="ok"):
    return html.fragment_fromstring(render_card(item, site, look, verdict))


def text(element):
    return " ".join(element.text_content().split())


def test_a_card_tells_what_there_is_of_an_item(item_of, site, look):
    told = card(item_of(1), site, look)
    assert told.get("id") == item_of(1).id
    assert [(a.text, a.get("href")) for a in told.xpath("h3/a")] == [(item_of(1).story.title, item_of(1).story.link)]
    assert [text(e) for e in told.xpath("p[@class='meta']/*")] == ["Reuters", "Article", "11 February 2021"]
    assert told.xpath("string(p/time/@datetime)") == "2021-02-11T20:09:00Z"
    assert text(told.xpath("p[2]")[0]) == item_of(1).story.summary


@pytest.mark.parametrize("verdict", ["ok", "moved", "suspect", "dead", "blocked", "unknown", "excluded", ""])
def test_a_card_marks_a_page_that_is_gone(item_of, site, look, verdict):
    marks = [text(e) for e in card(item_of(), site, look, verdict).xpath(".//strong")]
    assert marks == {"dead": ["Page is gone"], "suspect": ["Page may be gone"]}.get(verdict, [])


def test_a_card_names_the_language_of_its_text_only(item_of, site, look):
    own, french = card(item_of(), site, look), card(item_of(language="fr"), site, look)
    assert [e.get("lang") for e in own.xpath("h3|p[@lang]")] == ["en", "en"]
    assert [e.get("lang") for e in french.xpath("h3|p[@lang]")] == ["fr", "fr"]
    assert french.xpath("p[@class='meta']/@lang") == []


def test_a_card_without_anything_is_still_a_card(item_of, site, look):
    told = card(item_of(title=" ", summary="", link="", kind="", provider=Provider("", ""), images=()), site, look)
    assert text(told.find("h3")) == "Faces & society"
    assert [e.tag for e in told.xpath(".//a|.//img|.//details")] == []


def test_who_else_reports_is_named_and_linked(item_of, site, look):
    also = (
        Mention("BBC", "bbc.com", "https://www.bbc.com/1", "T"),
        Mention("", "x.example", "", ""),
        Mention("Evil", "", "javascript:alert(1)", ""),
        Mention("", "", "", ""),
    )
    told = card(item_of(also=also), site, look).xpath("p[@class='also']")[0]
    assert text(told) == "Also reported by BBC, x.example, Evil"
    assert told.xpath("a/@href") == ["https://www.bbc.com/1"]


@pytest.mark.parametrize(
    ("images", "loaded", "asked"),
    [("ask", [], ["https://i.example/a.jpg"]), ("show", ["https://i.example/a.jpg"], []), ("hide", [], [])],
)
def test_pictures_are_loaded_as_the_settings_say(item_of, site, look, images, loaded, asked):
    told = card(item_of(images=(Image("https://i.example/a.jpg", 810, 545),)), site, replace(look, images=images))
    assert told.xpath(".//img/@src") == loaded
    assert told.xpath("details[not(@open)]/a/@href") == asked
    for image in told.xpath(".//img"):
        wanted = {"loading": "lazy", "referrerpolicy": "no-referrer", "alt": "", "width": "810", "height": "545"}
        assert wanted.items() <= dict(image.attrib).items()


@pytest.mark.parametrize(
    ("enclosure", "label"),
    [
        (Enclosure("https://a.example/1.mp3", "audio/mpeg", 9), "Listen (34 min)"),
        (Enclosure("https://a.example/1.mp4", "video/mp4"), "Watch (34 min)"),
        (Enclosure("https://a.example/1.pdf", ""), "Attachment (34 min)"),
    ],
)
def test_an_attachment_is_linked(item_of, site, look, enclosure, label):
    told = card(item_of(enclosure=enclosure, duration=2040), site, look).xpath("p[@class='media']/a")[0]
    assert (told.text, told.get("href")) == (label, enclosure.url)


def test_the_whole_text_is_not_shown(item_of, site, look):
    assert "secret" not in render_card(item_of(content="<p>secret</p>"), site, look, "ok")


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("short", "short"),
        ("x" * 480, "x" * 480),
        ("word, " * 100, ("word, " * 80)[:-2] + " …"),
        ("x" * 600, "x" * 480 + " …"),
    ],
)
def test_a_long_excerpt_ends_at_a_word(item_of, site, look, summary, shown):
    assert text(card(item_of(summary=summary), site, look).xpath("p[2]")[0]) == shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", 'https://a/"onload=', ""]
)
def test_nothing_but_web_addresses_is_linked(item_of, site, look, url):
    odd = item_of(link=url, images=(Image(url),), enclosure=Enclosure(url, "audio/mpeg"))
    assert card(odd, site, look).xpath(".//@href | .//@src") == []


def test_no_text_becomes_markup(item_of, site, look):
    odd = item_of(
        title=HOSTILE,
        summary=HOSTILE,
        kind=HOSTILE,
        language=HOSTILE,
        provider=Provider(HOSTILE, "a.example"),
        also=(Mention(HOSTILE, "", "https://a.example/", ""),),
    )
    spec = replace(AI, title=HOSTILE, description=HOSTILE)
    named = replace(site, title=HOSTILE, description=HOSTILE, rights=HOSTILE)
    fault = Problem(HOSTILE, 1, 1, HOSTILE, HOSTILE)
    dead, silent = DeadPage(HOSTILE, HOSTILE, 1, [HOSTILE]), SilentSource(HOSTILE, HOSTILE, HOSTILE, 1)
    made = [
        render_page(PageFacts(spec, 1, 1), [render_card(odd, named, look, "ok")], named, look),
        render_index([IndexRow(spec, 1), IndexRow(replace(spec, kind="all"), 1)], named, look),
        render_health(HealthFacts([fault], [dead], [silent]), named, look),
    ]
    for each in made:
        tree = html.document_fromstring(each.body.decode())
        assert len(tree.xpath("//script")) == 1
        assert "alert(1)" in text(tree)
        assert tree.xpath("//@style | //@onload | //@onclick") == []


def test_the_page_of_a_feed_tells_how_to_subscribe(site, look):
    path, told = page(PageFacts(AI, 1234, 50, WHEN, WHEN), [], site, look)
    assert path == "topics/ai.html"
    assert (text(told.find(".//h1")), told.findtext(".//title")) == ("AI", "AI – Faces & society")
    assert [(a.get("type"), a.get("href")) for a in told.xpath("//a[@type]")] == [
        ("application/rss+xml", "https://feeds.example.org/topics/ai.rss"),
        ("application/atom+xml", "https://feeds.example.org/topics/ai.atom"),
        ("application/feed+json", "https://feeds.example.org/topics/ai.json"),
    ]
    assert told.xpath("//link[@rel='alternate']/@href") == told.xpath("//a[@type]/@href")
    assert dict(told.xpath("//input[@readonly]")[0].attrib)["value"] == "https://feeds.example.org/topics/ai.rss"
    assert told.xpath("//button[@hidden]/@data-copy") == ["address"]
    assert told.xpath("//ul[@aria-labelledby='readers']//a/@href") == [
        "https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Ffeeds.example.org%2Ftopics%2Fai.rss",
        "https://www.inoreader.com/?add_feed=https%3A%2F%2Ffeeds.example.org%2Ftopics%2Fai.rss",
        "https://www.newsblur.com/?url=https%3A%2F%2Ffeeds.example.org%2Ftopics%2Fai.rss",
        "https://theoldreader.com/feeds/subscribe?url=https%3A%2F%2Ffeeds.example.org%2Ftopics%2Fai.rss",
        "feed:https://feeds.example.org/topics/ai.rss",
    ]
    assert "1,234 items, changed 18 February 2021" in text(told)


def test_a_page_offers_only_the_formats_there_are(site, look):
    _, told = page(PageFacts(AI, 1, 1), [], replace(site, formats=("json",)), look)
    assert told.xpath("//link[@rel='alternate']/@href") == ["https://feeds.example.org/topics/ai.json"]
    assert told.xpath("//input/@value") == ["https://feeds.example.org/topics/ai.json"]


@pytest.mark.parametrize(
    ("key", "root", "path"),
    [("all", "", "all.html"), ("topics/日本", "../", "topics/日本.html"), ("a/b/c", "../../", "a/b/c.html")],
)
def test_pages_find_each_other_in_any_folder(site, look, key, root, path):
    made, told = page(PageFacts(replace(AI, key=key), 1, 1), [], site, look)
    assert made == path
    assert told.xpath("//a[@rel='up']/@href") == [f"{root}index.html"]
    local = told.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src")
    assert [re.sub(r"\?v=[0-9a-f]{8}$", "", each) for each in local] == [
        f"{root}assets/icon.svg",
        f"{root}assets/feeds.css",
        f"{root}assets/feeds.js",
    ]


@pytest.mark.parametrize(
    ("images", "sources"), [("ask", "'self' https: http:"), ("show", "'self' https: http:"), ("hide", "'self'")]
)
def test_every_page_allows_its_own_files_only(site, look, images, sources):
    chosen = replace(look, images=images)
    for made in (
        render_page(PageFacts(AI, 1, 1), [], site, chosen),
        render_index([], site, chosen),
        render_health(HealthFacts(), site, chosen),
    ):
        policy = html.document_fromstring(made.body).xpath("string(//meta[@http-equiv]/@content)")
        own = "default-src 'none'; script-src 'self'; style-src 'self'"
        assert policy == f"{own}; img-src {sources}; base-uri 'none'; form-action 'none'"


def test_the_chart_draws_a_bar_for_each_week_that_had_any(site, look):
    activity = (0,) * 49 + (4, 0, 8)
    _, told = page(PageFacts(AI, 12, 12, WHEN, WHEN, activity), [], site, look)
    chart = told.find(".//svg")
    assert chart.get("role") == "img"
    label = "12 items in the 52 weeks up to 18 February 2021; 2 of them with any, at most 8 in one week."
    assert chart.get("aria-label") == label
    assert chart.xpath("string(path[@class='bars']/@d)") == "M490 60v-30h7v30zM510 60v-60h7v60z"
    assert chart.xpath("string(path[@class='base']/@d)").count("M") == 50
    assert [text(e) for e in told.xpath("//figcaption/span")] == ["Feb 2020", "Items each week", "Feb 2021"]


@pytest.mark.parametrize("facts", [PageFacts(AI, 0, 0), PageFacts(AI, 1, 1, WHEN, WHEN, (0,) * 52)])
def test_nothing_to_draw_is_no_chart(site, look, facts):
    assert page(facts, [], site, look)[1].xpath("//svg") == []


@pytest.mark.parametrize(
    ("dead", "line"),
    [
        (2, "Of the stories shown, 2 pages do not answer."),
        (1, "Of the stories shown, 1 page does not answer."),
        (0, "No page of the stories shown is known to be gone."),
    ],
)
def test_a_line_tells_how_the_links_are(item_of, site, look, dead, line):
    facts = PageFacts(AI, 9, 9, dead=dead)
    _, told = page(facts, [render_card(item_of(), site, look, "ok")], site, look)
    assert [text(e) for e in told.xpath("//p[starts-with(@class, 'health')]")] == [line]


def test_an_empty_feed_has_a_page(site, look):
    _, told = page(PageFacts(AI, 0, 0), [], site, look)
    assert "There are no items in this feed now." in text(told)
    assert told.xpath("//time | //article") == []


def test_cards_stand_in_the_order_given(item_of, site, look):
    items = [item_of(n) for n in (3, 1, 2)]
    _, told = page(PageFacts(AI, 3, 3), [render_card(each, site, look, "ok") for each in items], site, look)
    assert told.xpath("//article/@id") == [each.id for each in items]
    assert [e.tag for e in told.xpath("//h1|//h2|//h3")] == ["h1", "h2", "h2", "h3", "h3", "h3"]


def rows_of():
    kinds = [("topics/zoo", "topic", "Zoo"), ("topics/ärzte", "topic", "Ärzte"), ("topics/ai", "topic", "AI")]
    kinds += [("providers/a.example", "provider", "A"), ("top", "custom", "Top")]
    named = [IndexRow(FeedSpec(key, kind, f"{name} – Faces & society"), 1234, WHEN) for key, kind, name in kinds]
    return [IndexRow(ALL, 1, None), *named]


def test_the_front_page_lists_every_feed_by_kind_and_title(site, look):
    made = render_index(rows_of(), site, look)
    told = html.document_fromstring(made.body.decode())
    assert made.path == "index.html"
    groups = {section.get("id"): section.xpath(".//li/a/@href") for section in told.xpath("//section[@data-kind]")}
    assert groups == {
        "custom": ["top.html"],
        "topic": ["topics/ai.html", "topics/zoo.html", "topics/%C3%A4rzte.html"],
        "provider": ["providers/a.example.html"],
    }
    row = told.xpath("//section[@id='topic']//li")[1]
    assert [text(e) for e in row] == ["Zoo", "1,234 items", "18 February 2021"]
    assert told.xpath("//link[@rel='alternate']/@href")[0] == "https://feeds.example.org/all.rss"
    assert told.xpath("//a[@type='text/x-opml']/@href") == ["feeds.opml", "topics.opml", "providers.opml"]
    assert told.xpath("//*[@id='finder']/@hidden") == [""]
    assert told.xpath("//nav//a/@href") == ["https://www.example.org/", "#custom", "#topic", "#provider"]


def test_the_front_page_offers_no_list_of_what_there_is_not(site, look):
    told = html.document_fromstring(render_index(rows_of()[:1], site, look).body.decode())
    assert told.xpath("//a[@type='text/x-opml']/@href") == ["feeds.opml"]
    assert "There are no feeds yet." in text(html.document_fromstring(render_index([], site, look).body))


def test_the_health_page_names_a_command_for_each_row(site, look):
    facts = HealthFacts(
        [Problem("a b.md", 3, 1, "date", "odd", Severity.WARNING)],
        [DeadPage("https://a.example/?a=1&b=2", "http-404", 1_600_000_000, ["One", "Two"])],
        [SilentSource("reuters", "https://r.example/", "http-500", 0)],
    )
    made = render_health(facts, site, look)
    told = html.document_fromstring(made.body.decode())
    assert made.path == "health.html"
    assert [e.text for e in told.iter("code")] == [
        "feeds explain 'a b.md'",
        "feeds explain 'https://a.example/?a=1&b=2'",
        "feeds poll reuters",
    ]
    cells = [[text(cell) for cell in row][1:-1] for row in told.xpath("//tbody/tr")]
    assert cells == [["warning date: odd"], ["http-404", "13 September 2020"], ["http-500", "never"]]
    assert "1 problem in records, 1 dead page, 1 silent source" in text(told)
    assert told.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_health_page_says_how_many_it_does_not_list(site, look):
    facts = HealthFacts([Problem("a.md", 3, 1, "date", "odd", Severity.WARNING)], more=(1234, 0, 0))
    told = text(html.document_fromstring(render_health(facts, site, look).body.decode()))
    assert "1,235 problems in records, 0 dead pages" in told
    assert "1,234 more not listed here: feeds build --json" in told
    assert told.count("not listed") == 1


def test_the_operators_own_page_stands_alone(site, look):
    look = replace(look, assets=(*look.assets, ("extra.css", b'b::after { content: "</style><script>" }')))
    lines = [("records", "1,234", ""), ("", "<b>more</b>", "feeds build --json")]
    standing = Standing(1_600_000_000, ready=False, why=["all is lost"], warnings=["<i>odd</i>"], lines=lines)
    made = render_own_health(HealthFacts(), standing, site, look).decode()
    told = html.document_fromstring(made)
    assert "Not ready at 13 September 2020, 12:26" in text(told)
    assert [text(each) for each in told.xpath("//ul[@class='said']/li")] == ["fault all is lost", "warning <i>odd</i>"]
    rows = told.xpath("//h2[@id='standing']/..//tbody/tr")
    assert [[text(cell) for cell in row] for row in rows] == [
        ["records", "1,234", ""],
        ["", "<b>more</b>", "feeds build --json"],
    ]
    assert told.xpath("//script | //link | //img") == []
    assert told.xpath("//nav//a/@href") == [f"{site.base_url}index.html"]
    # The policy lets exactly this style in.
    style = re.search("<style>(.*)</style>", made, re.DOTALL).group(1)
    assert "<script" in style
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in told.xpath("//meta[@http-equiv]/@content")[0]


def test_assets_are_published_as_they_are(look):
    assert [each.path for each in assets(look)] == ["assets/feeds.css", "assets/feeds.js", "assets/icon.svg"]
    assert {each.path.removeprefix("assets/"): each.body for each in assets(look)} == dict(look.assets)


def test_no_file_of_ours_names_another_host(look):
    for name, body in look.assets:
        assert re.findall(rb"(?:https?:)?//[a-z][^\s\"']*", body.replace(b"http://www.w3.org/2000/svg", b"")) == [], (
            name
        )
    for template in look.templates:
        assert re.findall(r"(?:src|href|action)=\"(?!\{\{|#main|#\{\{)", template.text) == [], template.name


def test_a_look_is_written_otherwise_with_whatever_changes_a_page(look):
    # The digest of the site is made of it (app/orders.py).
    changed = [
        replace(look, images="show"),
        replace(look, readers=look.readers[1:]),
        replace(look, assets=(("feeds.css", b""),)),
        replace(look, templates=(*look.templates, Template("mine.html", ""))),
    ]
    assert len({repr(each) for each in [look, *changed]}) == 5
    moved = tuple(replace(each, place="elsewhere") for each in look.templates)
    assert repr(replace(look, templates=moved)) == repr(look)


def test_the_same_facts_give_the_same_bytes(item_of, site, look):
    def made():
        fresh = read_look("ask", readers_of(PagesSettings()), None)
        cards = [render_card(item_of(n), site, fresh, "ok") for n in range(3)]
        return render_page(PageFacts(AI, 3, 3, WHEN, WHEN, (1,) * 52), cards, site, fresh)

    assert made() == made()


def with_template(look, name, body):
    kept = [each for each in look.templates if each.name != name]
    return replace(look, templates=(*kept, Template(name, body, f"theme/{name}")))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{{ id }}\n{% if %}", "theme/card.html:2: Expected an expression, got 'end of statement block'"),
        ("\n\n{{ titel }}", "theme/card.html:3: 'titel' is undefined"),
        ("\n{{ also.first.name }}", "theme/card.html:2: 'tuple object' has no attribute 'first'"),
        ("{{ title / 2 }}", "theme/card.html:1: unsupported operand type(s) for /: 'str' and 'int'"),
        ("{{ lipsum() }}", "theme/card.html:1: 'lipsum' is undefined"),
        ("{{ [1]|random }}", "theme/card.html:1: No filter named 'random'."),
        ("{% include 'none.html' %}", "theme/card.html:1: there is no template 'none.html'"),
        ("{% extends 'none.html' %}", "theme/card.html:1: there is no template 'none.html'"),
    ],
)
def test_a_faulty_template_is_told_by_file_and_line(item_of, site, look, body, reason):
    with pytest.raises(ThemeError) as caught:
        render_card(item_of(), site, with_template(look, "card.html", body), "ok")
    assert str(caught.value) == f"{reason}; correct the template or remove it"


def test_an_own_template_is_used_and_escapes_too(item_of, site, look):
    mine = with_template(look, "card.html", "{% set x = title %}<b>{{ x }}</b>{{ published.iso }}")
    assert render_card(item_of(1, title="a<b"), site, mine, "ok") == "<b>a&lt;b</b>2021-02-11T20:09:00Z"


def test_a_missing_template_is_told(site, look):
    with pytest.raises(ThemeError, match=r"^index\.html: there is no template of that name"):
        render_index([], site, replace(look, templates=()))
