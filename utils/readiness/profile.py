"""What a host has: measured here, or read from a file that was recorded elsewhere."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from utils.files import read_text, write_atomic
from utils.readiness.document import fault

Amount = Annotated[float, Field(ge=0)]


class CreditMode(StrEnum):
    """What a burstable instance does without credits: slow down to its baseline, or borrow, at a price."""

    STANDARD = "standard"
    UNLIMITED = "unlimited"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Processors(_Record):
    """The processors, and how many of them this process may use.

    Attributes:
        count: that the system shows.
        allowed: what affinity and the control group's quota leave of them.
        load: processes that ran or waited to run, on average of the last minute.
    """

    model: str
    count: Annotated[int, Field(ge=1)]
    allowed: Annotated[float, Field(gt=0)]
    load: Amount


class Memory(_Record):
    """GiB of memory; of a control group where one limits it, `source` says whose."""

    total_gib: Annotated[float, Field(gt=0)]
    available_gib: Amount
    source: str

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.available_gib > self.total_gib:
            raise ValueError("available_gib is more than total_gib")
        return self


class Disk(_Record):
    """GiB of the file system under `path`; MB/s of 1,000,000 bytes, None where they were not measured."""

    path: str
    total_gib: Annotated[float, Field(gt=0)]
    free_gib: Amount
    write_mb_s: Amount | None = None
    read_mb_s: Amount | None = None


class Database(_Record):
    """A PostgreSQL server.

    Attributes:
        server: host and database.
        problem: why it could not be asked; None when it answered.
        version: such as ``16.8``.
        connections: that an ordinary client may have at the same time; None when not measured.
        in_use: of them, by others.
        connect_ms: from the first packet to a session.
    """

    server: str
    problem: str | None = None
    version: str | None = None
    connections: Annotated[int, Field(ge=0)] | None = None
    in_use: Annotated[int, Field(ge=0)] | None = None
    connect_ms: Amount | None = None


class Endpoint(_Record):
    """An address that was tried over TCP: milliseconds to connect, or the problem."""

    address: str
    connect_ms: Amount | None = None
    problem: str | None = None


class HostProfile(_Record):
    """All figures of one host at one time.

    Attributes:
        measured_at: date and time (UTC), as ISO 8601.
        packages: versions of what is installed, by the normal form of their names.
        talib: whether TA-Lib can be imported.
        database: None when the plan named none, or nobody said where it is.
        instance_type: of a cloud's host, such as ``t3.2xlarge``; None where it is not known.
        credit_mode, credit_balance: of a burstable instance; None where they are not known.
    """

    host: str
    measured_at: str
    processors: Processors
    memory: Memory
    disk: Disk
    python: str
    system: str
    architecture: str
    packages: dict[str, str]
    talib: bool
    database: Database | None = None
    network: tuple[Endpoint, ...] = ()
    instance_type: str | None = None
    credit_mode: CreditMode | None = None
    credit_balance: Amount | None = None


def load_profile(path: Path) -> HostProfile:
    """Read a recorded profile.

    Raises:
        UserError: it cannot be read, or a field is not as it must be.
    """
    try:
        return HostProfile.model_validate_json(read_text(path))
    except ValidationError as error:
        raise fault(path, error) from None


def save_profile(profile: HostProfile, path: Path) -> None:
    """Record a profile, to be assessed later or elsewhere.

    Raises:
        UserError: the file cannot be written.
    """
    write_atomic(path, profile.model_dump_json(indent=2) + "\n")
