"""LEAN's providers of map and factor files, as far as algorithms use them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.algorithm.environment import present
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DataNormalizationMode
from utils.engine.securities.as_symbol import as_symbol


class DefaultDataProvider(DotNet):
    """Reads from the data folder."""


class LocalDiskMapFileProvider(DotNet):
    """Map files of the data folder."""

    def initialize(self, data_provider: Any) -> None:
        """Nothing to do: the run knows its data folder."""


class CorporateFactorProvider(DotNet):
    """Price factors of one company."""

    def __init__(self, factor_file: Any) -> None:
        self._file = factor_file

    def get_price_factor(
        self,
        search_date: datetime,
        data_normalization_mode: DataNormalizationMode = DataNormalizationMode.ADJUSTED,
        *_terms: Any,
    ) -> float:
        """What raw prices of a date are multiplied with."""
        from utils.engine.feed.normalization import price_factor

        return float(price_factor(self._file, search_date.date(), data_normalization_mode))


class LocalDiskFactorFileProvider(DotNet):
    """Factor files of the data folder."""

    def initialize(self, map_file_provider: Any, data_provider: Any) -> None:
        """Nothing to do: the run knows its data folder."""

    def get(self, symbol: Any) -> CorporateFactorProvider:
        """Factors of a symbol's company."""
        data = present().data
        found = as_symbol(symbol)
        return CorporateFactorProvider(data.factor_file_of(found.id.market, found))
