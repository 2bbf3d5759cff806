"""Frames on the one socket between the student's process and ours: lengths, JSON, raw buffers.

    u32 length of the JSON | u32 number of buffers | u32 length of each buffer | JSON | buffers

The JSON is `{"channel": "iopub" | "shell" | "control", "message": {...}}`.
"""

from __future__ import annotations

import json
import struct
from typing import Any

HEAD = struct.Struct("<II")


def pack(channel: str, message: dict[str, Any], buffers: list[bytes] | tuple[bytes, ...] = ()) -> bytes:
    """One whole frame. Lone surrogates in text become U+FFFD: they could not be written to a notebook."""
    try:
        body = json.dumps({"channel": channel, "message": message}, default=str, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        text = json.dumps({"channel": channel, "message": message}, default=str, ensure_ascii=False)
        body = text.encode("utf-8", "replace")
    lengths = struct.pack(f"<{len(buffers)}I", *map(len, buffers))
    return b"".join([HEAD.pack(len(body), len(buffers)), lengths, body, *buffers])
