"""What shall run on a host: tracks with their needs, phases, packages, a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import parse_qs, urlsplit

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from utils.errors import UserError
from utils.files import read_text
from utils.readiness.document import fault

Amount = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError(f"{pair[0]:g} to {pair[1]:g} is no range, the smaller figure comes first")
    return pair


def _specifier(text: str) -> str:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        raise ValueError(f"{text!r} is no range of versions, such as >=3.11") from None
    return text


def _requirement(text: str) -> str:
    try:
        for alternative in text.split("|"):
            Requirement(alternative.strip())
    except InvalidRequirement:
        raise ValueError(f"{text!r} is no requirement, such as numpy>=1.24") from None
    return text


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError(f"{text!r} is no address, such as pypi.org:443")
    return text


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
        secret = parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:
        raise ValueError("is no URL, such as postgresql://USER@HOST/DATABASE") from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("is no URL, such as postgresql://USER@HOST/DATABASE")
    if secret:
        raise ValueError("has a password in it; leave it out and set PGPASSWORD, or write it to ~/.pgpass")
    return url


Range = Annotated[tuple[Amount, Amount], AfterValidator(_ordered)]
PercentRange = Annotated[tuple[Percent, Percent], AfterValidator(_ordered)]
WorkerRange = Annotated[
    tuple[Annotated[int, Field(ge=1, le=256)], Annotated[int, Field(ge=1, le=256)]],
    AfterValidator(_ordered),
]
Versions = Annotated[str, AfterValidator(_specifier)]
PackageNeed = Annotated[str, AfterValidator(_requirement)]
Address = Annotated[str, AfterValidator(_address)]
DatabaseUrl = Annotated[str, AfterValidator(_without_password)]


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Processing(_Terms):
    """How busy one worker keeps one processor, in percent: on average, and while it computes."""

    average: PercentRange
    burst: Percent


class Track(_Terms):
    """One of the jobs that run at the same time.

    Attributes:
        workers: processes, at least and at most.
        memory_gib: of all workers together, with the least and with the most of them.
        disk_gib: that its results take.
        cpu: see `Processing`.
    """

    name: str
    workers: WorkerRange
    memory_gib: Range
    disk_gib: Range = (0.0, 0.0)
    cpu: Processing

    def memory_of(self, workers: int) -> float:
        """GiB with so many workers: along the line between the two stated figures, in proportion below it."""
        (few, many), (low, high) = self.workers, self.memory_gib
        if few == many or workers < few:
            return (high if few == many else low) * workers / few
        return low + (high - low) * (workers - few) / (many - few)


class Phase(_Terms):
    """A stretch of time: which tracks run, at which pace; those not named are idle."""

    name: str
    hours: Annotated[float, Field(gt=0, le=100_000)]
    tracks: dict[int, Literal["average", "burst"]]


class DatabaseNeed(_Terms):
    """The PostgreSQL database.

    Attributes:
        url: without a password; when it is left out, the environment's FEATURES_DB names the database.
        connections_per_worker: of the pool.
        versions: that will do.
    """

    url: DatabaseUrl | None = None
    connections_per_worker: Annotated[int, Field(ge=1, le=100)] = 1
    versions: Versions = ""


class DiskNeed(_Terms):
    """The file system for results.

    Attributes:
        path: a folder on it, which need not exist yet.
        gib: beside what tracks state.
        write_mb_s: that it must take, 0 for any.
    """

    path: str = "."
    gib: Range = (0.0, 0.0)
    write_mb_s: Amount = 0.0


class ReadinessPlan(_Terms):
    """What shall run.

    Attributes:
        tracks: by their numbers.
        memory_reserve: share of the available memory that shall stay free.
        packages: that must be there, ``a>=1 | b>=2`` for one of two.
        later_packages: that are wanted later, and missed by nobody yet.
        talib: whether the indicators need TA-Lib, or will do with the compiled kernels here.
        network: addresses that must be reached, ``HOST:PORT``.
        compare_with: type of the instance that was planned, whose price the report compares.
    """

    name: str
    tracks: Annotated[dict[Annotated[int, Field(ge=1)], Track], Field(min_length=1)]
    phases: tuple[Phase, ...] = ()
    memory_reserve: Annotated[float, Field(ge=0, lt=1)] = 0.1
    disk: DiskNeed = DiskNeed()
    python: Versions = ""
    systems: tuple[str, ...] = ()
    packages: tuple[PackageNeed, ...] = ()
    later_packages: tuple[PackageNeed, ...] = ()
    talib: Literal["required", "optional"] = "optional"
    database: DatabaseNeed | None = None
    network: tuple[Address, ...] = ()
    compare_with: str | None = None

    @model_validator(mode="after")
    def _phases_run_known_tracks(self) -> Self:
        for phase in self.phases:
            unknown = sorted(set(phase.tracks) - set(self.tracks))
            if unknown:
                raise ValueError(f"phase {phase.name}: there is no track {unknown[0]}")
        return self

    @property
    def workers(self) -> tuple[int, int]:
        """Of all tracks, at least and at most."""
        ranges = [track.workers for track in self.tracks.values()]
        return sum(few for few, _ in ranges), sum(many for _, many in ranges)

    @property
    def memory_gib(self) -> tuple[float, float]:
        """Of all tracks."""
        ranges = [track.memory_gib for track in self.tracks.values()]
        return sum(low for low, _ in ranges), sum(high for _, high in ranges)

    @property
    def disk_gib(self) -> tuple[float, float]:
        """Of all tracks and beside them."""
        ranges = [self.disk.gib, *(track.disk_gib for track in self.tracks.values())]
        return sum(low for low, _ in ranges), sum(high for _, high in ranges)

    @property
    def connections(self) -> tuple[int, int]:
        """To the database, from all workers."""
        each = self.database.connections_per_worker if self.database else 0
        return each * self.workers[0], each * self.workers[1]


def load_plan(path: Path) -> ReadinessPlan:
    """Read a plan (YAML).

    Raises:
        UserError: it cannot be read, or a field is not as it must be.
    """
    try:
        values = yaml.safe_load(read_text(path))
        return ReadinessPlan.model_validate_json(json.dumps(values))
    except yaml.YAMLError as error:
        raise UserError(f"{path}: not YAML: {' '.join(str(error).split())[:200]}; correct it") from None
    except (TypeError, ValueError) as error:
        if isinstance(error, ValidationError):
            raise fault(path, error) from None
        raise UserError(f"{path}: {error}; correct it") from None
