"""Topics and providers as the editors name them (config/topics.yaml, config/providers.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """One topic; `slug` names its feed files, `parent` is another topic's name or "".

    With `include_children` its feed also carries the items of the topics below it.
    """

    name: str
    slug: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    image: str = ""
    include_children: bool = False


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """One provider, keyed by domain; `aliases` are other domains or names it goes by."""

    name: str
    domain: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Look-up tables: topics by folded name or alias, providers by domain or folded alias."""

    topics: Mapping[str, TopicEntry] = field(default_factory=dict)
    providers: Mapping[str, ProviderEntry] = field(default_factory=dict)
