"""Labelled narratives: the authoring format, its checker, and exchange with other formats."""
