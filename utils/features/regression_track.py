"""Track 2: lines and parabolas through the last rates and through the last BQX momentum."""

from __future__ import annotations

from trading.bars import Bars, Float64Array
from utils.features.bqx import bqx
from utils.features.regression import REGRESSION, rolling_regression
from utils.features.track import Track


class RegressionTrack(Track):
    """Coefficients, R^2 and residuals over the window."""

    number = 2
    name = "track2"
    columns = (*(f"rate_{name}" for name in REGRESSION), *(f"bqx_{name}" for name in REGRESSION))
    kernels = 3

    def compute(self, bars: Bars, window: int, out: Float64Array) -> None:
        """See `Track.compute`."""
        count = len(REGRESSION)
        rolling_regression(bars.close, window, out[:count])
        momentum = out[count : count + 1]  # written over by the first of its own features
        bqx(bars.close, [window], momentum)
        rolling_regression(momentum[0].copy(), window, out[count:])
