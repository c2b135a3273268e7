"""CUSIP and its kin, from a data folder's security database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from utils.engine.enums import SecurityType
from utils.engine.identity.data_folder import use_data_folder
from utils.engine.identity.security_definitions import security_definitions
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol
from utils.errors import UserError

GOOG = SecurityIdentifier.generate_equity(datetime(2004, 8, 19), "GOOG", "usa")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """The database of a data folder in use, in which GOOG has become GOOGL."""
    maps = tmp_path / "equity/usa/map_files"
    maps.mkdir(parents=True)
    (maps / "googl.csv").write_text("20040819,goog\n20140402,goog\n20501231,googl\n")
    path = tmp_path / "symbol-properties/security-database.csv"
    path.parent.mkdir()
    path.write_text(f"# a remark\n{GOOG},02079K30,BBG009S39JX6,,US02079K3059,1652044\n")
    use_data_folder(tmp_path)
    yield path
    use_data_folder(None)


@pytest.mark.usefixtures("database")
def test_a_symbol_knows_its_identifiers() -> None:
    symbol = Symbol(GOOG, "GOOGL")

    assert (symbol.cusip, symbol.composite_figi, symbol.sedol) == ("02079K30", "BBG009S39JX6", None)
    assert (symbol.isin, symbol.cik) == ("US02079K3059", 1652044)
    assert Symbol.create("SPY", SecurityType.EQUITY, "usa").cusip is None


@pytest.mark.usefixtures("database")
def test_a_definition_knows_the_ticker_of_a_date() -> None:
    (definition,) = security_definitions()

    assert definition.ticker(date(2014, 4, 2)) == "GOOG"
    assert definition.ticker(date(2014, 4, 3)) == "GOOGL"
    assert definition.ticker(date(2099, 1, 1)) == "GOOGL"


@pytest.mark.parametrize("line", ["GOOG T1AZ164W5VTX,1", "?,1,2,3,4", f"{GOOG},1,2,3,4,none"])
def test_a_malformed_line_is_named(database: Path, line: str) -> None:
    database.write_text(f"# a remark\n{line}\n")

    with pytest.raises(UserError, match=r"security-database\.csv: line 2: .* correct it"):
        security_definitions()


def test_without_a_folder_nothing_is_known() -> None:
    use_data_folder(None)

    assert security_definitions() == ()
    assert Symbol(GOOG, "GOOGL").cusip is None
