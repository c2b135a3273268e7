"""What `POST /containers/create` carries, as far as it matters here."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, field_validator

from utils.docker.errors import DockerError


class Mount(BaseModel):
    """A host's file or folder at a path of the container."""

    model_config = ConfigDict(extra="ignore")
    target: str = Field(alias="Target")
    source: str = Field(default="", alias="Source")
    kind: str = Field(default="bind", alias="Type")


class HostConfig(BaseModel):
    """The host's side of a container."""

    model_config = ConfigDict(extra="ignore")
    binds: tuple[str, ...] = Field(default=(), alias="Binds")
    mounts: tuple[Mount, ...] = Field(default=(), alias="Mounts")
    auto_remove: bool = Field(default=False, alias="AutoRemove")

    @field_validator("binds", "mounts", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return () if value is None else value


class CreateRequest(BaseModel):
    """A container to be."""

    model_config = ConfigDict(extra="ignore")
    image: str = Field(alias="Image")
    environment: tuple[str, ...] = Field(default=(), alias="Env")
    tty: bool = Field(default=False, alias="Tty")
    stop_signal: str = Field(default="SIGTERM", alias="StopSignal")
    host_config: HostConfig = Field(default_factory=HostConfig, alias="HostConfig")

    @field_validator("environment", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return () if value is None else value

    def mounts(self) -> Mounts:
        """Everything mounted from the host; volumes are not.

        Raises:
            DockerError: a source is missing.
        """
        pairs = [(mount.target, mount.source) for mount in self.host_config.mounts if mount.kind == "bind"]
        for bind in self.host_config.binds:
            source, target = _parse_bind(bind)
            if source.startswith("/"):
                pairs.append((target, source))
        for _, source in pairs:
            if not Path(source).exists():
                raise DockerError(400, f"invalid mount config: bind source path does not exist: {source}")
        return Mounts({PurePosixPath(target): Path(source) for target, source in pairs})


class Mounts:
    """Which path of the host a path of the container is."""

    def __init__(self, sources: dict[PurePosixPath, Path]) -> None:
        self._sources = sources

    def find(self, path: str) -> Path | None:
        """The host's path; None when nothing is there in the container."""
        wanted = PurePosixPath("/") / path
        for target in (wanted, *wanted.parents):
            if target in self._sources:
                found = self._sources[target] / wanted.relative_to(target)
                return found if found.exists() else None
        return None

    @property
    def sources(self) -> tuple[Path, ...]:
        """All that is mounted."""
        return tuple(self._sources.values())


def _parse_bind(bind: str) -> tuple[str, str]:
    """`source:target[:mode]`."""
    parts = bind.split(":")
    if len(parts) > 2 and not parts[-1].startswith("/"):
        parts = parts[:-1]
    if len(parts) < 2:
        raise DockerError(400, f"invalid bind: {bind}; it must be SOURCE:TARGET")
    return ":".join(parts[:-1]), parts[-1]
