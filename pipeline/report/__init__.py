"""The judges' evidence pack: pages that show quotations and where they stand, never scores or ranks."""

from pipeline.report.figures import figures_of
from pipeline.report.pack import write_pack
from pipeline.report.settings import Settings, read_settings

__all__ = ["Settings", "figures_of", "read_settings", "write_pack"]
