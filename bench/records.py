"""Make any number of synthetic records, the same ones every time, and change some of them in place.

Nothing here reads a clock or keeps a random state: a record is a function of its number and of how many there are, an
edit of the seed it is given. The rates of odd text follow what 123 real stories hold: 10 % of titles and 23 % of
excerpts are not ASCII, 10 % of excerpts carry an `&`, 1 % are mojibake, 15 % of stories have an AMP page.

    python bench/records.py --count 10000 --out records
    python bench/records.py --count 10000 --out records --edit 10 --seed 3
    python bench/records.py --count 10000 --out records --touch-secured 1000 --seed 3
"""

import argparse
import base64
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

FOLDER = 1_000
PROVIDERS = 1_000
# A related story with a number from here on has no record of its own.
ELSEWHERE = 10_000_000
FIRST_DATE = datetime(2018, 1, 1)
MINUTES = 6 * 365 * 24 * 60


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the bars."""
    return tuple(text.split("|"))


PLACES = words(
    "Northern|Western|Eastern|Southern|Pacific|Atlantic|Alpine|Baltic|Capital|Central|City|Civic|Coastal|Daily|Digital|"
    "Evening|Federal|First|Global|Harbour|Inland|Island|Lake|Metro|Midland|Modern|Morning|National|Open|Prairie|"
    "Public|River|Royal|Silicon|State|Summit|Sunday|Union|Urban|Valley"
)
PAPERS = words(
    "Tribune|Herald|Post|Gazette|Review|Courier|Observer|Wire|Journal|Monitor|Report|Bulletin|Chronicle|Dispatch|"
    "Examiner|Times|Record|Register|Sentinel|Standard|Star|Telegraph|Mirror|Insider|Ledger"
)
ENDINGS = ("com", "com", "com", "org", "net", "co.uk", "de", "in")
TOPICS = words(
    "AI|Computer Vision|Machine Learning|Robotics|Privacy|Security|Cloud|Databases|Networks|Open Source|Browsers|"
    "Programming|Mobile|Games|Chips|Quantum Computing|Energy|Batteries|Solar Power|Wind Power|Climate|Weather|Oceans|"
    "Space|Satellites|Aviation|Railways|Cars|Cycling|Cities|Housing|Health|Medicine|Vaccines|Genetics|Nutrition|Sport|"
    "Football|Education|Universities|Schools|Law|Courts|Police|Elections|Parliament|Diplomacy|Trade|Banking|Markets|"
    "Startups|Insurance|Taxes|Agriculture|Food|Travel|Museums|Music|Film|Books"
)
NOUNS = words(
    "facial recognition technology|the city council|a new report|police officers|local residents|data protection rules|"
    "the regional court|a research team|public transport|several universities|the software update|mobile networks|"
    "court records|the privacy watchdog|video surveillance|a pilot project|the housing market|battery storage|"
    "protesters|the finance ministry|open standards|a family of satellites|the school board|drinking water|"
    "an independent review|energy prices|the start-up|machine translation|hospital staff|the harbour bridge"
)
VERBS = words(
    "weakens|approves|questions|replaces|examines|delays|announces|rejects|supports|tests|is fined over|sues over|"
    "prepares for|is banned from|reports on|invests in|withdraws from|learns from|pays for|depends on"
)
LINKS = words("after months of debate|in the capital|according to officials|for the first time|despite warnings")
ODD_TITLES = ("Zürich: ", "‘Not again’: ", "“It works” – ", "Göteborg’s ", "São Paulo and ", "Café culture: ")
ODD_EXCERPTS = (
    "The council’s vote – 7 to 2 – ",
    "“We were surprised,” ",
    "Jürgen Müller, who leads ",
    "It costs 40 € … ",
)
MARKUP = ("Research &amp; development at ", "It&#8217;s ", "Smith & Sons and ", "Q&A: ")
# The closing half lost its last byte, as in the wild: U+009D is not allowed in YAML.
MOJIBAKE = "known as â€œidentification through facial â€, "


def zipf(size: int) -> list[float]:
    """Return the cumulated weights under which the n-th of `size` is drawn 1/n as often as the first."""
    return list(accumulate(1 / rank for rank in range(1, size + 1)))


PROVIDER_WEIGHTS = zipf(PROVIDERS)
TOPIC_WEIGHTS = zipf(len(TOPICS))


@dataclass(frozen=True, slots=True)
class Story:
    """What a record and a mention of it as a related story have in common, as lines without indentation."""

    head: tuple[str, ...]
    provider: tuple[str, ...]
    images: tuple[str, ...]
    url: str


def quoted(text: str) -> str:
    """Return the text as a double-quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def sentence(dice: Random) -> str:
    return f"{dice.choice(NOUNS)} {dice.choice(VERBS)} {dice.choice(NOUNS)} {dice.choice(LINKS)}"


def title(dice: Random) -> str:
    text = sentence(dice)
    return dice.choice(ODD_TITLES) + text if dice.random() < 0.10 else text[0].upper() + text[1:]


def excerpt(dice: Random) -> str:
    body = ". ".join(sentence(dice).capitalize() for _ in range(dice.randint(2, 4)))
    chance = dice.random()
    if chance < 0.22:
        return dice.choice(ODD_EXCERPTS) + body
    if chance < 0.32:
        return dice.choice(MARKUP) + body
    return MOJIBAKE + body if chance < 0.33 else body + "."


def provider(dice: Random) -> tuple[str, str]:
    """Return the name and the domain of a provider drawn by Zipf's law."""
    rank = dice.choices(range(PROVIDERS), cum_weights=PROVIDER_WEIGHTS)[0]
    place, paper = PLACES[rank % len(PLACES)], PAPERS[rank // len(PLACES)]
    return f"{place} {paper}", f"{place.lower()}{paper.lower()}.{ENDINGS[rank % len(ENDINGS)]}"


def images(dice: Random, domain: str, number: int) -> tuple[str, ...]:
    if dice.random() > 0.95:
        return ()
    query = "?w=1200&#038;h=675" if dice.random() < 0.05 else ""
    address = f"https://cdn.{domain}/wp-content/uploads/2021/02/{dice.getrandbits(96):024x}-{number}.jpg{query}"
    lines = (f'  - url: "{address}"', "    width: 1200", "    height: 675", "    isCached: true")
    return ("images:", *lines)


def story(number: int) -> Story:
    """Return the story of that number, the same for ever."""
    dice = Random(f"story {number}")
    name, domain = provider(dice)
    heading = title(dice)
    date = FIRST_DATE + timedelta(minutes=dice.randrange(MINUTES))
    words = "-".join(re.findall("[a-z]+", heading.lower()))
    url = f"https://www.{domain}/{date:%Y/%m/%d}/{words}-{number}/"
    links = [f'webUrl: "{url}"']
    if dice.random() < 0.15:
        cache = f"https://www-{domain.replace('.', '-')}.cdn.ampproject.org/c/s/{url.removeprefix('https://')}?amp"
        links += [f'ampWebUrl: "{url}?amp"', f'cdnAmpWebUrl: "{cache}"']
    head = (
        f"title: {quoted(heading)}",
        f"excerpt: {quoted(excerpt(dice))}",
        f"publishedDateTime: {date:%Y-%m-%dT%H:%M:00Z}",
    )
    return Story(
        head=(*head, *links, "type: article", f"quality: {dice.randint(5, 95)}"),
        provider=("provider:", f"  name: {name}", f"  domain: {domain}"),
        images=images(dice, domain, number),
        url=url,
    )


def mention(number: int) -> Iterator[str]:
    """Yield the lines of the story as an entry of another record's `related`."""
    told = story(number)
    for position, line in enumerate((*told.head, *told.provider, *told.images)):
        yield ("    " if position else "  - ") + line


def mentioned(dice: Random, number: int, count: int) -> list[int]:
    """Return the numbers of the 2 to 4 stories a record relates to; one in five is another record's own."""
    own = [dice.randrange(count) if dice.random() < 0.2 else ELSEWHERE + number * 4 + place for place in range(4)]
    return list(dict.fromkeys(other for other in own[: dice.choice((2, 3, 4, 4, 4))] if other != number))


def secured(dice: Random) -> str:
    blob = base64.b64encode(dice.randbytes(dice.randint(280, 480))).decode()
    return f'secured: "{blob};{base64.b64encode(dice.randbytes(16)).decode()}"'


def record(number: int, count: int) -> str:
    """Return the whole text of one of `count` records."""
    dice = Random(f"record {number}")
    told = story(number)
    topics = dict.fromkeys(dice.choices(TOPICS, cum_weights=TOPIC_WEIGHTS, k=dice.randint(1, 3)))
    lines = ["---", "category: news", *told.head, f'originalUrl: "{told.url}"', f"heat: {dice.randint(-1, 99)}"]
    lines += ["published: true", "", *told.provider, "", "topics:", *(f"  - {topic}" for topic in topics), ""]
    lines += [*told.images, "", "related:"]
    for other in mentioned(dice, number, count):
        lines.extend(mention(other))
    return "\n".join([*lines, "", secured(dice), "---", "", ""])


def path_of(folder: str, number: int) -> str:
    return os.path.join(folder, f"{number // FOLDER:03d}", f"{number:06d}.md")


def write_all(folder: str, count: int) -> None:
    """Write `count` records, a thousand to a folder."""
    for number in range(count):
        if number % FOLDER == 0:
            Path(folder, f"{number // FOLDER:03d}").mkdir(parents=True, exist_ok=True)
        Path(path_of(folder, number)).write_text(record(number, count), encoding="utf-8")


def retitle(text: str, seed: int, _dice: Random) -> str:
    """Return the record with a title it never had before for this seed."""
    return re.sub(r'(?m)^(title: ".*?)( \(update \d+\))?"$', rf'\1 (update {seed})"', text, count=1)


def reseal(text: str, _seed: int, dice: Random) -> str:
    """Return the record with another `secured` and another `heat`: nothing a reader sees."""
    text = re.sub(r"(?m)^secured: .*$", secured(dice), text, count=1)
    return re.sub(r"(?m)^heat: .*$", f"heat: {dice.randint(100, 999)}", text, count=1)


def change(folder: str, count: int, changed: int, seed: int, how: Callable[[str, int, Random], str]) -> None:
    """Rewrite `changed` of the `count` records in place; the seed says which and to what."""
    dice = Random(f"change {seed}")
    for number in sorted(dice.sample(range(count), changed)):
        path = Path(path_of(folder, number))
        path.write_text(how(path.read_text(encoding="utf-8"), seed, dice), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make synthetic records, or change some of those made before.")
    parser.add_argument("--count", type=int, required=True, help="how many records there are")
    parser.add_argument("--out", required=True, help="the folder of the records")
    parser.add_argument("--edit", type=int, default=0, metavar="K", help="change the title of K records in place")
    parser.add_argument("--touch-secured", type=int, default=0, metavar="K", help="change only secured and heat of K")
    parser.add_argument("--seed", type=int, default=1, help="which records to change, and to what")
    asked = parser.parse_args()
    if asked.edit:
        change(asked.out, asked.count, asked.edit, asked.seed, retitle)
    if asked.touch_secured:
        change(asked.out, asked.count, asked.touch_secured, asked.seed, reseal)
    if not (asked.edit or asked.touch_secured):
        write_all(asked.out, asked.count)


if __name__ == "__main__":
    main()
