"""The documents and the code say the same."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin
from urllib.parse import unquote

import click
import pytest
import yaml
from click.testing import CliRunner

import feeds
from feeds.cli.main import COMMANDS
from feeds.cli.main import feeds as program
from feeds.config.custom_settings import CustomFeedSettings
from feeds.config.environment import variable
from feeds.config.keys import fields, leaves
from feeds.config.link_settings import HostSettings
from feeds.config.load import load
from feeds.config.providers import ProviderSettings
from feeds.config.settings import Settings
from feeds.config.source_settings import SourceSettings
from feeds.config.topics import TopicSettings
from feeds.selection.query.parse import FIELDS, parse_query
from feeds.selection.query.syntax import conditions

PROJECT = Path(__file__).resolve().parents[2]
OWN = ("*.md", "docs/**/*.md", "bench/*.md")
MARKDOWN = sorted(path for pattern in OWN for path in PROJECT.glob(pattern))
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def rows(markdown: str, *, under: str = "") -> list[list[str]]:
    """Return the cells of table rows that begin with a word in backquotes, of one section or of all."""
    if under:
        markdown = re.split(r"\n#+ ", markdown.partition(under)[2])[0]
    lines = re.findall(r"^\| `.*\|$", markdown, re.MULTILINE)
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def blocks(markdown: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)


# --- commands


def commands(command: click.Command = program, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(("feeds", *words)), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, (*words, name))


def usages(markdown: str) -> dict[str, str]:
    shown = (re.fullmatch(r"\$ (feeds.*) --help\n(.*)", block, re.DOTALL) for block in blocks(markdown, "text"))
    return {found[1]: found[2] for found in shown if found}


@pytest.mark.parametrize("name", ["README.md", "docs/commands.md"])
def test_every_usage_shown_is_what_help_prints(name):
    shown = usages(text(name))
    assert "feeds build" in shown
    for line, usage in shown.items():
        words = line.split()[1:]
        assert usage == CliRunner().invoke(program, [*words, "--help"], prog_name="feeds", terminal_width=78).output


def test_every_command_is_in_the_manual_with_its_usage():
    assert set(usages(text("docs/commands.md"))) | {"feeds config"} == {line for line, _ in commands()}


def test_every_command_is_in_the_readme():
    readme = text("README.md")
    assert [line for line, _ in commands() if line not in readme] == []


@pytest.mark.parametrize(("line", "command"), list(commands()), ids=lambda value: value if type(value) is str else "")
def test_every_command_has_an_example_in_its_help(line, command):
    assert re.match(rf"Examples?: {line}\b", command.epilog)


def test_every_command_module_is_listed():
    own = {path.stem for path in (PROJECT / "feeds" / "cli").glob("*.py")}
    assert {module.rpartition(".")[2] for module, _ in COMMANDS.values()} <= own


def test_every_argument_and_option_of_build_names_the_setting_it_overrides():
    told = {
        re.split(r"[ `]", row[0].strip("`"))[0]: row[1].strip("`")
        for row in rows(text("docs/commands.md"), under="## feeds build\n")
    }
    build = dict(commands())["feeds build"]
    given = {each.opts[0] if isinstance(each, click.Option) else "RECORDS_DIR": each for each in build.params}
    assert told.keys() - {key for key in told if not key.startswith("-") and key != "RECORDS_DIR"} == given.keys()
    settings = {".".join(key) for key, _ in leaves(Settings)}
    assert {told[each] for each in given} - {""} <= settings


# --- settings


def kind(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return f"one of {choices(annotation)}"
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        if get_origin(inner) is Literal:
            return f"list of {choices(inner)}"
        return "list of mappings" if inner in {CustomFeedSettings, HostSettings, SourceSettings} else "list of text"
    words: dict[object, str] = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    words[bool | None] = "true, false or nothing"
    return words.get(annotation, "whole number or nothing")


def choices(annotation: object) -> str:
    return ", ".join(f"`{choice}`" for choice in get_args(annotation))


def test_every_setting_is_in_the_manual_with_its_type_default_and_variable():
    told = [row[:4] for row in rows(text("docs/configuration.md"), under="## Settings\n")]
    assert told == [
        [f"`{'.'.join(key)}`", kind(info.annotation), f"`{json.dumps(info.default)}`", f"`{variable(key)}`"]
        for key, info in leaves(Settings)
    ]


def test_every_key_of_a_host_is_in_the_manual_with_its_type_and_default():
    told = [row[:3] for row in rows(text("docs/configuration.md"), under="### links.hosts")]
    defaults = {key: json.dumps(info.default) for key, info in fields(HostSettings).items() if not info.is_required()}
    assert told == [
        [f"`{key}`", kind(info.annotation), f"`{defaults[key]}`" if key in defaults else "required"]
        for key, info in fields(HostSettings).items()
    ]


def test_every_key_of_a_source_is_in_the_manual_with_its_meaning():
    told = [(row[0].strip("`"), row[3]) for row in rows(text("docs/sources.md"), under="## Where sources are listed")]
    assert told == [(key, info.description) for key, info in fields(SourceSettings).items()]


def test_the_sources_in_the_manual_are_fine(tmp_path):
    [shown] = blocks(text("docs/sources.md"), "yaml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text(shown, encoding="utf-8")
    assert [source.name for source in load(None, {}, {}, tmp_path).sources] == [
        "example-org-feed-xml", "members-example-org-feed-xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "model"), [("### topics.yaml", TopicSettings), ("### providers.yaml", ProviderSettings)]
)
def test_every_key_of_a_taxonomy_file_is_in_the_manual(section, model):
    told = [(row[0].strip("`"), row[2]) for row in rows(text("docs/configuration.md"), under=section)]
    assert [key for key, _ in told] == list(fields(model))
    assert [key for key, default in told if default == "required"] == [
        key for key, info in fields(model).items() if info.is_required()
    ]


def test_the_configuration_in_the_readme_is_fine(tmp_path):
    shown = [block for block in blocks(text("README.md"), "yaml") if not block.startswith("---")]
    (tmp_path / "config").mkdir()
    for name, block in zip(("feeds.yaml", "topics.yaml", "providers.yaml", "feeds.yaml"), shown, strict=True):
        with (tmp_path / "config" / name).open("a", encoding="utf-8") as file:
            file.write(block)
    loaded = load(None, {}, {}, tmp_path)
    assert [feed.name for feed in loaded.settings.custom_feeds] == ["top-photos"]
    assert loaded.settings.site.author == "The museum desk"
    assert loaded.taxonomy.topics["digital archives"].name == "Archives"
    assert loaded.taxonomy.topics["photography"].slug == "photo"
    assert loaded.taxonomy.providers["museum.test"].domain == "museum.example"
    assert loaded.settings.links.contact == "https://feeds.example.org/about"


def test_the_links_settings_in_the_manual_are_fine(tmp_path):
    [shown] = [block for block in blocks(text("docs/configuration.md"), "yaml") if block.startswith("links:")]
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text(shown, encoding="utf-8")
    links = load(None, {}, {}, tmp_path).settings.links
    assert [host.host for host in links.hosts] == ["slow.example", "intranet.example"]
    assert links.exclude
    assert links.allow_networks


def test_every_key_of_a_custom_feed_is_in_the_manual_with_its_meaning():
    told = [(row[0].strip("`"), row[3]) for row in rows(text("docs/custom-feeds.md"), under="# Custom feeds")[:9]]
    meant = [
        (key, (info.description or "").partition(";")[0].rstrip("."))
        for key, info in fields(CustomFeedSettings).items()
    ]
    assert [key for key, _ in told] == [key for key, _ in meant]
    assert all(words.startswith(meaning) for (_, words), (_, meaning) in zip(told, meant, strict=True))


def test_every_condition_of_a_query_is_in_the_manual_and_can_be_read():
    told = [row[0] for row in rows(text("docs/custom-feeds.md"), under="## Queries")]
    examples = [found for cell in told for found in re.findall(r"`([^`]+)`", cell)]
    assert {test.field for each in examples for test in conditions(parse_query(each).root)} == {*FIELDS}
    assert examples


def test_the_custom_feeds_in_the_manual_are_fine(tmp_path):
    [shown] = blocks(text("docs/custom-feeds.md"), "yaml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text(shown, encoding="utf-8")
    assert [feed.name for feed in load(None, {}, {}, tmp_path).settings.custom_feeds] == ["top-ai", "videos"]


@pytest.mark.parametrize(("name", "key"), [("topics", "AI"), ("providers", "Reuters")])
def test_the_taxonomy_in_the_manual_is_fine(tmp_path, name, key):
    shown = [block for block in blocks(text("docs/configuration.md"), "yaml") if block.startswith(name)]
    assert shown
    for block in shown:
        (tmp_path / f"{name}.yaml").write_text(block, encoding="utf-8")
        loaded = load(None, {f"taxonomy.{name}": f"{name}.yaml"}, {}, tmp_path)
        assert getattr(loaded.taxonomy, name)[key.lower()].name == key


# --- records and problems


def raised() -> set[str]:
    """Return every code of a problem in the source: it stands first, before what is wrong."""
    found = set()
    packages = (PROJECT / "feeds" / name for name in ("records", "items", "sources", "pipeline"))
    # What `feeds explain` says of an item is no problem, though it is written in the same form.
    told = ("explain", "explained", "lookup", "places", "witnesses", "provenance")
    for path in (path for package in packages for path in package.rglob("*.py") if path.stem not in told):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called in {"TextFault", "FieldFault", "Problem", "_fault", "fault", "note"}:
                    found |= set(list(filter(None, map(code, node.args)))[:1])
            elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and is_sentence(node.elts[1]):
                found |= {code(node.elts[0])} - {""}
    return found


def code(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and CODE.fullmatch(value) else ""


def is_sentence(node: ast.expr) -> bool:
    plain = isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    return plain or isinstance(node, ast.JoinedStr)


def test_every_code_of_a_problem_is_in_the_manual_and_every_one_there_exists():
    told = [row[0].strip("`") for row in rows(text("docs/records.md"), under="## Problems\n")]
    assert told == sorted(raised())


def test_the_record_in_the_readme_is_one():
    [shown] = [block for block in blocks(text("README.md"), "yaml") if block.startswith("---")]
    fields_ = yaml.safe_load(shown.split("---\n")[1])
    told = {
        name.strip("`") for row in rows(text("docs/records.md"), under="## The fields\n") for name in row[0].split(", ")
    }
    assert fields_.keys() <= told


# --- the rest


def test_the_changelog_begins_with_this_version():
    assert re.search(r"^## \[(.+?)\]", text("CHANGELOG.md"), re.MULTILINE)[1] == feeds.__version__


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_leads_somewhere(path):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = unquote(target).partition("#")
        if "://" in file:
            continue
        found = path.parent / file if file else path
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_function_that_the_architecture_names_exists():
    named = re.findall(r"`([a-z_/]+\.py)` `(\w+)`", text("docs/architecture.md"))
    assert len(named) > 20
    assert [
        pair
        for pair in named
        if not re.search(rf"^ *(async )?(def|class) {pair[1]}\b", text(f"feeds/{pair[0]}"), re.MULTILINE)
    ] == []


def test_every_path_that_the_documents_name_exists():
    packages = "|".join(path.parent.name for path in (PROJECT / "feeds").glob("*/__init__.py"))
    pattern = re.compile(rf"`((?:{packages})/\w+\.py)`")
    named = {found for path in MARKDOWN for found in pattern.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert [path for path in named if not (PROJECT / "feeds" / path).exists()] == []


def test_every_table_of_the_state_is_in_the_architecture():
    from feeds.store import schema

    told = [row[0].strip("`") for row in rows(text("docs/architecture.md"), under="## The state\n")]
    assert sorted(told) == sorted(schema.metadata.tables)
