"""LEAN's providers of map and factor files, as far as algorithms use them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import numpy as np

from utils.engine.algorithm.environment import present
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DataNormalizationMode
from utils.engine.feed.normalization import Normalization
from utils.engine.securities.as_symbol import as_symbol

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


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
        mode = DataNormalizationMode(data_normalization_mode)
        days = np.array([search_date.date().toordinal() - _EPOCH_DAY], np.int64)
        normalization = Normalization(self._file, mode)
        return float(normalization.factors[int(normalization.rows(days)[0])])


class LocalDiskFactorFileProvider(DotNet):
    """Factor files of the data folder."""

    def initialize(self, map_file_provider: Any, data_provider: Any) -> None:
        """Nothing to do: the run knows its data folder."""

    def get(self, symbol: Any) -> CorporateFactorProvider:
        """Factors of a symbol's company."""
        return CorporateFactorProvider(present().data.factor_file_of(as_symbol(symbol)))
