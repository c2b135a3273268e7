"""LEAN's `Compression`: zip archives in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from utils.engine.dotnet.naming import DotNet


class Compression(DotNet):
    """What algorithms pack for the Object Store, and unpack."""

    @staticmethod
    def zip_bytes(bytes: Iterable[int], zip_entry_name: str) -> bytes:  # noqa: A002 - LEAN's name
        """A zip archive of one entry, as bytes."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zip_entry_name, bytearray(bytes))
        return target.getvalue()

    @staticmethod
    def unzip_data(zip_data: Iterable[int], encoding: str = "utf-8") -> dict[str, str]:
        """The texts of an archive, by the name of their entry."""
        with zipfile.ZipFile(io.BytesIO(bytearray(zip_data))) as archive:
            return {name: archive.read(name).decode(encoding) for name in archive.namelist()}
