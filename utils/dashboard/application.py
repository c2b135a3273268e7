"""The page and its API. Paths of files never come from a request: what is served is a fixed list."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as AnyHTTPException

from utils.dashboard.access import Access
from utils.dashboard.equity import Curves
from utils.dashboard.events import Events, TooManyClientsError
from utils.dashboard.observer import Observer, sweep_files
from utils.dashboard.processes import Processes, latest_run
from utils.dashboard.settings import Settings
from utils.dashboard.watched_store import resume_arguments
from utils.errors import UserError

API = "/api/cluster"
NO_STORE = {"cache-control": "no-store"}
PAGE = {
    "/cluster": ("cluster.html", "text/html; charset=utf-8"),
    "/cluster/cluster.css": ("cluster.css", "text/css; charset=utf-8"),
    "/cluster/cluster.js": ("cluster.js", "text/javascript; charset=utf-8"),
    "/cluster/figures.js": ("figures.js", "text/javascript; charset=utf-8"),
    "/cluster/charts.js": ("charts.js", "text/javascript; charset=utf-8"),
}


RAY = r"^(own|auto|[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[0-9]{1,5})$"
"""What `sweep.py run --ray=...` takes: a cluster of its own, this machine's, or HOST:PORT."""


class Start(BaseModel):
    """Which sweep file to start; `data` names other bars than the file does, `ray` a cluster for threads."""

    model_config = ConfigDict(extra="forbid")
    sweep: str = Field(max_length=200)
    workers: int | None = Field(default=None, ge=1, le=4096)
    ray: str | None = Field(default=None, pattern=RAY)
    data: str | None = Field(default=None, min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f]+$")


class Named(BaseModel):
    """A store, as the status calls it."""

    model_config = ConfigDict(extra="forbid")
    store: str = Field(max_length=200)


class Dashboard:
    """What the routes share.

    Args:
        stall_options: arguments that tell a started sweep to leave stalls to this dashboard.
    """

    def __init__(
        self,
        settings: Settings,
        access: Access,
        observer: Observer,
        events: Events,
        processes: Processes,
        stall_options: tuple[str, ...] = (),
    ) -> None:
        self.settings = settings
        self.access = access
        self.observer = observer
        self.events = events
        self.processes = processes
        self.curves = Curves()
        self._stall_options = stall_options
        self._changing = asyncio.Lock()

    async def start(self, asked: Start) -> Path:
        """Start a sweep file's sweep into the folder's database of its name.

        Raises:
            UserError: it cannot be started.
        """
        config = sweep_files(self.settings.configs).get(asked.sweep)
        if config is None:
            raise HTTPException(404, f"no sweep file {asked.sweep!r}; there are those under `startable`")
        database = self.settings.folder / f"{asked.sweep}.db"
        arguments = ["run", str(config), f"--db={database}"]
        arguments += [f"--data={asked.data}"] if asked.data else []
        arguments += [f"--workers={asked.workers}"] if asked.workers else []
        arguments += [f"--ray={asked.ray}"] if asked.ray else []
        return await self._begin(database, arguments)

    async def resume(self, asked: Named) -> Path:
        """Go on with the sweeps of a store, where the latest run that a dashboard started was."""
        database = self.path(asked.store)
        arguments = await asyncio.to_thread(resume_arguments, database)
        run = latest_run(database)
        return await self._begin(database, [*arguments, *(run.placement if run else ())])

    async def stop(self, asked: Named) -> Path:
        """Interrupt the sweep into a store."""
        database = self.path(asked.store)
        await asyncio.to_thread(self.processes.stop, database)
        self.observer.look_soon()
        return database

    def path(self, name: str) -> Path:
        """The database of a name that the status gave."""
        path = self.observer.path(name)
        if path is None:
            raise HTTPException(404, f"no store {name!r}; there are those under `stores`")
        return path

    async def _begin(self, database: Path, arguments: list[str]) -> Path:
        async with self._changing:  # two clicks start one sweep
            await asyncio.to_thread(self.processes.start, database, [*arguments, *self._stall_options])
        self.observer.look_soon()
        return database


def create_application(dashboard: Dashboard, port: int) -> FastAPI:
    """The web application; `Guard` stands before it."""
    cookie = f"sweep_dashboard_{port}"  # a host's ports share its cookies

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        dashboard.events.open()
        dashboard.observer.start()
        try:
            yield
        finally:
            await asyncio.to_thread(dashboard.observer.stop)
            await asyncio.to_thread(dashboard.curves.stop)

    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    _serve_page(application)
    _answer_errors(application)

    async def reader(request: Request) -> None:
        if not dashboard.access.may_read(request.headers.get("authorization"), request.cookies.get(cookie)):
            raise HTTPException(
                401, "reading needs the token here; open the address that the dashboard printed"
            )

    async def changer(request: Request) -> None:
        if not dashboard.access.may_change(request.headers.get("authorization")):
            raise HTTPException(401, "this needs the token; open the address that the dashboard printed")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise HTTPException(415, "send JSON, as Content-Type: application/json")

    @application.get(f"{API}/status", dependencies=[Depends(reader)])
    async def status() -> Response:
        return Response(dashboard.events.text, media_type="application/json", headers=NO_STORE)

    @application.get(f"{API}/events", dependencies=[Depends(reader)])
    async def events(request: Request) -> Response:
        try:
            dashboard.events.check_room()
        except TooManyClientsError:
            raise HTTPException(503, "too many clients; close a page") from None
        stream = dashboard.events.stream(request.headers.get("last-event-id"))
        headers = {**NO_STORE, "x-accel-buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    @application.get(f"{API}/equity", dependencies=[Depends(reader)])
    async def equity(store: str, sweep: str) -> Response:
        path = dashboard.path(store)
        shown = dashboard.events.state["stores"].get(store, {}).get("sweeps", {}).get(sweep)
        if shown is None:
            raise HTTPException(404, f"no sweep {sweep!r} in {store!r}")
        if not shown["top"]:
            return JSONResponse({"pending": False}, headers=NO_STORE)
        curve = dashboard.curves.curve(path, sweep, shown["top"][0]["combo"])
        return JSONResponse(curve, headers=NO_STORE)

    @application.post(f"{API}/session", dependencies=[Depends(changer)])
    async def session(request: Request) -> Response:
        answer = JSONResponse({"ok": True}, headers=NO_STORE)
        answer.set_cookie(
            cookie, dashboard.access.cookie, httponly=True, samesite="strict", path=API,
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    @application.post(f"{API}/start", dependencies=[Depends(changer)])
    async def start(asked: Start) -> dict[str, str]:
        return {"started": str(await dashboard.start(asked))}

    @application.post(f"{API}/stop", dependencies=[Depends(changer)])
    async def stop(asked: Named) -> dict[str, str]:
        return {"stopping": str(await dashboard.stop(asked))}

    @application.post(f"{API}/resume", dependencies=[Depends(changer)])
    async def resume(asked: Named) -> dict[str, str]:
        return {"resumed": str(await dashboard.resume(asked))}

    return application


def _serve_page(application: FastAPI) -> None:
    folder = resources.files("utils.dashboard") / "page"

    def add(path: str, name: str, media_type: str) -> None:
        content = (folder / name).read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"cache-control": "no-cache", "etag": tag}

        @application.api_route(path, methods=["GET", "HEAD"])
        async def file(request: Request) -> Response:
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=headers)
            return Response(content, media_type=media_type, headers=headers)

    for path, (name, media_type) in PAGE.items():
        add(path, name, media_type)

    @application.get("/")
    async def front() -> Response:
        return RedirectResponse("/cluster")


def _answer_errors(application: FastAPI) -> None:
    def problem(status: int, text: str) -> Response:
        return JSONResponse({"error": text}, status, headers=NO_STORE)

    @application.exception_handler(UserError)
    async def conflict(_: Request, error: UserError) -> Response:
        return problem(409, " ".join(str(error).split()))

    @application.exception_handler(AnyHTTPException)
    async def refused(_: Request, error: AnyHTTPException) -> Response:
        return problem(error.status_code, error.detail)

    @application.exception_handler(RequestValidationError)
    async def misread(_: Request, error: RequestValidationError) -> Response:
        first: dict[str, Any] = error.errors()[0]
        return problem(400, f"{'.'.join(map(str, first['loc'][1:])) or 'body'}: {first['msg']}")
