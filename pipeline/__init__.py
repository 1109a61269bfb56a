"""Leadlight: brings leadership to light in care-award nominations, as quotations with their place in the text.

The stages, each a module or a package of its own::

    read -> Nomination -> parse -> sentences -> features -> model -> evidence -> report

Nouns (`records`, `frameworks`) hold data; verbs move it; `workflow` is the only module that composes verbs.
Importing this package is silent and loads nothing heavy.
"""

__version__ = "0.1.0"
