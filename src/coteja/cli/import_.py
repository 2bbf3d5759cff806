"""`coteja import …`: other programs' assignments become labs. Each source is a file of its own, loaded when it is asked for."""

from __future__ import annotations

import importlib

import click

#: source -> (module, function, the line that `coteja import --help` shows)
_SOURCES = {
    "nbgrader": ("coteja.cli.import_nbgrader", "nbgrader", "Notebooks of an nbgrader assignment."),
    "nbgrader-marks": ("coteja.cli.nbgrader", "nbgrader_marks", "Marks that people gave in formgrader."),
    "otter": ("coteja.cli.import_otter", "otter", "A master notebook of `otter assign`."),
}


class _Lazy(click.Group):
    """Imports a subcommand when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_SOURCES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _SOURCES:
            return None
        module, name, _summary = _SOURCES[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_m, _f, summary) in _SOURCES.items()])


@click.group("import", cls=_Lazy)
def import_() -> None:
    """Make labs of what other programs have, and fetch marks from them."""
