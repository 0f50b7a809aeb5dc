from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from feeds.config.keys import leaves
from feeds.config.load import load
from feeds.config.providers import ProviderSettings, ProvidersFile
from feeds.config.schema import json_schema
from feeds.config.settings import Settings
from feeds.config.show import effective, masked
from feeds.config.topics import TopicSettings, TopicsFile

PROJECT = Path(__file__).resolve().parents[3]
OWN = (PROJECT / "config" / "feeds.yaml").read_text(encoding="utf-8")


def test_every_setting_is_told_in_order_with_its_value_and_origin(tmp_path):
    rows = effective(load(None, {"json": True, "records": ["a", "b"]}, {"FEEDS_SITE__TITLE": "T"}, tmp_path))
    assert [key for key, _, _ in rows] == [".".join(key) for key, _ in leaves(Settings)]
    assert rows[0] == ("records", ["a", "b"], "--records")
    assert ("json", True, "--json") in rows
    assert ("site.title", "T", "environment FEEDS_SITE__TITLE") in rows
    assert rows[-1] == ("taxonomy.providers", "config/providers.yaml", "default")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://me:secret@host:5432/feeds", "postgresql+psycopg://me:***@host:5432/feeds"),
        ("postgresql://me:sec@re/t@host/feeds", "postgresql://me:***@host/feeds"),
        ("postgresql://:secret@host/feeds", "postgresql://:***@host/feeds"),
        ("postgresql://host/feeds?user=me&password=secret", "postgresql://host/feeds?user=me&password=***"),
        ("postgresql://host/feeds?sslpassword=secret&a=b", "postgresql://host/feeds?sslpassword=***&a=b"),
        ("postgresql://host:5432/feeds", "postgresql://host:5432/feeds"),
        (".feeds/state.db", ".feeds/state.db"),
    ],
)
def test_a_password_is_never_shown(tmp_path, url, shown):
    assert masked(url) == shown
    assert ("state", shown, "--state") in effective(load(None, {"state": url}, {}, tmp_path))


def test_the_schema_is_one_and_takes_our_own_file():
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(yaml.safe_load(OWN))
    assert validator.is_valid({})
    assert validator.is_valid(Settings().model_dump(mode="json", by_alias=True))


@pytest.mark.parametrize(
    "wrong",
    [{"baes_url": "x"}, {"site": {"titel": "x"}}, {"feeds": {"limit": 0}}, {"feeds": {"formats": ["xml"]}},
     {"records": []}, {"jobs": "4"}, {"json_output": True}, {"site": {"language": "English!"}}],
)  # fmt: skip
def test_the_schema_refuses_what_loading_refuses(wrong):
    assert not Draft202012Validator(json_schema()).is_valid(wrong)


@pytest.mark.parametrize("model", [Settings, TopicsFile, TopicSettings, ProvidersFile, ProviderSettings])
def test_every_setting_has_a_description(model):
    assert model.model_fields
    assert [name for name, info in model.model_fields.items() if not info.description] == []
    assert [key for key, info in leaves(model) if not info.description] == []


def test_every_group_of_the_schema_is_closed():
    schema = json_schema()
    groups = [schema, *schema["$defs"].values()]
    assert [group["title"] for group in groups if group["additionalProperties"] is not False] == []


def test_our_own_configuration_is_fine_and_holds_only_what_differs():
    loaded = load(None, {}, {}, PROJECT)
    changed = {key for key, origin in loaded.origins.items() if origin != "default"}
    assert changed == {"records", "base_url", "site.title", "site.description", "feeds.group_same_stories"}
    assert loaded.record_roots == (PROJECT / "seeds",)
    assert loaded.taxonomy.topics["artificial intelligence"].name == "AI"
    assert loaded.taxonomy.topics["computer vision"].parent == "AI"
    assert loaded.taxonomy.providers["biometric companies"].domain == "biometricupdate.com"
    assert loaded.taxonomy.providers["reuters.com"].aliases == ()
