"""The lines of a series over a range of dates, from no more files than that takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from utils.data.lean.archive import read_entry
from utils.data.lean.cache import TableCache
from utils.data.lean.clock import day_number
from utils.data.lean.map_files import Span
from utils.data.lean.series import LeanSeries
from utils.data.lean.table import Source, Table, concatenate, parse


def read_table(
    folder: Path, series: LeanSeries, spans: Sequence[Span], cache: TableCache | None = None
) -> Table:
    """Lines of the dates of `spans`, each under its ticker; no lines where there are no files.

    Raises:
        UserError: a file that is damaged, or lines that are malformed.
    """
    pieces_of = _days if series.resolution.file_a_day else _whole
    tables = []
    for span in spans:
        tables += [
            piece.between(day_number(span.first), day_number(span.last))
            for piece in pieces_of(folder, series, span, cache)
        ]
    return concatenate(tables, series.tick_type)


def _whole(folder: Path, series: LeanSeries, span: Span, cache: TableCache | None) -> Iterator[Table]:
    path = series.whole_path(folder, span.ticker)
    if path.exists():
        entry = series.entry_name(None, span.ticker)

        def load() -> Table:
            return parse([Source(path, read_entry(path, entry), None)], series.tick_type)

        yield cache.table(f"{path.stem}_{series.tick_type}", [path], load) if cache else load()


def _days(folder: Path, series: LeanSeries, span: Span, cache: TableCache | None) -> Iterator[Table]:
    """Files of a day each. Whole months are cached, each on its own; days of others are just read."""
    files = series.day_files(folder, span.ticker)

    def load(chosen: Sequence[tuple[date, Path]]) -> Table:
        sources = [
            Source(path, read_entry(path, series.entry_name(day, span.ticker)), day) for day, path in chosen
        ]
        return parse(sources, series.tick_type)

    def wanted(chosen: Sequence[tuple[date, Path]]) -> list[tuple[date, Path]]:
        return [(day, path) for day, path in chosen if span.first <= day <= span.last]

    if cache is None:
        yield load(wanted(files))
        return
    for month, members in groupby(files, key=lambda file: f"{file[0]:%Y%m}"):
        chosen = list(members)
        if wanted(chosen) == chosen:
            paths = [path for _, path in chosen]
            yield cache.table(f"{month}_{series.tick_type}", paths, lambda days=chosen: load(days))  # type: ignore[misc]
        elif wanted(chosen):
            yield load(wanted(chosen))
