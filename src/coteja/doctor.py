"""What this machine has, measured: versions, languages, isolation as a real child sees it, and how to get the rest."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import platform
import sys

import msgspec

import coteja
from coteja.errors import MachineError
from coteja.i18n import catalogue_path, load_catalogue, packaged_templates
from coteja.model.assignment import Limits

#: distribution -> what it is for, and the extra that brings it ("" for what is always needed)
_PACKAGES = {
    "numpy": "",
    "matplotlib": "",
    "ipykernel": "",
    "ipython": "",
    "nbclient": "",
    "nbformat": "",
    "jupytext": "",
    "jinja2": "",
    "babel": "",
    "msgspec": "",
}

#: What only some labs need: module -> (the distributions that bring it, what it is for, the extra).
_OPTIONAL = {"tensorflow": (("tensorflow", "tensorflow-cpu"), "labs in Keras", "tensorflow")}

#: What a rung leaves open, in the words of docs/isolation.md.
_OPEN = {
    "namespaces": "nothing known; memory of several processes together is watched, four times a second",
    "landlock": "disk and memory of several processes together are watched, four times a second; names of files show",
    "none": "everything but time, memory of each process and output",
}


class Finding(msgspec.Struct, frozen=True):
    """One line of the report: whether it is as it should be, and what to do if not."""

    name: str
    value: str
    ok: bool
    advice: str = ""


def examine() -> list[Finding]:
    """Everything, in the order in which it is shown."""
    return [*_versions(), *_languages(), *asyncio.run(_isolation())]


def _versions() -> list[Finding]:
    found = [
        Finding("coteja", coteja.__version__, ok=True),
        Finding(
            "python",
            platform.python_version(),
            ok=sys.version_info >= (3, 11),
            advice="Python 3.11 or newer is needed.",
        ),
        Finding("system", f"{platform.system()} {platform.release()} {platform.machine()}", ok=True),
        Finding("processors", str(os.cpu_count() or 1), ok=True),
    ]
    for name in _PACKAGES:
        version = _version_of(name)
        advice = "" if version else f"pip install {name}"
        found.append(Finding(name, version or "missing", ok=bool(version), advice=advice))
    return [*found, *_optional()]


def _optional() -> list[Finding]:
    """What a lab may need besides: its absence is told, and is no fault."""
    found = []
    for module, (distributions, purpose, extra) in _OPTIONAL.items():
        version = next((v for name in distributions if (v := _version_of(name))), None)
        said = f'not installed; {purpose} need it: pip install "coteja[{extra}]"'
        found.append(Finding(module, version or said, ok=True))
    return found


def _version_of(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _languages() -> list[Finding]:
    found = []
    for language in ("es", "en"):
        path = catalogue_path(packaged_templates(), language, "coteja")
        load_catalogue(path)
        found.append(
            Finding(
                f"language {language}",
                "ready" if path.is_file() else "missing",
                ok=path.is_file(),
                advice="Install coteja again: its catalogue is not there.",
            )
        )
    return found


async def _isolation() -> list[Finding]:
    from coteja.recording.isolation import measure
    from coteja.recording.template import Template

    try:
        template = await Template.start(preload=(), limits=Limits())
    except MachineError as fault:
        return [Finding("isolation", "none", ok=False, advice=str(fault))]
    try:
        isolation = await measure(template)
        reasons = dict(template.reasons)
    finally:
        template.close()
    found = [
        Finding(
            "isolation", isolation.rung, ok=isolation.rung != "none", advice=_advice(isolation.rung, reasons)
        )
    ]
    for name, fact in sorted(isolation.facts.items()):
        found.append(Finding(f"  {name} closed", "yes" if fact == "ok" else f"NO: {fact}", ok=fact == "ok"))
    found.append(Finding("  left open", _OPEN.get(isolation.rung, ""), ok=True))
    found += [Finding(f"  no {rung} rung", reason, ok=True) for rung, reason in reasons.items()]
    return found


def _advice(rung: str, reasons: dict[str, str]) -> str:
    if rung == "none":
        return (
            "Student code cannot be kept from this machine here. Use Linux 5.13 or newer; marking refuses to run "
            "unless you say --trust-students."
        )
    if reasons.get("namespaces"):
        return (
            "For the strongest isolation allow user namespaces (Ubuntu 24.04: sysctl "
            "kernel.apparmor_restrict_unprivileged_userns=0; Docker: --security-opt seccomp=unconfined), or run as root."
        )
    return ""
