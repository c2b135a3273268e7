"""Market data in LEAN's format: make a sample, import files, see what is there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.progress import track
from rich.table import Table

from trading.simulation.instrument import SecurityType
from utils.cli import examples, group, json_option, output, print_json, progress_output
from utils.data.importing import import_file
from utils.data.inventory import Holding, take_stock
from utils.data.lean.series import Resolution, list_series
from utils.data.resample import RESOLUTIONS
from utils.data.sample import MIN_SESSIONS, write_sample
from utils.errors import UserError

DATA = Path("data")


@group()
def main() -> None:
    """Market data in LEAN's format."""


@main.command()
@examples("python scripts/data.py sample", "python scripts/data.py sample --output data --days 60 --seed 7")
@click.option("--output", "folder", type=click.Path(path_type=Path), default=DATA, show_default=True)
@click.option(
    "--days",
    type=click.IntRange(min=MIN_SESSIONS, max=1_000),
    default=20,
    show_default=True,
    help="Days of minute bars of the made-up symbols.",
)
@click.option("--seed", type=click.IntRange(min=0), default=2025, show_default=True)
@json_option
def sample(folder: Path, days: int, seed: int, as_json: bool) -> None:
    """Make a LEAN data folder with real daily bars of the S&P 500 and made-up minute bars of two symbols."""
    with progress_output().status("Writing"):
        write_sample(folder, days, seed)
    _show(_holdings(folder), as_json)
    if not as_json:
        output().print(
            f"SPX is real; SYNTH and SYNUSD are made up (see {folder / 'README.md'}).", markup=False
        )


@main.command("import")
@examples(
    "python scripts/data.py import bars.csv --symbol ETHUSD --security-type crypto --market coinbase",
    "python scripts/data.py import 5m.csv --symbol ETHUSD --security-type crypto --market coinbase "
    "--resample hour",
    "python scripts/data.py import spy.parquet --symbol SPY --security-type equity --market usa "
    "--timezone America/New_York",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--symbol", required=True, help="Ticker, such as SPY or BTCUSD.")
@click.option("--security-type", type=click.Choice([kind.value for kind in SecurityType]), required=True)
@click.option("--market", required=True, help="LEAN's name of the market: usa, coinbase, oanda, ...")
@click.option(
    "--resolution",
    type=click.Choice([one.value for one in Resolution]),
    help="What the bars are; refused when they are not.  [default: by their length]",
)
@click.option(
    "--resample",
    "resample_to",
    type=click.Choice([one.value for one in RESOLUTIONS]),
    help="Make longer bars of them.",
)
@click.option(
    "--timezone",
    default="UTC",
    show_default=True,
    help="Time zone of times without a UTC offset (IANA name).",
)
@click.option("--round-prices", is_flag=True, help="Round prices of equities to the 0.0001 that LEAN keeps.")
@click.option("--data", "folder", type=click.Path(path_type=Path), default=DATA, show_default=True)
@json_option
def import_(
    file: Path,
    symbol: str,
    security_type: str,
    market: str,
    resolution: str | None,
    resample_to: str | None,
    timezone: str,
    round_prices: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Bring the bars of FILE (CSV or Parquet) into a LEAN data folder."""
    imported = import_file(
        file,
        folder,
        symbol=symbol,
        security_type=SecurityType(security_type),
        market=market,
        resolution=Resolution(resolution) if resolution else None,
        resample_to=Resolution(resample_to) if resample_to else None,
        timezone=timezone,
        round_prices=round_prices,
    )
    if imported.note:
        click.echo(f"note: LEAN will not trade it yet: {imported.note}", err=True)
    files = [str(path) for path in imported.files]
    if as_json:
        print_json({"series": str(imported.series), "bars": len(imported.bars), "files": files})
        return
    where = files[0] if len(files) == 1 else f"{len(files)} files in {imported.files[0].parent}"
    output().print(f"{len(imported.bars):,} bars of {imported.series} in {where}", markup=False)


@main.command()
@examples("python scripts/data.py info", "python scripts/data.py info --data ../lean/Data --json")
@click.option("--data", "folder", type=click.Path(path_type=Path), default=DATA, show_default=True)
@json_option
def info(folder: Path, as_json: bool) -> None:
    """List the series of a LEAN data folder, with the bars missing in their markets' regular hours.

    Exits 1 when a series cannot be read.
    """
    holdings = _holdings(folder)
    _show(holdings, as_json)
    broken = [holding for holding in holdings if holding.error]
    if broken:
        for holding in broken:
            click.echo(f"{holding.series}: {holding.error}", err=True)
        raise UserError(
            f"{folder}: {len(broken)} of {len(holdings)} series cannot be read; mend or remove them"
        )


def _holdings(folder: Path) -> list[Holding]:
    series = list_series(folder)
    if not series:
        raise UserError(f"{folder}: no series of bars; make some with scripts/data.py sample")
    console = progress_output()
    quiet = not console.is_terminal
    return [
        take_stock(folder, one)
        for one in track(series, "Reading", console=console, transient=True, disable=quiet)
    ]


def _show(holdings: list[Holding], as_json: bool) -> None:
    if as_json:
        print_json([_plain(holding) for holding in holdings])
        return
    table = Table(box=None, header_style="bold")
    for column in ("series", "first bar (UTC)", "last bar (UTC)"):
        table.add_column(column)
    for column in ("bars", "missing", "gaps"):
        table.add_column(column, justify="right")
    table.add_column("longest gap (UTC)")
    for holding in holdings:
        table.add_row(str(holding.series), *_cells(holding))
    output().print(table)


def _cells(holding: Holding) -> list[str]:
    if holding.error:
        return ["cannot be read"]
    longest = max(holding.gaps, key=lambda gap: gap.bars, default=None)
    described = (
        f"{_minute(longest.first)} to {_minute(longest.last)}, {longest.bars:,} bars" if longest else ""
    )
    return [
        _minute(holding.first),
        _minute(holding.last),
        f"{holding.bars:,}",
        f"{holding.missing:,}",
        f"{len(holding.gaps):,}",
        described,
    ]


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _plain(holding: Holding) -> dict[str, object]:
    series = holding.series
    return {
        "series": str(series),
        "security_type": series.security_type,
        "market": series.market,
        "symbol": series.symbol,
        "resolution": series.resolution,
        "tick_type": series.tick_type,
        "first": holding.first,
        "last": holding.last,
        "bars": holding.bars,
        "expected": holding.expected,
        "missing": holding.missing,
        "gaps": [{"first": gap.first, "last": gap.last, "bars": gap.bars} for gap in holding.gaps],
        "error": holding.error,
    }


if __name__ == "__main__":
    main()
