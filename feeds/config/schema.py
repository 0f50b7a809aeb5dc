"""Tell editors and other programs what feeds.yaml may hold.

This module must never say anything that the models do not.
"""

from feeds.config.settings import Settings


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of feeds.yaml, closed to unknown keys."""
    schema = Settings.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "feeds.yaml"}
