"""The lines of a custom data source: a file, or a value of the Object Store."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from utils.engine.data.subscription_data_source import (
    FileFormat,
    SubscriptionDataSource,
    SubscriptionTransportMedium,
)
from utils.engine.errors import NotSupportedByEngine
from utils.engine.feed.data_folder import DataFolder
from utils.errors import UserError


def lines_of(source: SubscriptionDataSource, data: DataFolder) -> Iterator[str]:
    """Lines of a source, without their ends; none when it is not there, as LEAN has it.

    Of a zip file it is the first entry, or the one after `#`: `prices.zip#spy.csv`.

    Raises:
        NotSupportedByEngine: a source that is reached over the network, or that is no text of lines.
        UserError: a damaged file.
    """
    if source.format != FileFormat.CSV:
        raise NotSupportedByEngine(f"FileFormat.{source.format} of {source.source}")
    if source.transport_medium == SubscriptionTransportMedium.LOCAL_FILE:
        content = _file(source.source, data)
    elif source.transport_medium == SubscriptionTransportMedium.OBJECT_STORE:
        content = _stored(source.source, data)
    else:
        raise NotSupportedByEngine(
            f"SubscriptionTransportMedium.{source.transport_medium}: {source.source}: a backtest reads no "
            "addresses; download it, and give the file with SubscriptionTransportMedium.LOCAL_FILE"
        )
    if content is not None:
        for line in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="replace"):
            yield line.rstrip("\r\n")


def _file(source: str, data: DataFolder) -> bytes | None:
    name, _, entry = source.partition("#")
    path = Path(name)
    if not path.is_file():
        data.note_missing(path)
        return None
    data.files_read += 1
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}; check its permissions") from error
    return _unzipped(content, name, entry) if path.suffix == ".zip" else content


def _stored(key: str, data: DataFolder) -> bytes | None:
    if not key or not data.object_store.contains_key(key):
        return None
    content: bytes = data.object_store.read_bytes(key)
    return _unzipped(content, key, "") if key.endswith(".zip") else content


def _unzipped(content: bytes, name: str, entry: str) -> bytes | None:
    """An entry of a zip file, the first when none is named; None: there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [one for one in archive.namelist() if not entry or one.lower() == entry.lower()]
            return archive.read(found[0]) if found else None
    except BadZipFile as error:
        raise UserError(f"{name}: is not a zip file; make it anew") from error
