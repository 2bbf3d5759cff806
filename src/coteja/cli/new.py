"""`coteja new`."""

from __future__ import annotations

from pathlib import Path

import click

from coteja.cli.common import shown_path


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title-es", default=None, help="The course's title in Spanish.")
@click.option("--title-en", default=None, help="The course's title in English.")
@click.option(
    "--lang", "languages", multiple=True, help="Only this language; may be given again (default: es and en)."
)
def new(folder: Path, title_es: str | None, title_en: str | None, languages: tuple[str, ...]) -> None:
    """Make a course in DIR, with one tiny lab that works, to change into yours."""
    from coteja.errors import UsageError
    from coteja.scaffold import LANGUAGES, new_course

    titles = {lang: title for lang, title in (("es", title_es), ("en", title_en)) if title is not None}
    chosen = languages or LANGUAGES
    if superfluous := [language for language in titles if language not in chosen]:
        raise UsageError(
            f"--title-{superfluous[0]}: the course was asked for in {', '.join(chosen)} alone. "
            f"Leave the title out, or add --lang {superfluous[0]}."
        )
    new_course(folder, languages=chosen, titles=titles)
    click.echo(
        f"A course with one lab, first-step, is in {shown_path(folder.absolute())}. Its README says what is what."
    )
    click.echo("Go there and try:")
    for command in (
        "lint",
        "release first-step",
        "grade first-step assignments/first-step/samples",
    ):
        click.echo(f"  coteja {command}")
