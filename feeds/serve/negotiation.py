"""Which content coding suits a request: Accept-Encoding of RFC 9110 12.5.3, as pure functions."""

from functools import lru_cache

_ALIASES = {"x-gzip": "gzip"}


@lru_cache(maxsize=1024)
def chosen(accepted: bytes | None, codings: tuple[str, ...]) -> str | None:
    """Return which of `codings` ("" for none, the best first) to send, None if the request refuses all of them.

    `accepted` is the field's value, None if there was none: then only what is not coded at all is safe.
    """
    if accepted is None:
        return "" if "" in codings else None
    weights = _weights(accepted)
    rated = [(_weight(coding, weights), coding) for coding in codings]
    best = max((weight for weight, _ in rated), default=0.0)
    return next((coding for weight, coding in rated if weight == best), None) if best > 0 else None


def _weight(coding: str, weights: dict[str, float]) -> float:
    if coding:
        return weights.get(coding, weights.get("*", 0.0))
    # Not coded is acceptable unless refused, but anything asked for by name is preferred to it.
    return weights.get("identity", 0.0005 if weights.get("*", 1.0) > 0 else 0.0)


def _weights(accepted: bytes) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            weights[_ALIASES.get(name, name)] = _quality(parameters)
    return weights


def _quality(parameters: list[str]) -> float:
    """Return q of a part; one that cannot be read counts as refused, which is always safe."""
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0.0 <= weight <= 1.0 else 0.0
    return 1.0
