"""The HTTP face of the emulator: authentication, parameters, faults, one transaction a call."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from utils.quantconnect.emulator.authentication import authenticate
from utils.quantconnect.emulator.endpoints import (
    account,
    backtests,
    files,
    live,
    objects,
    optimizations,
    projects,
)
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoint, Endpoints
from utils.quantconnect.emulator.engine import BacktestEngine
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.faults import AFTER_EFFECT, Fault, FaultKind, Faults
from utils.quantconnect.emulator.nodes import Node
from utils.quantconnect.emulator.objects import pack
from utils.quantconnect.emulator.parameters import Parameters, parse_json, parse_pairs, parse_query
from utils.quantconnect.emulator.request_log import RequestLog, RequestRecord, without_secrets
from utils.quantconnect.emulator.settings import EmulatorSettings
from utils.quantconnect.emulator.store import Store
from utils.quantconnect.emulator.transport import DroppedConnection, HalfResponse

PREFIX = "/api/v2"
LARGEST_FIELD = 2**30
_STATUS = {
    FaultKind.TOO_MANY_REQUESTS: 429,
    FaultKind.SERVER_ERROR: 500,
    FaultKind.BAD_GATEWAY: 502,
    FaultKind.UNAVAILABLE: 503,
}


def all_endpoints() -> Endpoints:
    """Every endpoint by its path."""
    found = Endpoints()
    for module in (account, projects, files, backtests, live, objects, optimizations):
        found.update(module.ENDPOINTS)
    return found


class Api:
    """Answers calls on a store.

    Args:
        clock: seconds since the epoch; steps that take time and the age of timestamps go by it.
    """

    def __init__(
        self,
        store: Store,
        settings: EmulatorSettings,
        nodes: tuple[Node, ...],
        engine: BacktestEngine,
        faults: Faults,
        log: RequestLog,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._settings = settings
        self._nodes = nodes
        self._engine = engine
        self._faults = faults
        self._log = log
        self._clock = clock
        self._endpoints = all_endpoints()

    async def answer(self, request: Request, endpoint: str) -> Response:
        """One call, with whatever fault is due."""
        fault = self._faults.take(endpoint)
        parameters: dict[str, Any] = {}
        response: Response | None = None
        try:
            parameters = await _parameters(request)
        except RefusalError as refusal:
            response = _refused(refusal)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        if response is None and (fault is None or fault.kind in AFTER_EFFECT or fault.kind is FaultKind.SLOW):
            if fault is not None and fault.kind is FaultKind.SLOW:
                await asyncio.sleep(fault.seconds)
            response = await run_in_threadpool(self._carry_out, request, endpoint, parameters)
        if fault is not None and fault.kind is not FaultKind.SLOW:
            response = _faulty(fault, response)
        assert response is not None
        self._note(request, endpoint, parameters, response, fault)
        return response

    def download(self, job_id: str) -> Response:
        """The zip of a download's job."""
        with self._store.transaction() as db:
            packed = pack(db, job_id)
        if packed is None:
            return Response(status_code=404)
        return Response(packed, media_type="application/zip")

    def _carry_out(self, request: Request, endpoint: str, parameters: dict[str, Any]) -> Response:
        now = self._clock()
        address = urlsplit(str(request.base_url))
        try:
            authenticate(request.headers, self._settings, now)
            answers = self._endpoint(endpoint)
            self._check_organization(parameters)
            with self._store.transaction() as db:
                base_url = f"{address.scheme}://{address.netloc}{PREFIX}"
                call = Call(db, Parameters(parameters), self._settings, self._nodes, now, base_url)
                answer: Answer = answers(call)
        except RefusalError as refusal:
            return _refused(refusal)
        self._engine.wake()
        return JSONResponse(answer | {"success": True, "errors": []})

    def _endpoint(self, path: str) -> Endpoint:
        if path not in self._endpoints:
            raise RefusalError(f"No such endpoint: {path[:100]}")
        return self._endpoints[path]

    def _check_organization(self, parameters: dict[str, Any]) -> None:
        """Whatever a call is for, an organization it names is the account's only one."""
        named = Parameters(parameters).optional_text("organizationId")
        if named and named != self._settings.organization_id:
            raise RefusalError(f"Organization not found: {named[:100]}")

    def _note(
        self,
        request: Request,
        endpoint: str,
        parameters: dict[str, Any],
        response: Response,
        fault: Fault | None,
    ) -> None:
        sent = not isinstance(response, DroppedConnection)
        success: bool | None = None
        if isinstance(response, JSONResponse):
            success = bool(json.loads(bytes(response.body))["success"])
        self._log.add(
            RequestRecord(
                request.method,
                endpoint,
                without_secrets(parameters),
                response.status_code if sent else None,
                success,
                fault.kind if fault else None,
            )
        )


def create_application(api: Api) -> FastAPI:
    """The web application."""
    application = FastAPI(title="QuantConnect API, emulated", docs_url=None, redoc_url=None, openapi_url=None)

    @application.get(f"{PREFIX}/{objects.DOWNLOAD}/{{job_id}}")
    def download(job_id: str) -> Response:
        return api.download(job_id)

    @application.api_route(f"{PREFIX}/{{endpoint:path}}", methods=["GET", "POST"])
    async def call(request: Request, endpoint: str) -> Response:
        return await api.answer(request, endpoint.strip("/"))

    return application


async def _parameters(request: Request) -> dict[str, Any]:
    """What a call was sent with: query, then JSON, form, or form with files."""
    found = parse_query(request.url.query)
    if request.method == "GET":
        return found
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return found | await _multipart(request)
    body = await request.body()
    if kind == "application/x-www-form-urlencoded":
        try:
            return found | parse_query(body.decode())
        except UnicodeDecodeError:
            raise RefusalError("The request is not UTF-8 text") from None
    return found | parse_json(body)


async def _multipart(request: Request) -> dict[str, Any]:
    try:
        form = await request.form(max_part_size=LARGEST_FIELD)
    except (HTTPException, ValueError) as error:
        raise RefusalError(f"The form cannot be read: {type(error).__name__}") from None
    texts = parse_pairs((name, value) for name, value in form.multi_items() if isinstance(value, str))
    uploads = {
        name: await value.read() for name, value in form.multi_items() if isinstance(value, UploadFile)
    }
    return texts | uploads


def _refused(refusal: RefusalError) -> Response:
    return JSONResponse({"success": False, "errors": [str(refusal)]})


def _faulty(fault: Fault, response: Response | None) -> Response:
    if fault.kind in _STATUS:
        status = _STATUS[fault.kind]
        waits = status in {429, 503}
        headers = {"Retry-After": f"{fault.seconds:.0f}"} if waits else {}
        body = {"success": False, "errors": [f"emulated fault: HTTP {status}"]}
        return JSONResponse(body, status_code=status, headers=headers)
    if fault.kind is FaultKind.FAILURE:
        return JSONResponse({"success": False, "errors": ["emulated fault: the call failed"]})
    if fault.kind is FaultKind.HALF_RESPONSE and response is not None:
        return HalfResponse(bytes(response.body), status_code=200, media_type="application/json")
    if fault.kind is FaultKind.GARBAGE:
        return Response(b"<html>emulated fault</html>", media_type="text/html")
    return DroppedConnection()
