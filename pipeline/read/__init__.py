"""Reading nominations from tables and documents: `read` gives nominations and rejections, one for every row."""

from pipeline.read.flags import FLAGS
from pipeline.read.guess import guessed
from pipeline.read.mapping import Mapping
from pipeline.read.run import Summary, ingest_files
from pipeline.read.source import Notes
from pipeline.read.sources import read

__all__ = ["FLAGS", "Mapping", "Notes", "Summary", "guessed", "ingest_files", "read"]
