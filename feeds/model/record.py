"""A record as its file says it: typed, but not yet cleaned."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RecordProvider:
    """The `provider` block of a record."""

    name: str = ""
    domain: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordImage:
    """One entry of `images`; sizes are "" or what the file says."""

    url: str
    width: str = ""
    height: str = ""


@dataclass(frozen=True, slots=True)
class RecordEnclosure:
    """The `enclosure` block of a record: an attachment the editors name themselves."""

    url: str
    type: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one record, or of one related story inside it; "" means the field is absent.

    `secured` ends before this type: no field here can carry it.
    """

    title: str
    excerpt: str = ""
    body: str = ""
    date: str = ""
    original_url: str = ""
    web_url: str = ""
    amp_url: str = ""
    cdn_amp_url: str = ""
    kind: str = ""
    held: bool = False
    provider: RecordProvider = RecordProvider()
    topics: tuple[str, ...] = ()
    images: tuple[RecordImage, ...] = ()
    length: str = ""
    quality: str = ""
    heat: str = ""
    enclosure: RecordEnclosure | None = None
    related: tuple["Record", ...] = field(default=())
