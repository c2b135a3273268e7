"""Instances that can be rented: `config/instances.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from utils.files import read_text
from utils.readiness.document import fault
from utils.readiness.profile import CreditMode

DEFAULT_PATH: Final = Path(__file__).parents[2] / "config" / "instances.json"
HOURS_PER_MONTH: Final = 720


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Burstable(_Row):
    """Terms of an instance that earns processor time while it idles.

    A credit is one vCPU for one minute.

    Attributes:
        credits_per_hour: earned.
        max_balance: credits that are kept; what is earned beyond is lost.
        surplus_usd: for each vCPU hour that was borrowed and not paid back.
        mode: of new instances.
    """

    credits_per_hour: Annotated[float, Field(gt=0)]
    max_balance: Annotated[float, Field(gt=0)]
    surplus_usd: Annotated[float, Field(gt=0)]
    mode: CreditMode = CreditMode.UNLIMITED

    @property
    def baseline(self) -> float:
        """vCPUs that can be busy for ever."""
        return self.credits_per_hour / 60


class Instance(_Row):
    """One type of instance; price in USD an hour, memory in GiB."""

    type: str
    vcpus: Annotated[int, Field(ge=1)]
    memory_gib: Annotated[float, Field(gt=0)]
    architecture: str
    hourly_usd: Annotated[float, Field(gt=0)]
    burstable: Burstable | None = None

    @property
    def monthly_usd(self) -> float:
        """Around the clock, for 30 days."""
        return self.hourly_usd * HOURS_PER_MONTH

    @property
    def dearest_hour(self) -> float:
        """USD of an hour with all processors busy and no credits left."""
        burst = self.burstable
        return self.hourly_usd + (max(0.0, self.vcpus - burst.baseline) * burst.surplus_usd if burst else 0)


class InstanceCatalog(_Row):
    """All types, and when their prices were noted.

    Attributes:
        prices_of: date (ISO 8601).
        prices_for: what they are for: region, system, terms.
        credits_from: where the terms of burstable instances are from.
    """

    prices_of: str
    prices_for: str
    credits_from: str
    instances: Annotated[tuple[Instance, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        types = [instance.type for instance in self.instances]
        twice = next((name for name in types if types.count(name) > 1), None)
        if twice:
            raise ValueError(f"{twice} is listed twice")
        return self

    def find(self, name: str | None) -> Instance | None:
        """The type of a name."""
        return next((instance for instance in self.instances if instance.type == name), None)


def load_instances(path: Path | None = None) -> InstanceCatalog:
    """Read a catalog, by default `config/instances.json`.

    Raises:
        UserError: it cannot be read, or a field is not as it must be.
    """
    path = path or DEFAULT_PATH
    try:
        return InstanceCatalog.model_validate_json(read_text(path))
    except ValidationError as error:
        raise fault(path, error) from None
