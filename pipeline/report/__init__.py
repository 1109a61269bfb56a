"""The judges' evidence pack: pages that show quotations and where they stand, never scores or ranks."""

from pipeline.report.pack import write_pack

__all__ = ["write_pack"]
