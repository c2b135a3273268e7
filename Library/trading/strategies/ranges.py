"""Ranges that the parameters of several strategies share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Period = Annotated[int, Field(ge=1, le=5000)]
"""Bars of an indicator."""

Multiple = Annotated[float, Field(ge=0, le=1000)]
"""Distance of an exit in units of price, 0 = none."""

Gap = Annotated[float, Field(ge=-1, le=1)]
"""Least side x (fast - slow) / close."""

Adx = Annotated[float, Field(ge=0, le=100)]
"""Least average directional index."""

VolumeRatio = Annotated[float, Field(ge=0, le=1000)]
"""Least volume over its mean."""
