"""Compressed streams by the suffix of a name: .gz, .bz2, .xz and .zst."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from cnchar.errors import BadInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_ZSTD_CHUNK = 1 << 14  # compressed bytes at a time: what they expand to is held in memory


def suffix_of(path: str) -> str:
    """The compression suffix of a name in lower case, or ""."""
    return next((suffix for suffix in SUFFIXES if path.lower().endswith(suffix)), "")


def decompressor(path: str, raw: BinaryIO) -> BinaryIO:
    """`raw`, decompressed as the suffix of `path` says. A broken or truncated archive raises BadInput when read."""
    suffix = suffix_of(path)
    if not suffix:
        return raw
    buffered = io.BufferedReader(cast(io.RawIOBase, raw), 1 << 17)
    return cast(BinaryIO, _Archive(path, buffered, _open_archive(suffix, buffered)))


@contextmanager
def compressor(path: str, raw: BinaryIO) -> Iterator[BinaryIO]:
    """A stream whose bytes reach `raw` compressed as the suffix of `path` says. Equal text gives equal bytes."""
    suffix = suffix_of(path)
    if not suffix:
        yield raw
        return
    packed = _new_archive(suffix, raw)
    try:
        yield packed
    except BaseException:
        raw.close()  # the file is thrown away: do not write the archive's end, which could fail once more
        raise
    packed.close()


def _open_archive(suffix: str, raw: BinaryIO) -> BinaryIO:
    if suffix == ".gz":
        import gzip

        return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb"))
    if suffix == ".bz2":
        import bz2

        return cast(BinaryIO, bz2.BZ2File(raw, "rb"))
    if suffix == ".xz":
        import lzma

        return cast(BinaryIO, lzma.LZMAFile(raw, "rb"))
    return cast(BinaryIO, _ZstdReader(raw))


def _new_archive(suffix: str, raw: BinaryIO) -> BinaryIO:
    if suffix == ".gz":
        import gzip

        return cast(BinaryIO, gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0))
    if suffix == ".bz2":
        import bz2

        return cast(BinaryIO, bz2.BZ2File(raw, "wb"))
    if suffix == ".xz":
        import lzma

        return cast(BinaryIO, lzma.LZMAFile(raw, "wb"))
    import zstandard

    return cast(BinaryIO, zstandard.ZstdCompressor(level=3, write_checksum=True).stream_writer(raw, closefd=False))


class _Archive(io.RawIOBase):
    """Reads an archive and turns each library's own way to say "broken" into one sentence that names the file."""

    def __init__(self, path: str, raw: BinaryIO, archive: BinaryIO) -> None:
        self._path, self._raw, self._archive = path, raw, archive

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._archive.read(size)
        except EOFError:
            raise BadInput(f"{self._path} ends too early: the archive is truncated, get a whole copy.") from None
        except Exception as error:  # zlib.error, BadGzipFile, LZMAError, ZstdError and OSError have no common base
            raise BadInput(f"{self._path} is not a sound {suffix_of(self._path)} archive ({error}).") from None

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _ZstdReader:
    """zstandard's own stream reader takes a truncated file for a whole one, so the frames are followed here."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame: Any = None
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes (all of them when negative), b"" at the end. Raises EOFError within a frame."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while not self._ready:
            data = self._raw.read(_ZSTD_CHUNK)
            if not data:
                if self._frame is not None:
                    raise EOFError
                return b""
            self._ready = b"".join(self._decompress(data))
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _decompress(self, data: bytes) -> Iterator[bytes]:
        import zstandard

        while data:
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            yield self._frame.decompress(data)
            if not self._frame.eof:
                return
            data, self._frame = self._frame.unused_data, None
