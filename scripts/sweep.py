"""Parameter sweeps and searches: run one, follow it, rank its rows, look into them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from utils.cli import examples, group, json_option, output, print_json, progress_output
from utils.errors import UserError
from utils.files import write_atomic
from utils.notify.notifier import Notifier
from utils.notify.sweeps import announced
from utils.notify.targets import targets
from utils.sweep.combinations import Swept
from utils.sweep.commands import options
from utils.sweep.commands.board import best_rows, csv_beside, only_symbol, print_best
from utils.sweep.commands.confirm import confirm
from utils.sweep.commands.placement import placing, ray_clusters
from utils.sweep.commands.search import search
from utils.sweep.config import load_config
from utils.sweep.definition import define
from utils.sweep.detail import Details
from utils.sweep.export import table_csv
from utils.sweep.inspection import Inspection, inspect
from utils.sweep.local import run_here
from utils.sweep.market_data import symbols_of
from utils.sweep.presentation import brief, figures_table, status_table, years_table
from utils.sweep.remote import run_on_ray
from utils.sweep.reopening import reopen, stored_combinations
from utils.sweep.robustness import assess_store
from utils.sweep.runner import available_cores
from utils.sweep.selection import chosen_sweep, state, stored_row
from utils.sweep.store import Store, SweepRecord


@group()
def main() -> None:
    """Exhaustive parameter sweeps over one strategy's grid, and searches over its parameters."""


main.add_command(search)
main.add_command(confirm)


@main.command("run")
@click.argument("config", type=click.Path(path_type=Path))
@options.overriding
@click.option("--db", type=click.Path(path_type=Path), help="Database.  [default: build/NAME.db]")
@placing
@click.option("--chunk-size", type=click.IntRange(1, 1_000_000), help="Combinations stored at once.")
@options.ranking
@options.notification
@json_option
@examples(
    "python scripts/sweep.py run config/sweeps/money_line_demo.yaml",
    "python scripts/sweep.py run config/sweeps/money_line_reference.yaml --data BTC-USD_5m.csv",
    "python scripts/sweep.py run mine.yaml --symbol SPY --symbol AAPL --from 2015-01-01 --workers 4",
    "python scripts/sweep.py run mine.yaml --ray auto",
    "python scripts/sweep.py run mine.yaml --cluster config/cluster.yaml",
)
def run_command(
    config: Path,
    data: str | None,
    symbols: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    holdout: float | None,
    db: Path | None,
    workers: int | None,
    address: str | None,
    cluster_file: Path | None,
    chunk_size: int | None,
    metric: str,
    min_trades: int,
    count: int,
    distinct: bool,
    csv_path: Path | None,
    notify: Path | None,
    stall_minutes: float,
    as_json: bool,
) -> None:
    """Sweep the grid of CONFIG; a sweep that was interrupted goes on where it was.

    Prints the best rows and writes them as CSV (beside the database unless --csv says where).
    """
    given = options.overrides(data, symbols, start, end, holdout, chunk_size=chunk_size)
    settings = load_config(config, given)
    path = db or Path("build") / f"{settings.name}.db"
    sweeps = [define(settings, symbol, str(config)) for symbol in symbols_of(settings.data)]
    threads = workers or available_cores()
    clusters = ray_clusters(threads, address, cluster_file)
    results = []
    notifier = Notifier(targets(notify), progress_output().print)
    with announced(path, settings.name, notifier, stall_minutes), Store.to_write(path) as store:
        for sweep in sweeps:
            if clusters:
                record, seconds = run_on_ray(store, sweep, clusters, progress_output())
            else:
                record, seconds = run_here(store, sweep, threads, progress_output())
            best = best_rows(store, record, sweep.grid, Details(sweep), metric, min_trades, count, distinct)
            target = csv_beside(csv_path, path, sweep.symbol if len(sweeps) > 1 else "")
            write_atomic(target, table_csv(best["rows"]))
            results.append({**state(store, record), "seconds": seconds, "csv": target, **best})
            if not as_json:
                print_best(record.id, sweep.grid, best, metric, min_trades)
                output().print(f"top rows: {target}   all {record.combos:,}: {path}", soft_wrap=True)
    if as_json:
        print_json(results)


@main.command()
@options.database
@json_option
@examples("python scripts/sweep.py status --db build/money_line_demo.db")
def status(db: Path, as_json: bool) -> None:
    """How far each sweep of a database is; may be asked while it runs."""
    with Store.to_read(db) as store:
        sweeps = [state(store, record) for record in store.sweeps()]
    if as_json:
        print_json(sweeps)
    else:
        output().print(status_table(sweeps))


@main.command()
@options.database
@options.symbol
@options.moved
@options.ranking
@json_option
@examples(
    "python scripts/sweep.py top --db build/money_line_demo.db --metric sortino --min-trades 50",
    "python scripts/sweep.py top --db build/btc.db --metric max_drawdown --top 20 --distinct --json",
)
def top(
    db: Path,
    symbol: str | None,
    data: str | None,
    metric: str,
    min_trades: int,
    count: int,
    distinct: bool,
    csv_path: Path | None,
    as_json: bool,
) -> None:
    """The best rows by a metric: ties by combination, undefined last, bust rows never."""
    with Store.to_read(db) as store:
        record = chosen_sweep(store, symbol)
        combinations = stored_combinations(store, record)
        try:
            details = Details(reopen(store, record, data))
        except UserError as error:
            details = None
            progress_output().print(f"no holdout figures: {error}", markup=False, soft_wrap=True)
        best = best_rows(store, record, combinations, details, metric, min_trades, count, distinct)
    if csv_path:
        write_atomic(csv_path, table_csv(best["rows"]))
    if as_json:
        print_json({"sweep": record.id, "metric": metric, **best})
    else:
        print_best(record.id, combinations, best, metric, min_trades)


@main.command()
@click.argument("combo", type=click.IntRange(0))
@click.option("--db", type=click.Path(path_type=Path), help="The sweep's database.")
@click.option("--config", type=click.Path(path_type=Path), help="Instead of a database: the sweep file.")
@options.overriding
@click.option("--output", "folder", type=click.Path(path_type=Path), default=Path("build"), show_default=True,
              help="Folder for the trades and equity CSV files.")  # fmt: skip
@click.option("--expect", type=int, help="Fail unless the trades' hash is this.")
@json_option
@examples(
    "python scripts/sweep.py show 4711 --db build/money_line_demo.db",
    "python scripts/sweep.py show 4711 --config config/sweeps/money_line_demo.yaml",
)
def show(
    combo: int,
    db: Path | None,
    config: Path | None,
    data: str | None,
    symbols: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    holdout: float | None,
    folder: Path,
    expect: int | None,
    as_json: bool,
) -> None:
    """Look into one combination: parameters, metrics, years, dearer trading, holdout, trades and equity.

    COMBO is its number; of a search, the trial's.

    It is simulated again from its bars, and must come out as it was stored.
    """
    if (db is None) == (config is None):
        raise click.UsageError("give either --db or --config")
    if len(symbols) > 1:
        raise click.UsageError("give one --symbol")
    record: SweepRecord | None = None
    sweep: Swept
    if config is not None:
        settings = load_config(config, options.overrides(data, symbols, start, end, holdout))
        sweep = define(settings, *only_symbol(symbols_of(settings.data)), str(config))
    else:
        if start or end or holdout is not None:
            raise click.UsageError("--from, --to and --holdout belong to --config; a database knows its own")
        assert db is not None
        with Store.to_read(db) as store:
            record = chosen_sweep(store, symbols[0] if symbols else None)
            stored = stored_row(store, record.id, combo)
            sweep = reopen(store, record, data)
            expect = stored.trades_hash if expect is None else expect
    inspection = inspect(
        sweep, combo, folder, expect, db if record is not None and record.is_search else None
    )
    if as_json:
        print_json({**vars(inspection), "years": [vars(year) for year in inspection.years]})
    else:
        _print_inspection(inspection, sweep.rows.noun)


@main.command()
@options.database
@options.symbol
@options.moved
@options.ranked_by
@click.option("--output", "target", type=click.Path(path_type=Path), help="File.  [default: DB.html]")
@examples("python scripts/sweep.py report --db build/money_line_demo.db --output build/demo.html")
def report(
    db: Path, symbol: str | None, data: str | None, metric: str, min_trades: int, target: Path | None
) -> None:
    """Write one self-contained HTML file: best rows, charts, and how far to believe them."""
    from utils.sweep.report import write_report  # noqa: PLC0415 - no other command waits for its charts

    path = target or db.with_suffix(".html")
    with Store.to_read(db) as store:
        record = chosen_sweep(store, symbol)
        sweep = reopen(store, record, data)
        write_report(path, store, record, sweep, assess_store(store, record), metric, min_trades)
    output().print(f"report: {path}", soft_wrap=True)


def _print_inspection(shown: Inspection, noun: str) -> None:
    console = output()
    console.print(f"[bold]{shown.sweep}, {noun} {shown.combo}[/bold]")
    console.print("  ".join(f"{name}={brief(value)}" for name, value in shown.params.items()))
    console.print(figures_table(shown.figures))
    console.print(years_table(shown.years))
    for name, path in shown.files.items():
        console.print(f"{name}: {path}", soft_wrap=True)
    console.print(f"the same again:\n{shown.reproduce}", soft_wrap=True, markup=False)


if __name__ == "__main__":
    main()
