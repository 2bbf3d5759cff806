"""`coteja doctor`."""

from __future__ import annotations

import sys

import click

from coteja.cli.common import json_option


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Show versions, languages and isolation as measured here. Exit code 3 when something is missing."""
    import msgspec

    from coteja.doctor import examine

    findings = examine()
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(findings) + b"\n")
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'NO '} {finding.name:<{width}}  {finding.value}")
            if finding.advice and (not finding.ok or finding.name == "isolation"):
                click.echo(f"    {finding.advice}")
    ctx.exit(0 if all(finding.ok for finding in findings) else 3)
