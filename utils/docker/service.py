"""Docker's API over HTTP, as far as the LEAN CLI calls it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from pydantic import ValidationError

from utils.docker.containers import Containers, signal_of
from utils.docker.create_request import CreateRequest
from utils.docker.errors import DockerError
from utils.docker.images import Images
from utils.docker.logs import STDERR, STDOUT

API_VERSION, OLDEST_API_VERSION = "1.44", "1.24"
RAW, FRAMED = "application/vnd.docker.raw-stream", "application/vnd.docker.multiplexed-stream"
GRACE = 10.0  # seconds between the stop signal and SIGKILL when the call names none
_VERSION = {
    "Version": "embedded-engine",
    "ApiVersion": API_VERSION,
    "MinAPIVersion": OLDEST_API_VERSION,
    "Os": "linux",
    "Arch": "amd64",
    "Platform": {"Name": "LEAN without Docker"},
    "Components": [],
}


def create_application(images: Images, containers: Containers) -> FastAPI:
    """The web application; every path also below `/v1.44`, as clients call it."""
    application = FastAPI(title="Docker's API for LEAN", docs_url=None, redoc_url=None, openapi_url=None)
    for routes in (_system_routes(), _image_routes(images), _container_routes(containers)):
        application.include_router(routes)
        application.include_router(routes, prefix="/v{api_version}")

    @application.exception_handler(DockerError)
    async def refused(_request: Request, error: DockerError) -> Response:
        return JSONResponse({"message": error.message}, status_code=error.status)

    @application.exception_handler(404)
    async def unknown(request: Request, _error: Exception) -> Response:
        return JSONResponse(
            {"message": f"{request.method} {request.url.path}: not served here; use Docker for it"}, 404
        )

    return application


def _system_routes() -> APIRouter:
    routes = APIRouter()
    networks: dict[str, str] = {"bridge": "0" * 64}
    volumes: dict[str, dict[str, Any]] = {}

    @routes.api_route("/_ping", methods=["GET", "HEAD"])
    async def ping() -> Response:
        headers = {"Api-Version": API_VERSION, "Ostype": "linux"}
        return PlainTextResponse("OK", headers=headers)

    @routes.get("/version")
    async def version() -> dict[str, Any]:
        return _VERSION

    @routes.get("/info")
    async def info() -> dict[str, Any]:
        return {"ServerVersion": _VERSION["Version"], "OSType": "linux", "Name": "lean"}

    @routes.get("/networks")
    async def list_networks() -> list[dict[str, Any]]:
        return [{"Id": key, "Name": name, "Driver": "bridge"} for name, key in networks.items()]

    @routes.get("/networks/{reference}")
    async def inspect_network(reference: str) -> dict[str, Any]:
        for name, key in networks.items():
            if reference in (name, key):
                return {"Id": key, "Name": name, "Driver": "bridge", "Containers": {}}
        raise DockerError(404, f"network {reference} not found")

    @routes.post("/networks/create", status_code=201)
    async def create_network(request: Request) -> dict[str, Any]:
        name = str((await request.json()).get("Name", ""))
        return {"Id": networks.setdefault(name, name.encode().hex().ljust(64, "0")[:64]), "Warning": ""}

    @routes.get("/volumes")
    async def list_volumes() -> dict[str, Any]:
        return {"Volumes": list(volumes.values()), "Warnings": []}

    @routes.post("/volumes/create", status_code=201)
    async def create_volume(request: Request) -> dict[str, Any]:
        name = str((await request.json()).get("Name", ""))
        created = datetime.now(UTC).isoformat()
        return volumes.setdefault(
            name, {"Name": name, "Driver": "local", "Mountpoint": "", "CreatedAt": created}
        )

    @routes.get("/volumes/{name}")
    async def inspect_volume(name: str) -> dict[str, Any]:
        if name not in volumes:
            raise DockerError(404, f"get {name}: no such volume")
        return volumes[name]

    @routes.delete("/volumes/{name}", status_code=204)
    async def remove_volume(name: str) -> None:
        if volumes.pop(name, None) is None:
            raise DockerError(404, f"get {name}: no such volume")

    return routes


def _image_routes(images: Images) -> APIRouter:
    routes = APIRouter()

    @routes.get("/images/json")
    async def list_images() -> list[dict[str, Any]]:
        return images.list()

    @routes.post("/images/create")
    async def pull(request: Request) -> Response:
        name = images.pull(request.query_params.get("fromImage", ""), request.query_params.get("tag", ""))
        return PlainTextResponse(json.dumps({"status": f"{name} is the embedded engine"}) + "\r\n")

    @routes.get("/images/{name:path}/json")
    async def inspect(name: str) -> dict[str, Any]:
        return images.inspect(name)

    @routes.get("/distribution/{name:path}/json")
    async def registry_data(name: str) -> dict[str, Any]:
        return {"Descriptor": {"digest": images.digest(name), "mediaType": "", "size": 0}, "Platforms": []}

    return routes


def _container_routes(containers: Containers) -> APIRouter:
    routes = APIRouter()

    @routes.get("/containers/json")
    async def list_containers(request: Request) -> list[dict[str, Any]]:
        return [one.summary() for one in containers.list(_flag(request, "all"))]

    @routes.post("/containers/create", status_code=201)
    async def create(request: Request) -> dict[str, Any]:
        try:
            wanted = CreateRequest.model_validate_json(await request.body())
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise DockerError(400, f"{field or 'request'}: {first['msg']}") from None
        container = containers.create(request.query_params.get("name", ""), wanted)
        return {"Id": container.id, "Warnings": []}

    @routes.get("/containers/{reference}/json")
    async def inspect(reference: str) -> dict[str, Any]:
        return containers.find(reference).inspect()

    @routes.post("/containers/{reference}/start")
    async def start(reference: str) -> Response:
        return Response(status_code=204 if containers.find(reference).start() else 304)

    @routes.get("/containers/{reference}/logs")
    async def logs(request: Request, reference: str) -> Response:
        if _flag(request, "timestamps"):
            raise DockerError(501, "logs with timestamps are not served here; each line has its own")
        return _output(request, reference, follow=_flag(request, "follow"), tail=_tail(request))

    @routes.post("/containers/{reference}/attach")
    async def attach(request: Request, reference: str) -> Response:
        tail = None if _flag(request, "logs") else 0
        return _output(request, reference, follow=_flag(request, "stream"), tail=tail)

    @routes.post("/containers/{reference}/wait")
    async def wait(reference: str) -> dict[str, Any]:
        container = containers.find(reference)
        await containers.wait(container)
        return {"StatusCode": container.exit_code}

    @routes.post("/containers/{reference}/stop")
    async def stop(request: Request, reference: str) -> Response:
        text = request.query_params.get("t", "")
        seconds = float(text) if text.isdigit() else GRACE
        stopped = await containers.stop(containers.find(reference), seconds)
        return Response(status_code=204 if stopped else 304)

    @routes.post("/containers/{reference}/kill")
    async def kill(request: Request, reference: str) -> Response:
        containers.find(reference).send(signal_of(request.query_params.get("signal") or "SIGKILL"))
        return Response(status_code=204)

    @routes.delete("/containers/{reference}")
    async def remove(request: Request, reference: str) -> Response:
        await containers.remove(containers.find(reference), _flag(request, "force"))
        return Response(status_code=204)

    def _output(request: Request, reference: str, follow: bool, tail: int | None) -> Response:
        container = containers.find(reference)
        wanted = {number for name, number in (("stdout", STDOUT), ("stderr", STDERR)) if _flag(request, name)}
        stream = containers.follow(container, wanted, container.logs.tail(tail), follow)
        return StreamingResponse(stream, media_type=RAW if container.request.tty else FRAMED)

    return routes


def _flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in ("1", "true")


def _tail(request: Request) -> int | None:
    text = request.query_params.get("tail", "all")
    return int(text) if text.isdigit() else None
