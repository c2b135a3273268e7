"""Everything about one combination: figures, years, files, and the command that gives it again."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from utils.errors import UserError
from utils.files import write_atomic
from utils.sweep.combinations import Swept
from utils.sweep.detail import Details, Figures, Year
from utils.sweep.export import equity_csv, trades_csv
from utils.sweep.grid import Values


@dataclass(frozen=True)
class Inspection:
    """One combination of a sweep.

    Attributes:
        params: complete parameters.
        figures: metrics by case: "swept", "fees x2", "slippage x2", "both x2", "holdout" (None without one).
        years: calendar years of the swept bars.
        files: the CSV files written, "trades" and "equity".
        reproduce: a shell command that simulates it again, and fails if its trades are not the same.
    """

    sweep: str
    combo: int
    params: Values
    figures: dict[str, Figures | None]
    years: list[Year]
    files: dict[str, Path]
    reproduce: str


def inspect(
    sweep: Swept, combo: int, folder: Path, expected_hash: int | None = None, database: Path | None = None
) -> Inspection:
    """Simulate combination `combo` again and write its trades and equity into `folder`.

    Args:
        expected_hash: hash that its trades must have.
        database: where the parameters of a search's trials are.
    Raises:
        UserError: no such combination, it makes no sense, or it trades differently.
    """
    details = Details(sweep)
    simulation = details.simulation(combo)
    figures = details.figures(combo)
    trades_hash = figures["trades_hash"]
    if expected_hash not in (None, trades_hash):
        raise UserError(
            f"{sweep.rows.noun} {combo} of {sweep.id} trades differently now (hash {trades_hash}, "
            f"not {expected_hash}); its bars, terms or code are not the same"
        )
    stem = f"{sweep.id.replace(':', '_')}_{combo}"
    files = {"trades": folder / f"{stem}_trades.csv", "equity": folder / f"{stem}_equity.csv"}
    write_atomic(files["trades"], trades_csv(sweep.swept_bars, simulation))
    write_atomic(files["equity"], equity_csv(sweep.swept_bars, simulation))
    return Inspection(
        sweep=sweep.id,
        combo=combo,
        params=sweep.rows.values(combo),
        figures={"swept": figures, **details.sensitivity(combo), "holdout": details.holdout(combo)},
        years=details.years(simulation),
        files=files,
        reproduce=_command(sweep, combo, trades_hash, database),
    )


def _command(sweep: Swept, combo: int, trades_hash: int, database: Path | None) -> str:
    data = sweep.config.data
    if database is not None:
        kept = ["--db", str(database), "--data", data.path, "--expect", str(trades_hash)]
        symbol = ["--symbol", sweep.symbol] if sweep.symbol else []
        return shlex.join(["python", "scripts/sweep.py", "show", str(combo), *kept, *symbol])
    words = ["python", "scripts/sweep.py", "show", str(combo), "--config", sweep.source, "--data", data.path]
    if sweep.symbol:
        words += ["--symbol", sweep.symbol]
    if data.start:
        words += ["--from", data.start.isoformat()]
    if data.end:
        words += ["--to", data.end.isoformat()]
    words += ["--holdout", f"{sweep.config.holdout!r}", "--expect", str(trades_hash)]
    return shlex.join(words)
