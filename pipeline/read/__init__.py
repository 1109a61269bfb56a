"""Reading: files as organisers have them to nominations, every row kept or rejected with its reason."""

from pipeline.read.headers import Mapping
from pipeline.read.sources import read

__all__ = ["Mapping", "read"]
