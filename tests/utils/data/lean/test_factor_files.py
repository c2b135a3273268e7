"""Prices adjusted for splits and dividends, against the rows of the factor files reckoned in decimals."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from trading.bars import Bars
from utils.data.lean.factor_files import Adjustment, FactorFile, FactorRow, Normalization, read_factor_file
from utils.data.lean.reader import read_bars, read_quotes
from utils.data.lean.series import LeanSeries
from utils.errors import UserError

EPOCH = date(1970, 1, 1)

RAW, ADJUSTED = Normalization.RAW, Normalization.ADJUSTED
SPLIT_ADJUSTED, TOTAL_RETURN = Normalization.SPLIT_ADJUSTED, Normalization.TOTAL_RETURN

Row = tuple[int, Decimal, Decimal, Decimal]


def plain_rows(lean: Path, name: str) -> list[Row]:
    text = (lean / "equity" / "usa" / "factor_files" / f"{name}.csv").read_text()
    cells = [line.split(",") for line in text.split()]
    return [
        ((date.fromisoformat(day) - EPOCH).days, Decimal(price), Decimal(split), Decimal(reference))
        for day, price, split, reference in cells
    ]


def plain_factor(rows: list[Row], day: int, mode: Normalization) -> Decimal:
    for until, price, split, _ in rows:
        if day <= until:
            return price * split if mode is ADJUSTED else split
    return Decimal(1)


def plain_dividends(rows: list[Row], since: int, day: int) -> Decimal:
    paid = Decimal(0)
    for (until, price, _, reference), (_, later, _, _) in pairwise(rows):
        if since <= until < day and price != later:
            paid += round(reference - reference * (price / later), 2)
    return paid


def daily(lean: Path, name: str, mode: Normalization, start: date | None = None) -> Bars:
    return read_bars(lean, LeanSeries.parse(f"equity/usa/daily/{name}"), start, normalization=mode)


@pytest.mark.parametrize("name", ["aapl", "aig", "spy", "eem", "fb"])
@pytest.mark.parametrize("mode", [ADJUSTED, SPLIT_ADJUSTED, TOTAL_RETURN])
def test_agrees_with_decimals(lean: Path, name: str, mode: Normalization) -> None:
    rows = plain_rows(lean, name)
    raw, found = daily(lean, name, RAW), daily(lean, name, mode)
    assert len(found) == len(raw)
    since = int(raw.day[0])
    with localcontext() as context:
        context.prec, context.rounding = 28, ROUND_HALF_EVEN
        for index in range(0, len(raw), 3):
            factor = plain_factor(rows, int(raw.day[index]), mode)
            extra = plain_dividends(rows, since, int(raw.day[index])) if mode is TOTAL_RETURN else 0
            for column in ("open", "high", "low", "close"):
                exact = Decimal(repr(float(getattr(raw, column)[index]))) * factor + extra
                assert getattr(found, column)[index] == pytest.approx(float(exact), rel=4e-16)
            shares = Decimal(int(raw.volume[index])) * (1 / factor)
            assert found.volume[index] == int(shares.to_integral_value())


def test_apples_split_seven_for_one(lean: Path) -> None:
    """9 June 2014. Raw prices fall to a seventh overnight, adjusted ones do not."""
    raw = daily(lean, "aapl", RAW)
    day = (date(2014, 6, 9) - EPOCH).days
    row = int(np.searchsorted(raw.day, day))
    assert raw.close[row - 1 : row + 1].tolist() == [645.57, 93.7]
    split = daily(lean, "aapl", SPLIT_ADJUSTED)
    assert split.close[row] / split.close[row - 1] == pytest.approx(93.7 / (645.57 / 7), rel=1e-6)
    assert split.volume[row - 1] == pytest.approx(raw.volume[row - 1] * 28, rel=1e-6)  # and 4:1 in 2020
    assert split.close[-1] == raw.close[-1]


def test_a_dividend_moves_adjusted_prices_and_adds_to_total_return(lean: Path) -> None:
    """Apple paid 3.29 a share, 13.16 before the split that followed, ex 8 May 2014."""
    rows = plain_rows(lean, "aapl")
    day = (date(2014, 5, 8) - EPOCH).days
    start = date(2014, 5, 1)
    raw, total = daily(lean, "aapl", RAW, start), daily(lean, "aapl", TOTAL_RETURN, start)
    row = int(np.searchsorted(raw.day, day))
    factor = float(plain_factor(rows, day, SPLIT_ADJUSTED))
    assert total.close[row - 1] == pytest.approx(raw.close[row - 1] * factor)
    assert total.close[row] == pytest.approx(raw.close[row] * factor + 3.29)
    adjusted = daily(lean, "aapl", ADJUSTED, start)
    before, after = (adjusted.close[index] / raw.close[index] for index in (row - 1, row))
    assert before / after == pytest.approx((592.33 - 3.29) / 592.33, rel=1e-5)


def test_quotes_are_adjusted_like_trades(lean: Path) -> None:
    series = LeanSeries.parse("equity/usa/minute/aapl/quote")
    raw, found = (read_quotes(lean, series, normalization=mode) for mode in (RAW, ADJUSTED))
    rows = plain_rows(lean, "aapl")
    factors = np.array([float(plain_factor(rows, day, ADJUSTED)) for day in raw.day.tolist()])
    np.testing.assert_allclose(found.bid_high, raw.bid_high * factors, rtol=4e-16)
    np.testing.assert_allclose(found.ask_low, raw.ask_low * factors, rtol=4e-16)
    np.testing.assert_allclose(found.ask_size, raw.ask_size / factors, atol=0.5)
    assert (found.bid_size == np.rint(found.bid_size)).all()


@pytest.mark.parametrize(
    ("split", "shares", "expected"),
    [
        ("2", 1, 0),
        ("2", 3, 2),
        ("4", 2, 0),
        ("4", 6, 2),
        ("6", 3, 1),
        ("0.5", 7, 14),
        ("8", 4, 0),
        ("7", 3, 0),
    ],
)
def test_shares_are_rounded_half_to_even_of_28_digits(split: str, shares: int, expected: int) -> None:
    """A sixth has no end: three of its 28 digits are a little over a half."""
    file = FactorFile((FactorRow(10, Decimal(1), Decimal(split), Decimal(1)),))
    adjustment = Adjustment(file, SPLIT_ADJUSTED, np.array([10], np.int32), 0)
    assert adjustment.sizes(np.array([float(shares)])).tolist() == [expected]


def test_a_company_is_adjusted_by_its_own_file(lean: Path) -> None:
    """FOXA's factors stand under the last of its tickers, in tfcfa.csv."""
    found, raw = (daily(lean, "foxa", mode) for mode in (ADJUSTED, RAW))
    rows = plain_rows(lean, "tfcfa")
    factors = [float(plain_factor(rows, day, ADJUSTED)) for day in raw.day.tolist()]
    np.testing.assert_allclose(found.close, raw.close * factors, rtol=4e-16)


def test_without_a_factor_file_only_volume_is_rounded(lean: Path) -> None:
    raw, found = (
        read_bars(lean, LeanSeries.parse("equity/usa/hour/spwr"), normalization=mode)
        for mode in (RAW, ADJUSTED)
    )
    np.testing.assert_array_equal(raw.close, found.close)
    np.testing.assert_array_equal(np.rint(raw.volume), found.volume)


def test_only_equities_are_adjusted(lean: Path) -> None:
    series = LeanSeries.parse("index/usa/daily/spx")
    raw, found = (read_bars(lean, series, normalization=mode) for mode in (RAW, TOTAL_RETURN))
    np.testing.assert_array_equal(raw.close, found.close)


def test_rows_without_usable_factors_are_left_out(folder: Path) -> None:
    home = folder / "equity" / "usa" / "factor_files"
    home.mkdir(parents=True)
    (home / "gbsn.csv").write_text(
        "20100104,1,inf,1\n20110104,1,1.6e+6,2\n20120104,0,1,3\n20130104,1,80,4\n20501231,1,1,0\n"
    )
    file = read_factor_file(folder, "usa", "GBSN")
    assert [row.reference for row in file.rows] == [4, 0]
    assert file.first_day == (date(2013, 1, 3) - EPOCH).days
    assert read_factor_file(folder, "usa", "SPY") == FactorFile()


@pytest.mark.parametrize("line", ["20130104,1", "4.1.2013,1,1,1", "20130104,one,1,1"])
def test_a_malformed_factor_file_is_named(folder: Path, line: str) -> None:
    home = folder / "equity" / "usa" / "factor_files"
    home.mkdir(parents=True)
    (home / "spy.csv").write_text(f"20100104,1,1,1\n{line}\n20501231,1,1,0\n")
    with pytest.raises(UserError, match=r"spy\.csv: line 2: .* is not DATE,PRICE FACTOR,SPLIT FACTOR"):
        read_factor_file(folder, "usa", "SPY")


def test_zipped_factor_files_are_refused(folder: Path) -> None:
    home = folder / "equity" / "usa" / "factor_files"
    home.mkdir(parents=True)
    (home / "factor_files_20230101.zip").touch()
    with pytest.raises(UserError, match="zipped factor files are not read; unpack"):
        read_factor_file(folder, "usa", "SPY")
