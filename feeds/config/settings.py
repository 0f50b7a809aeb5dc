"""The settings: every key of feeds.yaml with its type, its default and what it means.

Descriptions become the documentation and the JSON Schema. This module must never read anything.
"""

from typing import Annotated

from pydantic import Field

from feeds.config.checks import BaseUrl, Kind, Parameter, State, Text, TimeZone, WebUrl
from feeds.config.custom_settings import CustomFeeds
from feeds.config.feed_trees import FeedsSettings
from feeds.config.link_settings import LinkSettings
from feeds.config.pages_settings import PagesSettings
from feeds.config.push_settings import PushSettings
from feeds.config.schedule_settings import ScheduleSettings
from feeds.config.section import Section
from feeds.config.serve_settings import ServeSettings
from feeds.config.site import SiteSettings
from feeds.config.source_settings import PollingSettings, Sources
from feeds.config.sources import DEFAULT_SOURCES

UNDATED = ("course", "collection", "download", "forum", "profile", "community", "person", "organization")

# A strict tuple would refuse the list that YAML gives; the entries stay strict.
Paths = Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
Kinds = Annotated[tuple[Kind, ...], Field(strict=False)]
Parameters = Annotated[tuple[Parameter, ...], Field(strict=False)]


class TaxonomySettings(Section):
    """Where the editors' names for topics and providers are."""

    topics: Text = Field("config/topics.yaml", description="The file that names the topics, their aliases and parents.")
    providers: Text = Field("config/providers.yaml", description="The file that names the providers and their aliases.")


class Settings(Section):
    """Everything that can be configured; relative paths count from the project folder."""

    records: Paths = Field(
        ("records",),
        description="The folders that hold the records. "
        "Where this is not set and there is no records folder, the whole project folder is read.",
    )
    out: Text = Field("out", description="The folder the feeds are written to; everything in it is public.")
    state: State = Field(
        ".feeds/state.db",
        description="What is remembered between builds: the path of a SQLite file, or an SQLAlchemy URL such as "
        "postgresql+psycopg://user@host/feeds. Never inside the out folder.",
    )
    base_url: BaseUrl = Field(
        "http://localhost:8000/", description="The public address of the out folder: an absolute http or https URL."
    )
    jobs: int = Field(0, ge=0, description="How many processes work at once; 0 decides by itself.")
    include_unpublished: bool = Field(
        default=False, description="Also publish records that say `published: false`. For previews only."
    )
    strict: bool = Field(default=False, description="Fail the build when any record has a fault.")
    json_output: bool = Field(default=False, alias="json", description="Print results as JSON instead of text.")
    time_zone: TimeZone = Field(
        "UTC", description="The time zone of dates in records that name none, from the IANA database."
    )
    related: bool = Field(default=True, description="Publish the related stories inside a record as items too.")
    undated_kinds: Kinds = Field(UNDATED, description="The kinds of records that need no date.")
    relative_to: WebUrl = Field("", description="The URL that relative links in records are resolved against.")
    tracking_parameters: Parameters = Field(
        (), description="Query parameters to remove from links besides the built-in ones; a trailing * is a prefix."
    )
    record_bytes: int = Field(1_048_576, ge=1, description="The largest record that is read, in bytes.")
    site: SiteSettings = Field(SiteSettings(), description="What all feeds say about their publisher.")
    feeds: FeedsSettings = Field(FeedsSettings(), description="Which feeds there are and how long they are.")
    custom_feeds: CustomFeeds = Field((), description="Feeds of whatever a query finds.")
    pages: PagesSettings = Field(PagesSettings(), description="Which web pages are published beside the feeds.")
    links: LinkSettings = Field(
        LinkSettings(), description="How links are checked, and what a dead one does to an item."
    )
    schedule: ScheduleSettings = Field(ScheduleSettings(), description="When the daemon does what.")
    serve: ServeSettings = Field(ServeSettings(), description="Where feeds are handed out.")
    push: PushSettings = Field(PushSettings(), description="Which WebSub hubs hear of changed feeds.")
    sources: Sources = Field((), description="Remote feeds to read beside the records.")
    sources_file: Text = Field(
        DEFAULT_SOURCES, description="The OPML file with more of them, which `feeds sources` writes."
    )
    polling: PollingSettings = Field(PollingSettings(), description="How remote feeds are asked, and what is kept.")
    taxonomy: TaxonomySettings = Field(TaxonomySettings(), description="Where topics and providers are named.")
