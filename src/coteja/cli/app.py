"""The `coteja` program: its commands and what happens to their errors."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

import coteja

#: command -> (module, function, the line that `coteja --help` shows)
_COMMANDS = {
    "new": ("coteja.cli.new", "new", "Make a course with one tiny lab that works."),
    "lint": ("coteja.cli.lint", "lint", "Find authoring faults before students do."),
    "release": ("coteja.cli.release", "release", "Make the students' notebooks of an assignment."),
    "grade": ("coteja.cli.grade", "grade", "Run, check and report what students handed in."),
    "regrade": (
        "coteja.cli.grade",
        "regrade",
        "Check and report again from the recordings; runs no notebook.",
    ),
    "report": (
        "coteja.cli.report",
        "report",
        "Show how a class did: scores, questions, mistakes, who waits.",
    ),
    "mark": ("coteja.cli.mark", "mark", "Mark the written answers, a question at a time."),
    "check": ("coteja.cli.check", "check", "Look at one's own notebook with the public checks."),
    "calibrate": ("coteja.cli.calibrate", "calibrate", "Compute the expected artefacts from the reference."),
    "audit": ("coteja.cli.audit", "audit", "Measure how often an assignment's checks are wrong."),
    "db": ("coteja.cli.db", "db", "The gradebook's database: its state, and to bring it up to date."),
    "import": (
        "coteja.cli.import_",
        "import_",
        "Make labs of other programs' assignments: nbgrader, otter-grader.",
    ),
    "export": ("coteja.cli.export", "export", "Hand results on: GitHub, GitLab, Jenkins, Canvas, Moodle."),
    "doctor": ("coteja.cli.doctor", "doctor", "Show versions, isolation as measured, and what is missing."),
}


class _Lazy(click.Group):
    """Imports a command when it is run; `coteja --help` imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name, _summary = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_m, _f, summary) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(coteja.__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Mark neural-network labs in Jupyter, and tell each student why, in Spanish and in English."""


def main(arguments: list[str] | None = None) -> None:
    """Run the program. Errors of ours are a sentence on stderr and their own exit code, never a traceback."""
    from coteja.errors import CotejaError

    # nbformat imports jsonschema, and where JupyterLab is installed that compiles a grammar of international URIs, for
    # more than a second of every start. Nothing here checks one, and jsonschema copes with its absence.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        code: Any = cli.main(args=arguments, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(2)
    except CotejaError as fault:
        click.echo(f"coteja: {fault}", err=True)
        sys.exit(fault.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        click.echo(f"coteja: {where}{fault.strerror or fault}", err=True)
        sys.exit(3)
