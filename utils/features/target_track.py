"""Track 3: what features shall tell: the return of the rows that follow."""

from __future__ import annotations

import numpy as np

from trading.bars import Bars, Float64Array
from utils.features.track import Spans, Track


class TargetTrack(Track):
    """Log return from a row's close to the close `horizon` rows later, and the seconds in between.

    Over a weekend the seconds are many more than the rows: who wants none of these filters by them.
    """

    number = 3
    name = "targets"
    columns = ("log_return", "span_seconds")
    kernels = 1
    spans = Spans.HORIZONS

    def compute(self, bars: Bars, window: int, out: Float64Array) -> None:
        """See `Track.compute`."""
        out[:] = np.nan
        if window < len(bars):
            ends = slice(window, None)
            np.log(bars.close[ends] / bars.close[:-window], out=out[0, :-window])
            out[1, :-window] = (bars.time[ends] - bars.time[:-window]) / 1e9
