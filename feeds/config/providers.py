"""Turn providers.yaml into provider entries, by domain and by every name they go by.

This module must never accept a domain that could not be a file name.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from feeds.config.checks import Text, WebUrl
from feeds.config.document import Document
from feeds.config.entries import Claims, Names, entries
from feeds.config.faults import Fault
from feeds.config.keys import Loc
from feeds.config.section import Section
from feeds.items.slugs import fold
from feeds.items.urls import clean_domain
from feeds.model import ProviderEntry


def _as_domain(value: str) -> str:
    """Return the clean form of a domain, or "" where it is none: a name without a dot is no site of a publisher."""
    domain = "" if any(char.isspace() for char in value.strip()) else clean_domain(value)
    return domain if "." in domain else ""


def _domain(value: str) -> str:
    domain = _as_domain(value)
    if not domain:
        raise ValueError(f"must be a domain such as example.org, not {value!r}")
    return domain


Domain = Annotated[str, AfterValidator(_domain)]


class ProviderSettings(Section):
    """One provider."""

    domain: Domain = Field(description="The domain of the provider; it names the provider's feeds.")
    name: Text = Field(description="The name of the provider as feeds show it.")
    aliases: Names = Field((), description="Other domains and names that mean the same provider.")
    description: str = Field("", description="One line on who the provider is.")
    image: WebUrl = Field("", description="The URL of a picture for the provider.")


class ProvidersFile(Section):
    """What providers.yaml may hold."""

    providers: Annotated[tuple[ProviderSettings, ...], Field(strict=False)] = Field((), description="The providers.")


def providers_of(document: Document) -> tuple[dict[str, ProviderEntry], list[Fault]]:
    """Return the providers by domain, alias domain, folded name and folded alias, and what is wrong with them."""
    listed = _listed(document)
    providers, faults = entries(listed, ProvidersFile, "providers", ProviderSettings)
    claims = Claims(listed, "domain, name or alias")
    known: dict[str, ProviderEntry] = {}
    for index, each in providers.items():
        entry = ProviderEntry(each.name, each.domain, each.aliases, each.description, each.image)
        for key, written, loc in _keys(each, ("providers", index)):
            claims.claim(key, written, loc)
            known.setdefault(key, entry)
    return known, [*faults, *claims.faults]


def _keys(provider: ProviderSettings, at: Loc) -> list[tuple[str, str, Loc]]:
    """Return every key the provider is found by, with the name that gave it and where that name is written."""
    keys: list[tuple[str, str, Loc]] = [
        (provider.domain, provider.domain, (*at, "domain")),
        (fold(provider.name), provider.name, (*at, "name")),
    ]
    for index, alias in enumerate(provider.aliases):
        keys += [(key, alias, (*at, "aliases", index)) for key in (_as_domain(alias), fold(alias)) if key]
    return keys


def _listed(document: Document) -> Document:
    """Return a file that maps domains to entries as the list of entries it means, with the same places."""
    mapping = document.value.get("providers")
    if not isinstance(mapping, dict):
        return document
    entries = [{"domain": domain, **inner} if isinstance(inner, dict) else inner for domain, inner in mapping.items()]
    index = {domain: number for number, domain in enumerate(mapping)}
    keys = {_relisted(loc, index): mark for loc, mark in document.keys.items()}
    values = {_relisted(loc, index): mark for loc, mark in document.values.items()}
    for domain, number in index.items():
        values.setdefault(("providers", number, "domain"), document.keys["providers", domain])
    return Document(document.label, {**document.value, "providers": entries}, keys, values)


def _relisted(loc: Loc, index: dict[str, int]) -> Loc:
    if len(loc) < 2 or loc[0] != "providers":
        return loc
    return ("providers", index[str(loc[1])], *loc[2:])
