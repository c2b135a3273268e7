"""Greeks as contracts tell them."""

from __future__ import annotations

from utils.engine.dotnet.naming import DotNet

_DAYS = 365.0


class Greeks(DotNet):
    """Sensitivities of an option's price.

    Attributes:
        delta: change per 1.00 of the underlying.
        gamma: change of delta per 1.00 of the underlying.
        vega: change per point of volatility.
        theta: change per year as time goes by.
        rho: change per per cent of interest.
        lambda_: change in per cent per per cent of the underlying; no model of LEAN's gives it.
    """

    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float
    lambda_: float

    def __init__(
        self,
        delta: float = 0.0,
        gamma: float = 0.0,
        vega: float = 0.0,
        theta: float = 0.0,
        rho: float = 0.0,
        lambda_: float = 0.0,
    ) -> None:
        self.delta, self.gamma, self.vega = delta, gamma, vega
        self.theta, self.rho, self.lambda_ = theta, rho, lambda_

    @property
    def theta_per_day(self) -> float:
        """Theta per calendar day."""
        return self.theta / _DAYS

    @theta_per_day.setter
    def theta_per_day(self, theta: float) -> None:
        self.theta = theta * _DAYS
