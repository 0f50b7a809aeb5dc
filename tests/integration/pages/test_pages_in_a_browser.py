"""What people meet: every page in a real browser, by eye, keyboard and screen reader, with and without scripts."""

from typing import Any

import pytest

PAGES = ["index.html", "all.html", "topics/ai.html", "health.html"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
FOCUSABLE = """() => {
  const found = document.querySelectorAll("a[href], button, input, summary, [tabindex='0']");
  const usable = (e) => e.checkVisibility({ contentVisibilityAuto: false }) && !(e.type === "radio" && !e.checked);
  return [...found].filter(usable).map((e) => [...document.querySelectorAll("*")].indexOf(e));
}"""
FOCUSED = "() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", [*PAGES, "own.html"])
def test_axe_finds_nothing(visit: Any, path: str, size: dict[str, int], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    with visit(viewport=size, color_scheme=scheme) as seen:
        found = axe.Axe().run(seen.open(path)).response
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_the_operators_own_page_needs_no_other_file(visit: Any) -> None:
    with visit() as seen:
        page = seen.open("own.html")
        assert {each for each in seen.here if each != "favicon.ico"} == {"own.html"}
        assert (seen.elsewhere, seen.faults) == ([], [])
        raised = page.locator("thead th").first.evaluate("cell => getComputedStyle(cell).backgroundColor")
        assert raised != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("images", ["ask", "hide"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host_by_itself(visit: Any, path: str, images: str, scripts: bool) -> None:
    with visit(images=images, java_script_enabled=scripts) as seen:
        page = seen.open(path)
        page.keyboard.press("End")
        page.wait_for_timeout(200)
        assert seen.elsewhere == []
        assets = {each.partition("?")[0] for each in seen.here}
        # Whether a browser without a window asks for the icon is its own affair.
        assert assets - {"assets/icon.svg"} == {path, "assets/feeds.css", *(["assets/feeds.js"] if scripts else [])}
        assert seen.faults == []


def test_a_picture_is_loaded_when_it_is_opened(visit: Any) -> None:
    with visit() as seen:
        page = seen.open("topics/ai.html")
        page.locator("details summary").nth(2).click()
        page.wait_for_selector("details[open] img")
        page.wait_for_timeout(100)
        assert [url for url, _ in seen.elsewhere] == ["https://pictures.example/2.svg"]
        assert "referer" not in seen.elsewhere[0][1]
        page.locator("details summary").nth(2).click()
        page.locator("details summary").nth(2).click()
        assert page.locator("details img").count() == 1
        assert page.locator("details img").evaluate("image => image.complete && image.naturalWidth") == 8


def test_a_picture_can_be_had_without_a_script(visit: Any) -> None:
    with visit(java_script_enabled=False) as seen:
        page = seen.open("topics/ai.html")
        page.locator("details summary").nth(2).click()
        link = page.locator("details[open] a")
        assert (link.inner_text(), link.get_attribute("href")) == (
            "Picture at pictures.example",
            "https://pictures.example/2.svg",
        )
        assert seen.elsewhere == []


def test_pictures_that_are_shown_are_loaded_without_telling_from_where(visit: Any) -> None:
    with visit(images="show", viewport=PHONE) as seen:
        page = seen.open("topics/ai.html")
        page.locator("article").nth(1).scroll_into_view_if_needed()
        page.wait_for_timeout(200)
        assert "https://pictures.example/1.svg" in [url for url, _ in seen.elsewhere]
        assert [headers for _, headers in seen.elsewhere if "referer" in headers] == []
        assert seen.faults == []


def told(page: Any, where: str, text: str) -> None:
    # Not wait_for_function: from the second look on it evaluates a string, which our policy forbids.
    page.locator(f"#{where}:text-is('{text}')").wait_for(state="attached")


def shown(page: Any) -> list[str]:
    return [link.inner_text() for link in page.locator(".rows a").all() if link.is_visible()]


def test_search_narrows_the_list(visit: Any) -> None:
    with visit() as seen:
        page = seen.open("index.html")
        assert len(shown(page)) == 13
        search, status = page.get_by_label("Find a feed"), page.get_by_role("status")
        assert status.inner_text() == "13 feeds"
        search.fill("kunst")
        told(page, "found", "1 feed")
        assert shown(page) == ["Künstliche Intelligenz 3"]
        assert page.locator(".group:visible h2").count() == 1
        search.fill("subject EXAMPLE 1")
        told(page, "found", "3 feeds")
        assert sorted(shown(page)) == ["Subject 1", "Subject 10", "Subject 11"]
        page.locator(".chip", has_text="Custom feeds").click()
        search.fill("nobody")
        told(page, "found", "No feed found")
        assert shown(page) == []
        search.fill("")
        told(page, "found", "4 feeds")
        assert all(name.startswith("Subject") for name in shown(page))
        assert seen.faults == []


@pytest.mark.parametrize(("kind", "count"), [("Topics", 5), ("Providers", 4), ("Custom feeds", 4), ("All", 13)])
def test_the_list_can_be_cut_down_to_one_kind(visit: Any, kind: str, count: int) -> None:
    with visit() as seen:
        page = seen.open("index.html")
        page.locator(".chip", has_text=kind).click()
        told(page, "found", f"{count} feeds")
        assert len(shown(page)) == count


def test_everything_is_there_without_a_script(visit: Any) -> None:
    with visit(java_script_enabled=False) as seen:
        page = seen.open("index.html")
        assert len(shown(page)) == 13
        assert not page.locator("#finder").is_visible()
        page.locator("nav a", has_text="Providers").click()
        assert page.url.endswith("#provider")
        page.locator("main a", has_text="All items in one feed").click()
        assert page.locator("h1").inner_text() == "Faces & society"
        assert page.locator("#address").input_value() == "https://feeds.example.org/all.rss"
        assert not page.locator("[data-copy]").is_visible()
        assert page.locator("article time").first.inner_text() == "18 February 2021"
        page.locator("header a").click()
        assert page.url.endswith("/index.html")


def test_the_link_is_copied(visit: Any) -> None:
    with visit(permissions=["clipboard-read", "clipboard-write"]) as seen:
        page = seen.open("topics/ai.html")
        page.get_by_role("button", name="Copy link").click()
        told(page, "copied", "Copied")
        assert page.evaluate("navigator.clipboard.readText()") == "https://feeds.example.org/topics/ai.rss"


@pytest.mark.parametrize(
    ("now", "text", "title"),
    [
        ("2021-02-18T19:00:00Z", "2 hours ago", "18 February 2021"),
        ("2021-02-19T19:00:00Z", "yesterday", "18 February 2021"),
        ("2021-02-21T19:00:00Z", "3 days ago", "18 February 2021"),
        ("2021-04-21T19:00:00Z", "18 February 2021", ""),
        ("2021-02-17T19:00:00Z", "18 February 2021", ""),
    ],
)
def test_times_of_the_last_days_are_told_as_seen_from_now(visit: Any, now: str, text: str, title: str) -> None:
    with visit() as seen:
        seen.page.clock.set_fixed_time(now)
        time = seen.open("topics/ai.html").locator("article time").first
        assert (time.inner_text(), time.get_attribute("title") or "") == (text, title)


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_everything(visit: Any, path: str) -> None:
    with visit(viewport=DESKTOP) as seen:
        page = seen.open(path)
        wanted = page.evaluate(FOCUSABLE)
        reached = []
        for _ in wanted:
            page.keyboard.press("Tab")
            reached.append(page.evaluate(FOCUSED))
        assert reached == wanted
        assert len(wanted) >= 5


def test_the_skip_link_leads_to_the_content(visit: Any) -> None:
    with visit() as seen:
        page = seen.open("index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_window(visit: Any, path: str, width: int) -> None:
    with visit(viewport={"width": width, "height": 700}) as seen:
        page = seen.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_moves_for_those_who_want_that(visit: Any) -> None:
    with visit(reduced_motion="reduce") as seen:
        page = seen.open("topics/ai.html")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        assert page.evaluate("getComputedStyle(document.querySelector('.button')).transitionDuration") == "0s"


def test_the_style_and_the_icon_of_a_page_are_found(visit: Any) -> None:
    with visit() as seen:
        for path in PAGES:
            page = seen.open(path)
            assert page.evaluate("document.styleSheets[0].cssRules.length") > 50
            icon = page.evaluate("document.querySelector('link[rel=icon]').href")
            assert page.request.get(icon).status == 200


def test_five_thousand_feeds_are_searched(visit: Any) -> None:
    with visit(feeds=5000) as seen:
        page = seen.open("index.html")
        page.get_by_label("Find a feed").fill("subject 4999")
        told(page, "found", "1 feed")
        assert page.locator(".rows li:visible").count() == 1
