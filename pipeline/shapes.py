"""What a value of JSON must be to be used: the right shape, finite numbers, whole characters."""

from __future__ import annotations

import math
import re
from typing import Any

NUMBER = int | float
_HALF = re.compile(r"[\ud800-\udfff]")


def has_halves(value: str) -> bool:
    """Whether a text holds halves of characters (lone surrogates), which no file in UTF-8 can hold."""
    return _HALF.search(value) is not None


def whole(value: str) -> str:
    """A value of metadata that can be written as UTF-8: halves of characters become the replacement character."""
    return _HALF.sub("\ufffd", value)


def finite(value: Any) -> Any:
    """The value of JSON with null for every number that is none (NaN) or has no end."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def misfit(value: Any, shape: Any, where: str = "") -> str:
    """Where a value of JSON breaks a shape, in words; empty when it fits.

    A shape is a type, a list of one shape, or an object of shapes: a key that ends in `?` may be missing, the key `str`
    stands for every key, and keys that are not named may hold anything. Numbers must be finite, texts without halves of
    characters.
    """
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{where} is no list"
        return next(filter(None, (misfit(item, shape[0], f"{where}[{i}]") for i, item in enumerate(value))), "")
    if isinstance(shape, dict):
        return _object_misfit(value, shape, where)
    right = isinstance(value, shape) and (shape is object or not isinstance(value, bool))
    if isinstance(value, str) and has_halves(value):
        return f"{where} holds half a character"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{where} is no number"
    return "" if right else f"{where} is {'missing' if value is None else 'of the wrong type'}"


def _object_misfit(value: Any, shape: dict[Any, Any], where: str) -> str:
    if not isinstance(value, dict):
        return f"{where or 'it'} is no object"
    if str in shape:
        pairs = [(key, item, shape[str]) for key, item in value.items()]
    else:
        pairs = [
            (key, value.get(key), part)
            for name, part in shape.items()
            if (key := name.removesuffix("?")) == name or key in value
        ]
    if any(map(has_halves, (key for key, _, _ in pairs))):
        return f"{where} has a key with half a character"
    return next(filter(None, (misfit(item, part, f"{where}.{key}".lstrip(".")) for key, item, part in pairs)), "")
