"""Open the zip files that office files are, and refuse one that unpacks to more than memory holds."""

import io
import zipfile
import zlib

from pipelines.records import Reason, Skip

MAX_UNPACKED = 100_000_000  # bytes; the parsers hold a member whole, some of them several times over
MAX_MEMBERS = 10_000
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)


def members(body: bytes) -> zipfile.ZipFile:
    """Return an opened zip file every member of which is whole and no larger than it says.

    Raises Skip where it is broken, or would unpack to more than MAX_UNPACKED bytes.
    """
    try:
        packed = zipfile.ZipFile(io.BytesIO(body))
        size = sum(one.file_size for one in packed.infolist())
        if size > MAX_UNPACKED or len(packed.infolist()) > MAX_MEMBERS:
            raise Skip(Reason.TOO_LARGE, f"unpacks to {size} bytes, at most {MAX_UNPACKED} are read")
        if any(one.flag_bits & 1 for one in packed.infolist()):
            raise Skip(Reason.ENCRYPTED, "a file that opens with a password alone")
        damaged = packed.testzip()  # reads no member beyond the size that it declares
    except BROKEN as error:
        raise Skip(Reason.BROKEN, f"a damaged file: {str(error) or type(error).__name__}") from None
    if damaged is not None:
        raise Skip(Reason.BROKEN, f"a damaged file: {damaged[:80]} is not what its checksum says")
    return packed
