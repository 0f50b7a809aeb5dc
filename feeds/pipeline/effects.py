"""What the links of stories do to them, looked up for many stories at once."""

from collections.abc import Sequence

from feeds.links.effects import shown, urls_of
from feeds.links.encoding import decode_link
from feeds.links.policy import Policy
from feeds.model import Story
from feeds.model.link import LinkState
from feeds.store.links import Links


class Effects:
    """The links among these stories that change what is shown: few, and mostly none."""

    def __init__(self, links: Links, policy: Policy, stories: Sequence[Story]) -> None:
        self._policy = policy
        self._known: dict[str, LinkState] = {}
        if links.any_acts():
            urls = {url for story in stories for url, _ in urls_of(story)}
            known = {url: decode_link(body) for url, body in links.acting(sorted(urls)).items()}
            goals = sorted({state.moved_to for state in known.values() if state.moved_to})
            self._known = known | {url: decode_link(body) for url, body in links.acting(goals).items()}
        pages = {story.link for story in stories if story.link} if policy.told else set()
        self._verdicts = links.verdicts_of(sorted(pages), policy.told) if pages else {}

    def shown(self, story: Story) -> Story | None:
        """Return the story as feeds show it, the very same where no link changes it, None where it is left out."""
        return shown(story, self._known, self._policy) if self._known else story

    def verdict(self, told: Story) -> str:
        """Return the verdict on the page of a story as its records tell it, "" for one that is not to be told."""
        return self._verdicts.get(told.link, "")
