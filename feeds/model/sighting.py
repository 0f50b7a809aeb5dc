"""One mention of one story in one record, ready to be merged with the others."""

from dataclasses import dataclass

from feeds.model.item import Story


@dataclass(frozen=True, slots=True)
class Sighting:
    """A story as one place in one document tells it.

    `own` is True for the record itself and False for a story it merely names as related. `held` keeps the story
    back. `keys` are the identity URLs it is known by, the one its id is minted from first. `remote` says that it comes
    from somebody else's feed: it completes what our records say, and never outweighs them.
    """

    story: Story
    keys: tuple[str, ...]
    own: bool
    held: bool = False
    remote: bool = False
