"""LEAN's `Globals`: where data is."""

from __future__ import annotations

from utils.engine.dotnet.naming import DotNet
from utils.engine.identity.data_folder import required_data_folder


class _DataFolder:
    """The data folder of the run, as an attribute of a class."""

    def __get__(self, _instance: object, _owner: type) -> str:
        return str(required_data_folder())


class Globals(DotNet):
    """`Globals.data_folder`."""

    data_folder = _DataFolder()
