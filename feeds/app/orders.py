"""Turn the settings into the order of a build: all that decides its outcome, with the digests that tell of changes."""

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds import __version__
from feeds.app.custom import custom_feeds
from feeds.app.link_policy import link_policy
from feeds.app.looks import front_of_others, look_of
from feeds.config.source_settings import sources_of
from feeds.items.rules import Rules
from feeds.pipeline import BuildOrder
from feeds.selection import TURN, Share
from feeds.sources.folder import Roots

if TYPE_CHECKING:
    from feeds.config.load import Loaded
    from feeds.links.policy import Policy
    from feeds.selection.custom import CustomFeed

DAY = 86_400


def build_order(loaded: "Loaded", now_ns: int) -> BuildOrder:
    """Return the order that these settings mean."""
    settings, rules = loaded.settings, rules_of(loaded)
    sources = sources_of(loaded.sources, settings.polling)
    custom, policy = custom_feeds(loaded), link_policy(loaded)
    look = look_of(loaded)
    return BuildOrder(
        roots=_roots(loaded),
        rules=rules,
        rules_digest=_rules_digest(loaded, rules, custom, policy),
        site=loaded.site,
        site_digest=_digest(__version__, loaded.site, settings.feeds, _stable(rules), custom, look, settings.pages),
        now=now_ns // 1_000_000_000,
        now_ns=now_ns,
        links=policy,
        topics=settings.feeds.topics,
        providers=settings.feeds.providers,
        limit=settings.feeds.limit,
        share=Share(settings.feeds.provider_cap, TURN if settings.feeds.interleave else 0),
        max_age=(settings.feeds.max_age_days or 0) * DAY,
        record_bytes=settings.record_bytes,
        sources=sources,
        group=_groups(loaded),
        custom=custom,
        archives=settings.feeds.archives,
        tombstone_age=settings.feeds.tombstone_days * DAY,
        look=look,
        other_front=front_of_others(loaded.out, wanted=look is not None),
        page_items=settings.pages.items,
        health=settings.pages.health,
        sources_digest=_digest(__version__, sources, _stable(rules)),
    )


def _rules_digest(loaded: "Loaded", rules: Rules, custom: "tuple[CustomFeed, ...]", policy: "Policy") -> str:
    """Return a hash of all by which an item, or its places in feeds, may be another."""
    settings = loaded.settings
    placed = settings.feeds.topics, settings.feeds.providers, custom, settings.site.language
    return _digest(__version__, _stable(rules), settings.record_bytes, placed, _acts(loaded), sorted(policy.told))


def rules_of(loaded: "Loaded") -> Rules:
    """Return the rules by which records are read."""
    settings = loaded.settings
    return Rules(
        taxonomy=loaded.taxonomy,
        zone=ZoneInfo(settings.time_zone),
        related=settings.related,
        include_unpublished=settings.include_unpublished,
        undated_kinds=frozenset(settings.undated_kinds),
        relative_to=settings.relative_to,
        tracking=loaded.tracking,
    )


def _roots(loaded: "Loaded") -> Roots:
    private = [loaded.out, loaded.project / "config"]
    return Roots(tuple(map(str, loaded.record_roots)), str(loaded.project), tuple(map(str, private)))


def _groups(loaded: "Loaded") -> bool:
    """Tell whether to group: what people wrote side by side on purpose is left so unless they ask."""
    wish = loaded.settings.feeds.group_same_stories
    return bool(loaded.sources) if wish is None else wish


def _acts(loaded: "Loaded") -> object:
    links = loaded.settings.links
    actions = links.on_dead, links.on_suspect, links.on_blocked
    return actions, links.flag_after_days, links.follow_moves, bool(links.archive_url)


def _stable(rules: Rules) -> object:
    """Return the rules in a form whose repr is the same in every process: sets have no order of their own."""
    tracking = (sorted(rules.tracking.names), rules.tracking.prefixes)
    plain = replace(rules, undated_kinds=frozenset(), tracking=type(rules.tracking)(frozenset(), ()))
    return plain, sorted(rules.undated_kinds), tracking


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
