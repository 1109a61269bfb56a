"""Reading nominations from tables and documents: `read` gives nominations and rejections, one for every row."""

from pipeline.read.mapping import Mapping
from pipeline.read.run import Summary, ingest_files
from pipeline.read.source import Notes
from pipeline.read.sources import read

__all__ = ["Mapping", "Notes", "Summary", "ingest_files", "read"]
