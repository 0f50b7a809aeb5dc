"""Look for a snapshot of a dead page in a web archive, slowly: archives are few, and asked by everybody."""

import asyncio
from datetime import UTC, datetime

from feeds.probe.follow import Asker
from feeds.web.addresses import next_url

# web archives answer those who ask faster than this with 429
GAP_SECONDS = 5.0


async def snapshots(
    client: Asker, archive: str, pages: dict[str, int], gap: float = GAP_SECONDS
) -> dict[str, str | None]:
    """Return for each page the snapshot nearest to a time (seconds since 1970), "" where the archive has none.

    None where the archive did not say: it is to be asked another day. `archive` is its address up to the time.
    """
    found: dict[str, str | None] = {}
    for page, when in pages.items():
        if found:
            await asyncio.sleep(gap)
        found[page] = await _snapshot(client, archive, page, when)
    return found


async def _snapshot(client: Asker, archive: str, page: str, when: int) -> str | None:
    stamp = datetime.fromtimestamp(when, UTC).strftime("%Y%m%d%H%M%S")
    asked = f"{archive}{stamp}/{page}"
    answer = await client.request("HEAD", asked)
    if answer.status == 404:
        return ""
    if answer.status == 200:
        return asked
    # The archive sends on to the snapshot it has; anywhere else is no snapshot.
    target = next_url(asked, answer.status, answer.headers.get("location", ""))
    return target if target.startswith(archive) else None
