"""Pages that show a plan to people."""

from overland.report.page import write_report

__all__ = ["write_report"]
