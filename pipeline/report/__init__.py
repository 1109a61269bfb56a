"""The judges' evidence pack: pages that show quotations and where they stand, never scores or ranks."""

from pipeline.report.figures import figures_of
from pipeline.report.pack import entries_of, write_pages
from pipeline.report.settings import Settings, read_settings
from pipeline.report.templating import Templates

__all__ = ["Settings", "Templates", "entries_of", "figures_of", "read_settings", "write_pages"]
