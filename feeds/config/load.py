"""Read the whole configuration at once: settings, paths and taxonomy, or every fault in them.

This module must never read the environment or the current folder itself: it is handed both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from feeds.config.document import Document, read
from feeds.config.faults import DEFAULT, FILE, Place, lines
from feeds.config.keys import dotted, leaves
from feeds.config.layers import Settled, settle
from feeds.config.listed_source import ListedSource
from feeds.config.paths import DEFAULT_FILE, locate, path_faults, paths_of, project_of, shown_path, with_records
from feeds.config.settings import Settings
from feeds.config.source_settings import SourceSettings
from feeds.config.sources import SourcesFile, read_sources
from feeds.config.taxonomy import TaxonomyFile, read_taxonomy
from feeds.errors import ConfigError
from feeds.items.urls import DEFAULT_TRACKING, Tracking
from feeds.model import Site, Taxonomy


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration in force. `origins` tells of each dotted key where its value came from.

    `file` is the file that was read as messages name it, or "". `files` are all that a change of settings can come
    from, whether they are there or not. Relative paths in them count from `project`; all paths here are absolute.
    `state_url` is an SQLAlchemy URL and may hold a password, `environ` has all that sources may need: never print them.
    """

    settings: Settings
    project: Path
    origins: Mapping[str, str]
    taxonomy: Taxonomy
    record_roots: tuple[Path, ...]
    out: Path
    state_url: str
    file: str
    files: tuple[Path, ...]
    listed: tuple[ListedSource, ...]
    sources_file: SourcesFile
    environ: Mapping[str, str] = field(repr=False)

    @property
    def sources(self) -> tuple[SourceSettings, ...]:
        """Return the remote feeds, wherever they are listed."""
        return tuple(each.settings for each in self.listed)

    @property
    def tracking(self) -> Tracking:
        """Return the query parameters to remove: the built-in ones and those of the settings."""
        added = self.settings.tracking_parameters
        names = frozenset(each for each in added if not each.endswith("*"))
        prefixes = tuple(each[:-1] for each in added if each.endswith("*"))
        return Tracking(DEFAULT_TRACKING.names | names, (*DEFAULT_TRACKING.prefixes, *prefixes))

    @property
    def site(self) -> Site:
        """Return what all feeds share, as the renderers want it."""
        said = self.settings.site
        return Site(
            self.settings.base_url,
            said.title,
            said.description,
            said.language,
            said.author,
            said.rights,
            said.image,
            self.settings.feeds.ttl,
            said.home_url,
            said.id or urlsplit(self.settings.base_url).netloc,
            self.settings.feeds.formats,
            tuple(dict.fromkeys(filter(None, self.settings.push.hubs))),
        )


def load(path: Path | None, overrides: Mapping[str, object], environ: Mapping[str, str], cwd: Path) -> Loaded:
    """Return the configuration of a file, an environment and flags; a flag wins over the environment over the file.

    Without `path`, config/feeds.yaml under `cwd` is read if it is there. `overrides` maps dotted keys to values, None
    for a flag that was not given. Raises ConfigError with every fault found.
    """
    file = locate(path, cwd)
    label = shown_path(file, cwd) if file else ""
    document, faults = read(file, label) if file else (Document(""), [])
    project = project_of(file, cwd)
    settled = with_records(settle(document, environ, overrides), project)
    paths = paths_of(settled, project, cwd)
    taxonomy, named_faults = read_taxonomy(
        _taxonomy_file(settled, "taxonomy.topics", paths.topics, cwd),
        _taxonomy_file(settled, "taxonomy.providers", paths.providers, cwd),
    )
    sources_file = SourcesFile(paths.sources, shown_path(paths.sources, cwd))
    listed, source_faults = read_sources(settled.settings.sources, _source_place(settled, document), sources_file)
    found = [*faults, *settled.faults, *path_faults(settled, paths, file, cwd), *source_faults]
    if found or named_faults:
        raise ConfigError([*lines(found), *lines(named_faults)])
    origins = {dotted(key): settled.place(dotted(key)).origin for key, _ in leaves(Settings)}
    return Loaded(
        settings=settled.settings,
        project=project,
        origins=origins,
        taxonomy=taxonomy,
        record_roots=paths.record_roots,
        out=paths.out,
        state_url=paths.state_url,
        file=label,
        files=(file or cwd / DEFAULT_FILE, paths.topics, paths.providers, paths.sources),
        listed=listed,
        sources_file=sources_file,
        environ=dict(environ),
    )


def _taxonomy_file(settled: Settled, key: str, path: Path, cwd: Path) -> TaxonomyFile:
    return TaxonomyFile(path, shown_path(path, cwd), settled.place(key).rank != DEFAULT)


def _source_place(settled: Settled, document: Document) -> Callable[[int], Place]:
    whole = settled.place("sources")
    return lambda number: document.place(("sources", number)) if whole.rank == FILE else whole
