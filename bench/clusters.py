"""Measure how well and how fast items of the same story are found.

    python bench/clusters.py                     the labelled headlines, then 100,000 made ones
    python bench/clusters.py --records DIR       also every pair of the titles in a folder of records, to be read
    python bench/clusters.py --missed            also the labelled pairs that were judged wrongly

The labelled pairs are in bench/headlines/pairs.jsonl. Needs the packages of the project and nothing else.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from headlines_made import make
from rapidfuzz import fuzz
from yaml import YAMLError, safe_load

from feeds.clusters.candidate import DEFAULT_POLICY, HOUR, Candidate, Policy
from feeds.clusters.cluster import cluster
from feeds.clusters.likeness import Match, match, same_story, told
from feeds.clusters.words import words_of

PAIRS = Path(__file__).parent / "headlines" / "pairs.jsonl"
FRESH = ("fresh", "fresh, second")
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, help="a folder of records whose titles are compared, each with each")
    parser.add_argument("--common", default="", help="names that tell little there, with commas: Power Apps,Microsoft")
    parser.add_argument("--missed", action="store_true", help="print the labelled pairs judged wrongly")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--made", nargs=2, metavar=("COUNT", "DAYS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.made:
        print(json.dumps(timed(int(given.made[0]), float(given.made[1]))))
        return
    labelled(show_missed=given.missed)
    speed(given.count)
    if given.records:
        real(given.records, given.common.split(","))


# --- labelled pairs


def candidates(row: Row) -> tuple[Candidate, Candidate]:
    return (
        Candidate("a", row["a"], row.get("a_summary", ""), "a.example", 0),
        Candidate("b", row["b"], row.get("b_summary", ""), row.get("b_domain", "b.example"), 6 * HOUR),
    )


def labelled(*, show_missed: bool) -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    judged = [(row, same_story(*candidates(row))) for row in rows]
    by_kind: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for row, found in judged:
        by_kind[row["same"], row["made"]].append((found is not None) is row["same"])
    print("| same story | made by | pairs | judged rightly |\n|---|---|---:|---:|")
    for (same, made), right in sorted(by_kind.items(), key=lambda each: (not each[0][0], -len(each[1]))):
        print(f"| {'yes' if same else 'no'} | {made} | {len(right)} | {sum(right)} |")
    print("\n| | pairs | precision | recall |\n|---|---:|---:|---:|")
    tell("all", judged)
    tell("without retold", [each for each in judged if each[0]["made"] != "retold"])
    tell("written before the rules", [each for each in judged if each[0]["made"] not in FRESH])
    for made in FRESH:
        tell(made, [each for each in judged if each[0]["made"] == made])
    print("\n| instead of the rules | threshold | precision | recall |\n|---|---:|---:|---:|")
    for name, score in (("token_sort_ratio", fuzz.token_sort_ratio), ("token_set_ratio", fuzz.token_set_ratio)):
        rival(name, score, rows)
    print("\n| join | precision | recall |\n|---:|---:|---:|")
    for join in (0.75, 0.8, 0.84, 0.86, 0.88, 0.9, 0.95):
        policy = replace(DEFAULT_POLICY, join=join)
        precision, recall = quality([(row, same_story(*candidates(row), policy) is not None) for row in rows])
        print(f"| {join} | {precision:.3f} | {recall:.3f} |")
    if show_missed:
        missed(judged)


def quality(judged: Sequence[tuple[Row, bool]]) -> tuple[float, float]:
    """Return precision and recall; precision is 1 where nothing was found."""
    found = [row["same"] for row, matched in judged if matched]
    same = sum(row["same"] for row, _ in judged)
    return (sum(found) / len(found) if found else 1.0), sum(found) / same


def tell(name: str, judged: Sequence[tuple[Row, Match | None]]) -> None:
    precision, recall = quality([(row, found is not None) for row, found in judged])
    print(f"| {name} | {len(judged)} | {precision:.3f} | {recall:.3f} |")


def rival(name: str, score: Callable[[str, str], float], rows: Sequence[Row]) -> None:
    for at in (70, 80, 90):
        judged = [(row, score(row["a"].lower(), row["b"].lower()) >= at) for row in rows]
        precision, recall = quality(judged)
        print(f"| {name} | {at} | {precision:.3f} | {recall:.3f} |")


def missed(judged: Sequence[tuple[Row, Match | None]]) -> None:
    for row, found in judged:
        if (found is not None) is not row["same"]:
            print(f"\n{'not found' if row['same'] else 'wrongly found'} ({row['made']})\n  {row['a']}\n  {row['b']}")


# --- speed


def speed(count: int) -> None:
    print("\n| items | days | CPU s | items a second | more MiB | found | of equal pairs | clusters | of two stories |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for days in (30, 6):
        run = (sys.executable, __file__, "--made", str(count), str(days))
        print(json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)["row"])


def timed(count: int, days: float) -> dict[str, str]:
    """Cluster made items in this process, with the collector set as the program sets it."""
    gc.set_threshold(200_000, 50, 1000)
    made = make(count, days)
    gc.collect()
    gc.freeze()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    found = cluster(made.items)
    spent = time.process_time() - start
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    stories: dict[int, list[str]] = defaultdict(list)
    for name, story in made.story.items():
        stories[story].append(name)
    told_again = [names for names in stories.values() if len(names) > 1]
    joined = sum(len(found.members.get(found.leader[name], ())) > 1 for names in told_again for name in names)
    mixed = sum(len({made.story[name] for name in group}) > 1 for group in found.members.values())
    share = joined / sum(map(len, told_again))
    items = {each.id: each for each in made.items}
    pairs = [pair for names in told_again[:3000] for pair in combinations(names, 2)]
    equal = [pair for pair in pairs if same_story(items[pair[0]], items[pair[1]])]
    together = sum(found.leader[one] == found.leader[other] for one, other in equal) / len(equal)
    return {
        "row": f"| {len(made.items):,} | {days:g} | {spent:.2f} | {len(made.items) / spent:,.0f} | {memory:.0f} "
        f"| {share:.3f} | {together:.4f} | {len(found.members):,} | {mixed} |"
    }


# --- real titles


def real(folder: Path, names: Sequence[str]) -> None:
    """Print every pair of titles that would be one story if all were told within an hour by different providers."""
    policy = Policy(common=frozenset(word for name in names for word in words_of(name)))
    titles = sorted({title for path in sorted(folder.rglob("*")) if path.is_file() for title in titles_of(path)})
    read = [
        told(Candidate(str(place), title, "", f"p{place}.example", 0), policy) for place, title in enumerate(titles)
    ]
    found = [
        (one.candidate.title, other.candidate.title)
        for one, other in combinations(read, 2)
        if match(one, other, policy, policy.join)
    ]
    print(f"\n{len(titles)} titles, {len(titles) * (len(titles) - 1) // 2} pairs, {len(found)} found:")
    for one, other in found:
        print(f"  {one}\n    {other}")


def titles_of(path: Path) -> Iterator[str]:
    try:
        front = safe_load(path.read_text(encoding="utf-8").split("\n---")[0].removeprefix("---"))
    except (YAMLError, UnicodeDecodeError) as fault:
        print(f"left out: {path.name}: {type(fault).__name__}", file=sys.stderr)
        return
    if isinstance(front, dict):
        yield from (str(each["title"]) for each in (front, *(front.get("related") or ())) if each.get("title"))


if __name__ == "__main__":
    main()
