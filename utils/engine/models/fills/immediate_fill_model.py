"""LEAN's name for the plain fill model."""

from __future__ import annotations

from utils.engine.models.fills.fill_model import FillModel


class ImmediateFillModel(FillModel):
    """Fills as `FillModel` does; crypto, forex and indices have it."""
