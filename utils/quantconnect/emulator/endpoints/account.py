"""The user, the organization, its nodes, and LEAN's versions."""

from __future__ import annotations

from utils.quantconnect.emulator import nodes
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
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


@ENDPOINTS.at("nodes/read")
def _nodes(call: Call) -> Answer:
    return dict(nodes.describe_nodes(call.db, call.nodes, f"User {call.settings.user_id}", []))


@ENDPOINTS.at("lean/versions/read")
def _versions(call: Call) -> Answer:  # noqa: ARG001 - the same for everybody
    version = {"id": LATEST_LEAN, "created": "2026-01-01 00:00:00", "description": "emulated", "name": "LEAN"}
    return {"versions": [version]}
