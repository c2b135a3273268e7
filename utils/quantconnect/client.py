"""The QuantConnect API for one user and organization."""

from __future__ import annotations

from functools import cached_property

from utils.quantconnect.clients.backtests import Backtests
from utils.quantconnect.clients.compiles import Compiles
from utils.quantconnect.clients.files import Files
from utils.quantconnect.clients.live import Live
from utils.quantconnect.clients.nodes import Nodes
from utils.quantconnect.clients.object_store import ObjectStore
from utils.quantconnect.clients.optimizations import Optimizations
from utils.quantconnect.clients.organizations import Organizations
from utils.quantconnect.clients.projects import Projects
from utils.quantconnect.once import Lookout
from utils.quantconnect.transport import Caller

DEFAULT_LOOKOUT = Lookout()


class QuantConnect:
    """Everything the API offers, in groups.

    client = QuantConnect(Transport(api_address(), find_credentials()))
    client.projects.find("algorithms/money_line")

    Args:
        transport: makes the calls.
        organization_id: whose projects, nodes and Object Store; by default the user's preferred organization.
        lookout: how patiently to look what became of a call whose answer was lost.
    """

    def __init__(
        self, transport: Caller, organization_id: str = "", lookout: Lookout = DEFAULT_LOOKOUT
    ) -> None:
        self.transport = transport
        self._organization_id = organization_id
        self._lookout = lookout
        self.projects = Projects(transport, lookout)
        self.files = Files(transport)
        self.compiles = Compiles(transport)
        self.backtests = Backtests(transport, lookout)
        self.nodes = Nodes(transport)
        self.live = Live(transport, lookout)
        self.optimizations = Optimizations(transport, lookout)
        self.organizations = Organizations(transport)

    @cached_property
    def organization_id(self) -> str:
        """The organization all calls are for."""
        return self._organization_id or self.organizations.preferred().id

    @cached_property
    def object_store(self) -> ObjectStore:
        """The organization's Object Store."""
        return ObjectStore(self.transport, self._lookout, self.organization_id)
