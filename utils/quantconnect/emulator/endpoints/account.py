"""The user, the organization, its nodes, and LEAN's versions."""

from __future__ import annotations

from utils.quantconnect.emulator import nodes
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.projects import LATEST_LEAN

ENDPOINTS = Endpoints()
ORGANIZATION_NAME = "Emulated organization"


@ENDPOINTS.at("authenticate")
def _authenticate(call: Call) -> Answer:  # noqa: ARG001 - it got here
    return {}


@ENDPOINTS.at("account/read")
def _account(call: Call) -> Answer:
    return {"organizationId": call.settings.organization_id, "creditBalance": 0.0, "card": None}


@ENDPOINTS.at("organizations/list")
def _organizations(call: Call) -> Answer:
    organization = {
        "id": call.settings.organization_id,
        "name": ORGANIZATION_NAME,
        "type": "Trading Firm",
        "ownerName": f"User {call.settings.user_id}",
        "members": 1,
        "preferred": True,
    }
    return {"organizations": [organization]}


@ENDPOINTS.at("organizations/read")
def _organization(call: Call) -> Answer:
    user = call.settings.user_id
    member = {"id": int(user) if user.isdigit() else 1, "name": f"User {user}", "isAdmin": True, "email": ""}
    organization = {
        "id": call.settings.organization_id,
        "name": ORGANIZATION_NAME,
        "seats": 1,
        "type": "Trading Firm",
        "credit": {"movements": [], "balance": 0.0},
        "products": [],
        "data": {"signedTime": None, "current": False},
        "members": [member],
        "preferred": True,
    }
    return {"organization": organization}


@ENDPOINTS.at("organizations/encryption/keys/list")
def _encryption_keys(call: Call) -> Answer:  # noqa: ARG001 - there are none
    return {"keys": []}


@ENDPOINTS.at("user/read")
def _read_user(call: Call) -> Answer:
    return {"user": {"name": f"User {call.settings.user_id}", "profile": "", "badge": None}}


@ENDPOINTS.at("nodes/read")
def _nodes(call: Call) -> Answer:
    return dict(nodes.describe_nodes(call.db, call.nodes, f"User {call.settings.user_id}", []))


@ENDPOINTS.at("lean/versions/read")
def _versions(call: Call) -> Answer:  # noqa: ARG001 - the same for everybody
    version = {"id": LATEST_LEAN, "created": "2026-01-01 00:00:00", "description": "emulated", "name": "LEAN"}
    return {"versions": [version]}


@ENDPOINTS.at("lean/environments/read")
def _environments(call: Call) -> Answer:  # noqa: ARG001 - the same for everybody
    default = {"id": 1, "name": "Default", "description": "emulated", "path": None, "public": True}
    return {"environments": [default]}


@ENDPOINTS.at("modules/list")
def _modules(call: Call) -> Answer:  # noqa: ARG001 - there are none
    return {"files": []}


@ENDPOINTS.at("services/terminal-news")
def _news(call: Call) -> Answer:  # noqa: ARG001 - there is none
    return {"news": []}


@ENDPOINTS.at("market/data/list")
def _datasets(call: Call) -> Answer:  # noqa: ARG001 - there are none
    return {"list": []}


@ENDPOINTS.at("modules/read", "data/read", "data/list", "data/prices")
def _no_data(call: Call) -> Answer:  # noqa: ARG001 - whatever is asked for
    raise RefusalError("The emulator has no data and no modules to download")
