"""Look at what the editors and the operator wrote: settings, public address, records."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feeds.app.doctor.finding import Said, fail, ok, warn
from feeds.app.doctor.subject import anybody_may_write
from feeds.app.orders import build_order
from feeds.sources.folder import scan

if TYPE_CHECKING:
    from feeds.app.doctor.subject import Subject

_SHOWN = 3


def settings(subject: "Subject") -> Iterator[Said]:
    """Say where the settings come from, and who else may change them."""
    there = [path for path in subject.loaded.files if path.is_file()]
    yield ok(f"{subject.loaded.file or 'the default configuration'} is fine")
    for path in filter(anybody_may_write, there):
        yield warn(f"every user of this machine may change {path}", f"chmod o-w {path}")


def address(subject: "Subject") -> Iterator[Said]:
    """Look at the form of the public address: whether readers elsewhere can use it."""
    url, cure = subject.loaded.settings.base_url, "set base_url in the settings to the public address"
    if subject.loaded.origins["base_url"] == "default":
        yield warn(f"the feeds say they live at {url}, because base_url is not set", cure)
    elif _is_private(urlsplit(url).hostname or ""):
        yield warn(f"base_url is {url}, which only this machine or network can reach", cure)
    elif not url.startswith("https://"):
        yield warn(f"base_url is {url}: anybody on the way can change what readers get", f"{cure}, with https")
    else:
        yield ok(f"the feeds live at {url}")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host


def records(subject: "Subject") -> Iterator[Said]:
    """Go through the folders of records without reading any."""
    missing = [root for root in subject.loaded.record_roots if not root.is_dir()]
    for root in missing:
        yield fail(
            f"there is no folder of records {root}", f"mkdir -p {root}, or name another one: records in the settings"
        )
    if missing:
        return
    order = build_order(subject.loaded, subject.now * 1_000_000_000)
    found = scan(order.roots, {}, order.now_ns)
    for folder, reason in sorted(found.unreadable.items()):
        yield fail(f"the folder of records {folder} cannot be read: {reason}", f"chmod -R u+rX {folder}")
    where = ", ".join(map(str, subject.loaded.record_roots))
    if found.total:
        yield ok(f"{found.total:,} files in {where}")
    else:
        yield warn(
            f"no records below {where}", "put files with front matter there, or name a folder: feeds build RECORDS_DIR"
        )


def problems(subject: "Subject") -> Iterator[Said]:
    """Count what the last build found wrong with records."""
    if not subject.has_state:
        return
    status = subject.status
    errors, smaller = status.problem_count("error"), status.problem_count("warning")
    if errors:
        codes = ", ".join(f"{each.code} {each.count:,}" for each in status.problems[:_SHOWN])
        yield warn(
            f"{errors:,} faults keep records from being published ({codes})", "feeds build names file and line of each"
        )
    else:
        yield ok(f"no record is left out for a fault; {smaller:,} smaller faults")
