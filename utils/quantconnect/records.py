"""What the API answers, as far as this workspace reads it. Fields it does not name are ignored.

Field names are the API's own in snake case. Only what a caller relies on is required.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from utils.quantconnect.errors import ApiError


class Record(BaseModel):
    """Base of the API's records."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        coerce_numbers_to_str=True,
    )


R = TypeVar("R", bound=Record)


def parse(record: type[R], content: object, endpoint: str) -> R:
    """Validate a part of an answer.

    Raises:
        ApiError: a field is missing or of another form; it names the endpoint and the field, never the value,
            which may be secret.
    """
    try:
        return record.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or record.__name__
        raise ApiError(
            f"{endpoint}: the answer's {field} is not understood ({first['msg']}); the API may have changed"
        ) from None


def parse_all(record: type[R], content: object, endpoint: str) -> list[R]:
    """Validate a list of records; missing means empty.

    Raises:
        ApiError: it is no list, or one of them is not understood.
    """
    if content is None:
        return []
    if not isinstance(content, list):
        raise ApiError(f"{endpoint}: the answer has no list of {record.__name__}; the API may have changed")
    return [parse(record, item, endpoint) for item in content]


def _list_of_values(value: object) -> object:
    """PHP answers an array with gaps as an object, and an empty object as an array."""
    return list(value.values()) if isinstance(value, dict) else value


def _object(value: object) -> object:
    return {} if value == [] else value


Values = BeforeValidator(_list_of_values)
Object = BeforeValidator(_object)


class Parameter(Record):
    """One parameter of a project."""

    key: str
    value: str = ""


class LibraryLink(Record):
    """A library that a project refers to."""

    project_id: int
    library_name: str = ""


AS_MADE = timedelta(seconds=10)
"""Making a project, with its template's files, takes no longer."""


class CloudProject(Record):
    """A project or library in the cloud."""

    project_id: int
    name: str
    organization_id: str = ""
    description: str = ""
    language: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    parameters: Annotated[list[Parameter], Values] = Field(default_factory=list)
    libraries: Annotated[list[LibraryLink], Values] = Field(default_factory=list)

    @property
    def url(self) -> str:
        """The project's page."""
        return f"https://www.quantconnect.com/project/{self.project_id}"

    @property
    def untouched(self) -> bool:
        """Nothing was changed since it was made: it holds QuantConnect's template only."""
        if self.created is None or self.modified is None:
            return False
        return abs(self.modified - self.created) <= AS_MADE

    @property
    def parameter_values(self) -> dict[str, str]:
        """Parameters by name."""
        return {parameter.key: parameter.value for parameter in self.parameters}


class CloudFile(Record):
    """A file of a project."""

    name: str
    content: str = ""
    is_library: bool = False


class CompileState(StrEnum):
    """Where a compilation stands."""

    IN_QUEUE = "InQueue"
    SUCCESS = "BuildSuccess"
    ERROR = "BuildError"


class Compile(Record):
    """A compilation of a project."""

    compile_id: str
    state: CompileState
    logs: list[str] = Field(default_factory=list)


class Backtest(Record):
    """A backtest; `progress` from 0 to 1."""

    backtest_id: str
    name: str = ""
    status: str = ""
    created: datetime | None = None
    completed: bool = False
    progress: float = 0.0
    note: str | None = None
    error: str | None = None
    stacktrace: str | None = None
    node_name: str | None = None
    snapshot_id: int | None = None
    statistics: Annotated[dict[str, Any], Object] | None = None
    runtime_statistics: Annotated[dict[str, Any], Object] | None = None
    total_performance: Any = None

    @property
    def failed(self) -> bool:
        """It ended with an error."""
        return bool(self.error) or self.status == "Runtime Error"

    @property
    def finished(self) -> bool:
        """It failed, or its results are there: QuantConnect says `completed` a little before they are."""
        has_results = self.statistics is not None and self.runtime_statistics is not None
        return self.failed or (self.completed and has_results and bool(self.total_performance))


class BacktestSummary(Record):
    """A line of a project's list of backtests."""

    backtest_id: str
    name: str = ""
    status: str = ""
    created: datetime | None = None
    progress: float = 0.0


class NodePrice(Record):
    """USD."""

    monthly: float = 0
    yearly: float = 0


class CloudNode(Record):
    """A node of the account. `ram` in GB, `speed` in GHz."""

    id: str
    sku: str
    name: str = ""
    busy: bool = False
    used_by: str | None = ""
    project_name: str | None = ""
    cpu: int = 0
    ram: float = 0
    speed: float = 0
    price: NodePrice = NodePrice()
    has_gpu: bool = False
    active: bool = False
    """Selected for the project that was asked about."""


class CloudNodes(Record):
    """The account's nodes by kind."""

    backtest: Annotated[list[CloudNode], Values] = Field(default_factory=list)
    research: Annotated[list[CloudNode], Values] = Field(default_factory=list)
    live: Annotated[list[CloudNode], Values] = Field(default_factory=list)


class LiveState(StrEnum):
    """Where a live deployment stands."""

    DEPLOY_ERROR = "DeployError"
    IN_QUEUE = "InQueue"
    RUNNING = "Running"
    STOPPED = "Stopped"
    LIQUIDATED = "Liquidated"
    DELETED = "Deleted"
    COMPLETED = "Completed"
    RUNTIME_ERROR = "RuntimeError"
    INVALID = "Invalid"
    LOGGING_IN = "LoggingIn"
    INITIALIZING = "Initializing"
    HISTORY = "History"

    @property
    def over(self) -> bool:
        """It trades no more, and will not by itself."""
        return self in {
            LiveState.DEPLOY_ERROR,
            LiveState.STOPPED,
            LiveState.LIQUIDATED,
            LiveState.DELETED,
            LiveState.COMPLETED,
            LiveState.RUNTIME_ERROR,
            LiveState.INVALID,
        }


class LiveAlgorithm(Record):
    """A live deployment of a project."""

    deploy_id: str
    status: LiveState | None = None
    launched: datetime | None = None
    stopped: datetime | None = None
    brokerage: str = ""
    message: str | None = None

    @property
    def over(self) -> bool:
        """It trades no more. Without a status it may still."""
        return self.stopped is not None or (self.status is not None and self.status.over)


class LiveSummary(LiveAlgorithm):
    """A line of the account's list of live deployments."""

    project_id: int


class LiveLogs(Record):
    """A part of a deployment's log; `length` counts all lines."""

    logs: list[str] = Field(default_factory=list)
    length: int = 0


class StoredObject(Record):
    """An object or folder of the Object Store; `size` in bytes."""

    key: str
    name: str = ""
    folder: bool = False
    size: float = 0
    modified: datetime | None = None
    md5: str | None = None
    mime: str | None = None


class Optimization(Record):
    """An optimization of a project's parameters."""

    optimization_id: str
    name: str | None = None
    status: str | None = None
    node_type: str | None = None
    backtests: Annotated[dict[str, Any], Object] | None = None


class OptimizationEstimate(Record):
    """What an optimization is expected to take."""

    estimate_id: str = ""
    time: float | None = None
    balance: float | None = None


class Organization(Record):
    """An organization that the user belongs to."""

    id: str
    name: str = ""
    preferred: bool = False
