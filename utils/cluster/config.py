"""`cluster.yaml`: the hosts, how they are reached, and which of them make up one Ray cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Self

import yaml
from pydantic import BaseModel, ByteSize, ConfigDict, Field, ValidationError, field_validator, model_validator

from utils.errors import UserError
from utils.files import read_text

MAIN: Final = "main"
"""The Ray cluster of the head and of all hosts that reach it."""

DEFAULT_FILE: Final = Path("config/cluster.yaml")

# None begins with a dash: a value that is an option to ssh must not come from a file.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
Address = Annotated[str, Field(pattern=r"^[A-Za-z0-9:][A-Za-z0-9._:%-]*$")]
User = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]
Port = Annotated[int, Field(ge=1, le=65_535)]
Folder = Annotated[str, Field(pattern=r"^(~/|/)[A-Za-z0-9._][A-Za-z0-9._/-]*$")]
LabelText = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$")]


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Host(_Terms):
    """One machine.

    Attributes:
        host: name or address that SSH connects to, seen from `proxy_jump` where there is one.
        user: who logs in; None is who runs the command.
        port: of its SSH server.
        proxy_jump: name of the host that the connection goes through.
        identity_file: private key; None leaves it to the SSH agent and the usual files.
        address: at which the other nodes of its Ray cluster reach it; None is `host`.
        island: name of the Ray cluster that it belongs to. None is the main one for a host that is reached
            as the head is, and one of its own for any other.
        cpus: that Ray may use; None is all, 0 makes it a jump only, on which nothing is installed.
        memory: that Ray may plan with, as ``16 GiB``; None is what Ray finds.
        labels: of the Ray node.
        folder: where everything of this cluster is on it, and nothing else.
        python: interpreter that environments are made from; None is ``pythonX.Y`` as here.
        environment: a virtual environment that is there already; None makes one from the lock.
    """

    host: Address
    user: User | None = None
    port: Port = 22
    proxy_jump: Name | None = None
    identity_file: Path | None = None
    address: Address | None = None
    island: Name | None = None
    cpus: Annotated[int, Field(ge=0, le=4096)] | None = None
    memory: Annotated[ByteSize, Field(ge=2**20)] | None = None
    labels: dict[LabelText, LabelText] = Field(default_factory=dict)
    folder: Folder = "~/lean-cluster"
    python: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]+$")] | None = None
    environment: Folder | None = None

    @property
    def node_address(self) -> str:
        """At which the other nodes of its Ray cluster reach it."""
        return self.address or self.host

    @property
    def path(self) -> str:
        """The folder as a remote command names it: SSH starts commands in the user's home."""
        return self.folder.removeprefix("~/")

    @field_validator("labels")
    @classmethod
    def _own_labels(cls, labels: dict[str, str]) -> dict[str, str]:
        taken = [key for key in labels if key.startswith("ray")]
        if taken:
            raise ValueError(f"{taken[0]}: Ray's own labels begin so; rename it")
        return labels


class Ports(_Terms):
    """The ports of a node, from `first` on: nine of its services, then one for each worker process.

    Attributes:
        workers: how many worker processes there may be, those that are starting or ending included.
    """

    first: Annotated[int, Field(ge=1024, le=60_000)] = 20_000
    workers: Annotated[int, Field(ge=8, le=5_000)] = 100

    @property
    def gcs(self) -> int:
        """Of the head: its global control service, which nodes join at."""
        return self.first

    @property
    def dashboard(self) -> int:
        """Of the head: dashboard and jobs, on 127.0.0.1 only."""
        return self.first + 1

    @property
    def node(self) -> dict[str, int]:
        """Of every node: option of `ray start` -> port."""
        names = (
            "node-manager-port",
            "object-manager-port",
            "runtime-env-agent-port",
            "dashboard-agent-grpc-port",
            "dashboard-agent-listen-port",
            "metrics-export-port",
        )
        return {name: self.first + 2 + number for number, name in enumerate(names)}

    @property
    def worker_range(self) -> tuple[int, int]:
        """First and last port of worker processes."""
        return self.first + 10, self.first + 9 + self.workers


class ClusterConfig(_Terms):
    """A cluster file.

    Attributes:
        name: of the cluster.
        head: name of the host that the main Ray cluster's head and submitted sweeps run on.
        hosts: by name.
        known_hosts: the host keys that are trusted; only `cluster.py trust` writes it. None is beside the
            cluster file, with its name.
        ports: that Ray uses on every host.
    """

    name: Name = "cluster"
    head: Name
    hosts: Annotated[dict[Name, Host], Field(min_length=1)]
    known_hosts: Path = Path("known_hosts")
    ports: Ports = Ports()

    @model_validator(mode="after")
    def _connected(self) -> Self:
        if self.head not in self.hosts:
            raise ValueError(f"head: there is no host {self.head}; name one of {', '.join(self.hosts)}")
        for name, host in self.hosts.items():
            if host.proxy_jump is not None and host.proxy_jump not in self.hosts:
                raise ValueError(
                    f"hosts.{name}.proxy_jump: there is no host {host.proxy_jump}; "
                    f"name one of {', '.join(self.hosts)}"
                )
        for name in self.hosts:
            self.route(name)
        if self.hosts[self.head].cpus == 0:
            raise ValueError(
                f"hosts.{self.head}.cpus: 0 makes it a jump only, and it is the head; leave it out"
            )
        if self.island_of(self.head) != MAIN:
            raise ValueError(f"hosts.{self.head}.island: the head's is {MAIN}; leave it out")
        return self

    def host(self, name: str) -> Host:
        """The host of that name.

        Raises:
            UserError: there is none.
        """
        if name not in self.hosts:
            raise UserError(
                f"there is no host {name} in the cluster file; name one of {', '.join(self.hosts)}"
            )
        return self.hosts[name]

    @property
    def nodes(self) -> list[str]:
        """The hosts that Ray runs on: all but those that are only jumps."""
        return [name for name, host in self.hosts.items() if host.cpus != 0]

    def route(self, name: str) -> list[str]:
        """The hosts that a connection to `name` goes through, the outermost first, `name` last."""
        route = [name]
        while (jump := self.hosts[route[0]].proxy_jump) is not None:
            if jump in route:
                raise ValueError(f"hosts.{jump}.proxy_jump: it leads back to {jump}; remove one of them")
            route.insert(0, jump)
        return route

    def island_of(self, name: str) -> str:
        """Name of the Ray cluster that a host belongs to."""
        host = self.hosts[name]
        if host.island is not None:
            return host.island
        return MAIN if host.proxy_jump == self.hosts[self.head].proxy_jump else name

    def islands(self) -> dict[str, list[str]]:
        """Ray cluster -> its hosts; the main one first, and of each the host of its head first.

        Hosts of one island reach each other. Between islands there is nothing but SSH, from where the
        commands run or through a jump.
        """
        found: dict[str, list[str]] = {MAIN: [self.head]}
        for name in self.nodes:
            if name != self.head:
                found.setdefault(self.island_of(name), []).append(name)
        return found

    def head_of(self, name: str) -> str:
        """The host that the head of `name`'s Ray cluster runs on."""
        return self.islands()[self.island_of(name)][0]


def load_cluster(path: Path = DEFAULT_FILE) -> ClusterConfig:
    """Read a cluster file; paths in it are relative to its folder.

    Raises:
        UserError: one line with the file, the field and the remedy.
    """
    if not path.exists():
        raise UserError(f"{path}: there is no such cluster file; see docs/cluster.md for one")
    try:
        content = yaml.load(read_text(path), _UniqueKeys)
    except yaml.YAMLError as error:
        raise UserError(f"{path}: not YAML: {' '.join(str(error).split())[:200]}; mend it there") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: it should be a mapping of fields (head, hosts, ...); see docs/cluster.md")
    content.setdefault("name", path.stem)
    content.setdefault("known_hosts", f"{path.stem}.known_hosts")
    try:
        config = ClusterConfig.model_validate(content)
    except ValidationError as error:
        raise UserError(f"{path}: {_first_fault(error)}") from None
    return _anchored(config, path.absolute().parent)


def _anchored(config: ClusterConfig, folder: Path) -> ClusterConfig:
    hosts = {
        name: host
        if host.identity_file is None
        else host.model_copy(update={"identity_file": folder / host.identity_file.expanduser()})
        for name, host in config.hosts.items()
    }
    return config.model_copy(update={"hosts": hosts, "known_hosts": folder / config.known_hosts.expanduser()})


class _UniqueKeys(yaml.SafeLoader):
    """A SafeLoader that refuses a host given twice, where YAML would silently drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        """A mapping whose keys are all different."""
        seen: set[object] = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else key
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"{name!r} is given twice", problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _first_fault(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"{field}: it is missing; add it"
    if first["type"] == "extra_forbidden":
        return f"{field}: unknown field; remove or rename it, docs/cluster.md lists them all"
    if first["type"] == "value_error":
        message = " ".join(first["msg"].removeprefix("Value error, ").split())
        return f"{field}: {message}" if field else message
    return f"{field}: {first['msg'][:1].lower()}{first['msg'][1:]}, not {first['input']!r}; correct it"
