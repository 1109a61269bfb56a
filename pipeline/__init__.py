"""Leadlight: brings leadership to light in care-award nominations, as quotations with their place in the text.

The stages, each a module or a package of its own::

    read -> Nomination -> parse -> sentences -> features -> model -> evidence -> report

Nouns (`records`, `frameworks`) hold data; verbs move it; `workflow` is the only module that composes verbs.
Importing this package is silent and loads nothing heavy; `load`, `tag`, `nominations_of` and `read_evidence` are there
when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.workflow.api import load, nominations_of, read_evidence, tag

__version__ = "0.1.0"
__all__ = ["__version__", "load", "nominations_of", "read_evidence", "tag"]


def __getattr__(name: str) -> Any:
    """The names of the Python API, imported when first used."""
    if name in ("load", "nominations_of", "read_evidence", "tag"):
        from pipeline.workflow import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
