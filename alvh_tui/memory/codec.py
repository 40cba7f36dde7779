"""Figures as few bytes: fixed decimals, differences from one point to the next, deflated where that helps."""

import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

WIDTHS = ("<i1", "<i2", "<i4", "<i8")
WITH_GAPS, DEFLATED = 4, 8
LARGEST = 2.0**62
WORTH_DEFLATING = 48
_ROW = 12
"""Bytes of one figure in a row: its id and its value."""


def scaled(values: Floats, decimals: int | NDArray[np.int64]) -> tuple[Whole, NDArray[np.bool_]]:
    """Whole numbers of the last decimal, and which values are known."""
    lifted = values * np.power(10.0, decimals)
    known = np.isfinite(lifted) & (np.abs(lifted) < LARGEST)
    return np.rint(np.where(known, lifted, 0.0)).astype(np.int64), known


def pack_column(values: Floats, decimals: int) -> bytes:
    """One figure at several times; NaN is unknown."""
    whole, known = scaled(values, decimals)
    kept = whole[known]
    steps = np.diff(kept)
    largest = int(np.abs(steps).max()) if len(steps) else 0
    width = next(n for n in range(4) if largest < 2 ** (8 * 2**n - 1))
    head = width | (0 if known.all() else WITH_GAPS)
    body = b"" if known.all() else np.packbits(known).tobytes()
    body += kept[:1].astype("<i8").tobytes() + steps.astype(WIDTHS[width]).tobytes()
    if len(body) >= WORTH_DEFLATING:
        smaller = _deflate(body)
        if len(smaller) < len(body):
            head, body = head | DEFLATED, smaller
    return bytes([head]) + body


def unpack_column(packed: bytes, count: int, decimals: int) -> Floats:
    head = packed[0]
    if count == 1 and head == 0:
        # The one change of state an old session has left: a chart of years has thousands of them.
        return np.array([int.from_bytes(packed[1:], "little", signed=True) / 10.0**decimals])
    body = zlib.decompress(packed[1:], wbits=-15) if head & DEFLATED else packed[1:]
    gaps = (count + 7) // 8 if head & WITH_GAPS else 0
    steps = np.frombuffer(body, WIDTHS[head & 3], offset=gaps + 8) if len(body) > gaps else np.zeros(0)
    whole = np.zeros(len(steps) + 1 if len(body) > gaps else 0, dtype=np.int64)
    if len(whole):
        whole[0] = np.frombuffer(body, "<i8", count=1, offset=gaps)[0]
        np.cumsum(steps, out=whole[1:])
        whole[1:] += whole[0]
    found: Floats = whole / 10.0**decimals
    if not gaps:
        if len(found) != count:
            raise ValueError(f"{len(found)} values where {count} were written")
        return found
    known = np.unpackbits(np.frombuffer(body, np.uint8, count=gaps), count=count).astype(bool)
    column = np.full(count, np.nan)
    column[known] = found
    return column


def pack_row(values: Mapping[int, float], decimals: Mapping[int, int]) -> bytes:
    """Several figures at one time, by their ids; an unknown one is not in it."""
    ids = np.array(sorted(values), dtype=np.int64)
    whole, known = scaled(
        np.array([values[i] for i in ids.tolist()], dtype=np.float64),
        np.array([decimals[i] for i in ids.tolist()], dtype=np.int64),
    )
    return _deflate(ids[known].astype("<i4").tobytes() + whole[known].astype("<i8").tobytes())


def unpack_row(packed: bytes) -> tuple[Whole, Whole]:
    """Rising ids, and the figure of each in its own last decimal."""
    body = zlib.decompress(packed, wbits=-15)
    count = len(body) // _ROW
    return (
        np.frombuffer(body, "<i4", count=count).astype(np.int64),
        np.frombuffer(body, "<i8", count=count, offset=4 * count).astype(np.int64),
    )


def pick(row: tuple[Whole, Whole], ids: Whole, decimals: Whole) -> Floats:
    """The figures of these ids, NaN where the row has none."""
    held, whole = row
    found = np.full(len(ids), np.nan)
    if len(held):
        at = np.minimum(np.searchsorted(held, ids), len(held) - 1)
        there = held[at] == ids
        found[there] = whole[at[there]] / np.power(10.0, decimals[there])
    return found


def pack_times(times: Whole, flags: NDArray[np.uint8]) -> bytes:
    """Seconds since 1970, rising, and what each point is."""
    return _deflate(times.astype("<i8").tobytes() + flags.tobytes())


def unpack_times(packed: bytes, count: int) -> tuple[Whole, NDArray[np.uint8]]:
    body = zlib.decompress(packed, wbits=-15)
    return (
        np.frombuffer(body, "<i8", count=count).astype(np.int64),
        np.frombuffer(body, np.uint8, count=count, offset=8 * count),
    )


def _deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()
