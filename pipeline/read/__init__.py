"""Reading nominations from tables and documents: `read` gives nominations and rejections, one for every row."""

from pipeline.read.mapping import Mapping, mapping_of
from pipeline.read.source import Notes
from pipeline.read.sources import read

__all__ = ["Mapping", "Notes", "mapping_of", "read"]
