"""Turn feeds into web pages: a front page, one page for each feed, one on what needs care.

card        one item, rendered once for all pages that show it
page        the page of a feed
front       the list of all feeds
health      what the operator has to look after
chart       how much there was in each week
wording     dates, numbers and addresses as pages write them
press       templates, compiled once

This package must never show HTML that came from outside, read a clock, or write an address that makes a browser ask
another host by itself. It imports Jinja2 only when something is rendered (30 ms).
"""

from feeds.model.look import Look, Reader, Template
from feeds.render.pages.card import render_card
from feeds.render.pages.facts import DeadPage, HealthFacts, IndexRow, PageFacts, SilentSource, Standing
from feeds.render.pages.front import render_index
from feeds.render.pages.health import render_health, render_own_health
from feeds.render.pages.page import render_page
from feeds.render.pages.press import assets

__all__ = [
    "DeadPage",
    "HealthFacts",
    "IndexRow",
    "Look",
    "PageFacts",
    "Reader",
    "SilentSource",
    "Standing",
    "Template",
    "assets",
    "render_card",
    "render_health",
    "render_index",
    "render_own_health",
    "render_page",
]
