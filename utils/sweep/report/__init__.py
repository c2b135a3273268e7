"""One self-contained HTML file that says what a sweep found, and how far to believe it."""

from utils.sweep.report.page import write_report

__all__ = ["write_report"]
