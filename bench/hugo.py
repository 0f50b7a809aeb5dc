"""Lay out a Hugo site over the records that makes the same feeds as `feeds build`, and check what Hugo made of it.

Hugo gets every advantage it has a switch for: no page but the feeds is rendered, and the formats count as plain text,
which spares Hugo the contextual escaping of HTML. Entries are no cached partials: over seven pairs of runs the cache
saved nothing (medians 5.85 CPU s with it, 5.64 without).

    python bench/hugo.py --records records --site site
    hugo --quiet --source site --destination public
    python bench/hugo.py --records records --check site/public
"""

import argparse
import json
import os
import re
from collections import Counter
from pathlib import Path

LIMIT = 50
FILES = {"rss": "index.xml", "atom": "index.atom", "json": "index.json"}
MARKS = {"rss": b"<item>", "atom": b"<entry>", "json": b'{"id":'}

CONFIG = """\
baseURL = "https://feeds.example.org/"
title = "Bench"
timeZone = "UTC"
ignoreErrors = ["error-disable-taxonomy"]
disableKinds = ["section", "taxonomy", "sitemap", "robotsTXT", "404"]
[taxonomies]
topic = "topics"
provider = "providers"
[frontmatter]
date = ["publishedDateTime"]
[outputs]
home = FORMATS
term = FORMATS
[outputFormats.RSS]
mediaType = "application/rss+xml"
baseName = "index"
isPlainText = true
[outputFormats.ATOM]
mediaType = "application/atom+xml"
baseName = "index"
isPlainText = true
[outputFormats.JSON]
mediaType = "application/json"
baseName = "index"
isPlainText = true
[mediaTypes."application/atom+xml"]
suffixes = ["atom"]
[[cascade]]
[cascade._build]
render = "never"
list = "always"
[cascade._target]
kind = "page"
"""

PAGES = """\
{{- $pages := .Pages }}{{ if .IsHome }}{{ $pages = .Site.RegularPages }}{{ end }}{{ $pages = first 50 $pages -}}
{{- $updated := now }}{{ with index $pages 0 }}{{ $updated = .Date }}{{ end -}}
"""

RSS = (
    PAGES
    + """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>{{ .Title | htmlEscape }}</title>
<link>{{ .Permalink }}</link>
<description>The newest of {{ .Title | htmlEscape }}.</description>
<language>en</language>
<ttl>60</ttl>
<lastBuildDate>{{ $updated.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</lastBuildDate>
{{ with .OutputFormats.Get "RSS" }}<atom:link href="{{ .Permalink }}" rel="self" type="application/rss+xml"/>{{ end }}
{{ range $pages }}{{ partial "entry.rss" . }}{{ end -}}
</channel>
</rss>
"""
)

RSS_ENTRY = """\
<item><title>{{ .Title | htmlEscape }}</title><link>{{ .Params.weburl | htmlEscape }}</link>\
<description>{{ .Params.excerpt | htmlEscape | htmlEscape }}</description>\
<dc:creator>{{ .Params.provider.name | htmlEscape }}</dc:creator>\
{{ range .Params.topics }}\
<category domain="https://feeds.example.org/topics/">{{ . | htmlEscape }}</category>{{ end }}\
<guid isPermaLink="false">urn:md5:{{ md5 .Params.originalurl }}</guid>\
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>\
<source url="https://feeds.example.org/providers/{{ .Params.provider.domain }}/index.xml">\
{{ .Params.provider.name | htmlEscape }}</source>\
{{ with .Params.images }}{{ with index . 0 }}\
<media:content url="{{ .url | htmlEscape }}" medium="image" width="{{ .width }}" height="{{ .height }}"/>\
<media:thumbnail url="{{ .url | htmlEscape }}" width="{{ .width }}" height="{{ .height }}"/>{{ end }}{{ end }}</item>
"""

ATOM = (
    PAGES
    + """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en">
<id>{{ .Permalink }}</id>
<title>{{ .Title | htmlEscape }}</title>
<subtitle>The newest of {{ .Title | htmlEscape }}.</subtitle>
<updated>{{ $updated.Format "2006-01-02T15:04:05Z07:00" }}</updated>
<author><name>Bench</name></author>
<link href="{{ .Permalink }}" rel="alternate" type="text/html"/>
{{ with .OutputFormats.Get "ATOM" }}<link href="{{ .Permalink }}" rel="self" type="application/atom+xml"/>{{ end }}
{{ range $pages }}{{ partial "entry.atom" . }}{{ end -}}
</feed>
"""
)

ATOM_ENTRY = """\
{{ $date := .Date.Format "2006-01-02T15:04:05Z07:00" }}{{ $home := print "https://" .Params.provider.domain "/" }}\
{{ $self := print "https://feeds.example.org/providers/" .Params.provider.domain "/index.atom" }}\
<entry><id>urn:md5:{{ md5 .Params.originalurl }}</id><title>{{ .Title | htmlEscape }}</title>\
<link href="{{ .Params.weburl | htmlEscape }}" rel="alternate" type="text/html"/>\
<published>{{ $date }}</published><updated>{{ $date }}</updated>\
<author><name>{{ .Params.provider.name | htmlEscape }}</name><uri>{{ $home }}</uri></author>\
{{ range .Params.topics }}\
<category term="{{ . | htmlEscape }}" scheme="https://feeds.example.org/topics/" \
label="{{ . | htmlEscape }}"/>{{ end }}<summary>{{ .Params.excerpt | htmlEscape }}</summary>\
<source><id>{{ $self }}</id><title>{{ .Params.provider.name | htmlEscape }}</title><updated>{{ $date }}</updated>\
<link href="{{ $self }}" rel="self"/></source>\
{{ with .Params.images }}{{ with index . 0 }}\
<media:content url="{{ .url | htmlEscape }}" medium="image" width="{{ .width }}" height="{{ .height }}"/>\
<media:thumbnail url="{{ .url | htmlEscape }}" width="{{ .width }}" height="{{ .height }}"/>{{ end }}{{ end }}\
</entry>
"""

JSON = (
    PAGES
    + """\
{"version":"https://jsonfeed.org/version/1.1","title":{{ .Title | jsonify }},\
"home_page_url":{{ .Permalink | jsonify }},\
"description":{{ print "The newest of " .Title "." | jsonify }},"language":"en",\
{{ with .OutputFormats.Get "JSON" }}"feed_url":{{ .Permalink | jsonify }},{{ end }}"items":[
{{ range $place, $page := $pages }}{{ if $place }},
{{ end }}{{ partial "entry.json" $page }}{{ end }}
]}
"""
)

JSON_ENTRY = """\
{{ $date := .Date.Format "2006-01-02T15:04:05Z07:00" }}\
{{ $home := print "https://" .Params.provider.domain "/" -}}
{"id":"urn:md5:{{ md5 .Params.originalurl }}","url":{{ .Params.weburl | jsonify }},"title":{{ .Title | jsonify }},\
"content_text":{{ .Params.excerpt | jsonify }},\
{{ with .Params.images }}"image":{{ (index . 0).url | jsonify }},{{ end }}\
"date_published":"{{ $date }}","date_modified":"{{ $date }}","tags":{{ .Params.topics | jsonify }},\
"authors":[{"name":{{ .Params.provider.name | jsonify }},"url":{{ $home | jsonify }}}]}
"""

TEMPLATES = {
    "_default/list.rss.xml": RSS,
    "_default/list.atom.atom": ATOM,
    "_default/list.json.json": JSON,
    "partials/entry.rss": RSS_ENTRY,
    "partials/entry.atom": ATOM_ENTRY,
    "partials/entry.json": JSON_ENTRY,
}


def domain_of(text: str) -> str:
    """Return the domain of the record's own provider; those of related stories are indented deeper."""
    found = re.search(r"(?m)^  domain: (.+)$", text)
    return found[1] if found else ""


def topics_of(text: str) -> list[str]:
    """Return the record's topics."""
    found = re.search(r"(?m)^topics:\n((?:  - .+\n)+)", text)
    return [line[4:] for line in found[1].splitlines()] if found else []


def lay_out(records: Path, site: Path, formats: list[str]) -> None:
    """Write Hugo's configuration, templates and content; a taxonomy needs a list, so `providers` joins each record."""
    site.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps([name.upper() for name in formats])
    (site / "hugo.toml").write_text(CONFIG.replace("FORMATS", wanted), encoding="utf-8")
    for name, body in TEMPLATES.items():
        path = site / "layouts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    for folder in sorted(entry for entry in records.iterdir() if entry.is_dir()):
        target = site / "content" / "records" / folder.name
        target.mkdir(parents=True, exist_ok=True)
        for name in sorted(os.listdir(folder)):
            text = (folder / name).read_text(encoding="utf-8")
            body = text.replace("---\n", f"---\nproviders: [{domain_of(text)}]\n", 1)
            (target / name).write_text(body, encoding="utf-8")


def expected(records: Path) -> Counter[int]:
    """Return how many feeds must hold how many entries, for one format."""
    members: Counter[str] = Counter()
    for path in records.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        members.update(["all", f"provider {domain_of(text)}", *(f"topic {name}" for name in topics_of(text))])
    return Counter(min(LIMIT, count) for count in members.values())


def made(public: Path, form: str) -> Counter[int]:
    """Return how many feeds of one format hold how many entries."""
    return Counter(path.read_bytes().count(MARKS[form]) for path in public.rglob(FILES[form]))


def check(records: Path, public: Path, formats: list[str]) -> None:
    """Say what Hugo made; exit where a feed or an entry is missing."""
    wanted = expected(records)
    for form in formats:
        found = made(public, form)
        print(f"{form}: {found.total()} feeds, {found[LIMIT]} of them with {LIMIT} entries")
        if found != wanted:
            raise SystemExit(f"{form}: wanted {wanted.total()} feeds, {wanted[LIMIT]} of them with {LIMIT} entries")


def main() -> None:
    parser = argparse.ArgumentParser(description="Lay out a Hugo site over records, or check what Hugo made of it.")
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--site", type=Path, help="write the site here")
    parser.add_argument("--check", type=Path, metavar="PUBLIC", help="check what Hugo published here")
    parser.add_argument("--formats", default="rss,atom", help="which of rss, atom and json (default: rss,atom)")
    asked = parser.parse_args()
    formats = asked.formats.split(",")
    if asked.site:
        lay_out(asked.records, asked.site, formats)
    if asked.check:
        check(asked.records, asked.check, formats)


if __name__ == "__main__":
    main()
