"""Consent Desk: without a verb it opens the window, with one it is the command line.

The verbs of :mod:`core.cli` know no window; the few that need one stand here and load it only when they run. Spawned
workers import this module again, so that nothing heavy is loaded at its top and what runs stands behind the guard.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from core import __version__
from core.cli import output
from core.cli.app import app
from core.cli.app import run as run_cli
from core.cli.verdicts import as_json
from core.errors import Refusal

THEMES, SCALES = ("light", "dark"), (1, 2)
DEMO = Path("demo")


def has_display() -> bool:
    """Whether a window can be shown: on Linux that takes a display server; everywhere Qt must not run offscreen."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return not sys.platform.startswith("linux") or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))


def need_libraries(*, window: bool) -> None:
    """Raise Refusal where a library that Qt needs is missing: Qt itself would end the process without a word."""
    from resources.setup import bootstrap

    missing = bootstrap.missing_libraries(window=window)
    if missing:
        raise Refusal(f"Qt lacks libraries of this system; on Debian or Ubuntu run: {bootstrap.apt_line(missing)}")


def show_window(workspace: Path | None) -> int:
    """Open the window and stay until it is closed."""
    if not has_display():
        raise Refusal("There is no display to open a window on; --help lists the verbs that need none.")
    need_libraries(window=True)
    from gui.app import run as run_window

    return run_window(workspace)


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object as the last line; also after a verb.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug; also after a verb.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Decide, review, redact and release AI interaction records: offline, with the clause for every answer.

    Without a verb the window opens.
    """
    del json, debug  # read before the verb is parsed, so that they may stand anywhere
    if version:
        output.say(f"Consent Desk {__version__}")
        raise typer.Exit(output.DONE)
    if context.invoked_subcommand is None:
        raise typer.Exit(show_window(None))


@app.command("open")
def open_(
    workspace: Annotated[Path, typer.Argument(metavar="WORKSPACE", help="The workspace, one *.cdesk file.")],
) -> int:
    """Open the window on a workspace."""
    if not workspace.exists():
        raise Refusal(f"There is no workspace {workspace}.")
    return show_window(workspace)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the demo lies; kept if it is whole.")] = DEMO,
) -> int:
    """Build the demo workspace from the bundled samples and open it; without a display, write screenshots instead."""
    from core.services import demo as demos

    with output.long_act() as (token, bar):
        workspace = demos.build(folder, cancel=token, report=bar)
    made = demos.look(folder)
    if made is None:
        raise Refusal(f"The demo in {folder} is not whole; remove the folder and run this again.")
    window = has_display()
    output.tell(f"The demo workspace is {workspace}.")
    if not window:
        output.tell(f"There is no display, so screenshots are written to {folder / 'screenshots'} instead.")
        grab_all(folder / "screenshots", workspace, THEMES, SCALES)
    counts = as_json(made.counts)
    output.line({"workspace": str(workspace), "counts": counts, "bundle": str(made.bundle), "verified": made.verified})
    sys.stdout.flush()
    code = output.DONE if made.verified else output.PARTLY
    return show_window(workspace) or code if window else code


@app.command()
def screenshots(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder of the pictures.")],
    workspace: Annotated[
        Path | None, typer.Argument(metavar="WORKSPACE", help="What they show; the demo by default.")
    ] = None,
    *,
    theme: Annotated[Literal["light", "dark"] | None, typer.Option("--theme", help="Both by default.")] = None,
    scale: Annotated[int | None, typer.Option("--scale", min=1, max=2, help="1 or 2; both by default.")] = None,
) -> int:
    """Grab every page to PAGE-THEME-SCALEx.png, offscreen, each scale in a process of its own."""
    themes, scales = (theme,) if theme else THEMES, (scale,) if scale else SCALES
    if workspace is not None:
        return grab_all(out, workspace, themes, scales)
    from core.services import demo as demos

    with tempfile.TemporaryDirectory(prefix="consent-desk-") as folder, output.long_act() as (token, bar):
        there = demos.look(DEMO)
        shown = there.workspace if there else demos.build(Path(folder), cancel=token, report=bar)
        return grab_all(out, shown, themes, scales)


def grab_all(out: Path, workspace: Path, themes: Sequence[str], scales: Sequence[int]) -> int:
    """Grab every page in each theme and scale, each in a child process, since Qt reads its scale only once.

    Raises Refusal if a child fails; says on standard output how many pictures there are.
    """
    need_libraries(window=False)
    for scale in scales:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        commands = [
            [sys.executable, __file__, "grab", str(out), str(workspace.absolute()), theme, str(scale)]
            for theme in themes
        ]
        children = [
            subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            for command in commands
        ]
        codes = [child.wait() for child in children]
        if any(codes):
            raise Refusal(f"The screenshots could not be made (exit code {max(codes)}); see the lines above.")
    output.say(f"{len(list(out.glob('*.png')))} screenshots in {out}.")
    return output.DONE


@app.command(hidden=True)
def grab(out: Path, workspace: Path, theme: str, scale: int) -> int:
    """One theme at one scale, in this process: what ``screenshots`` starts."""
    from gui.screenshots import grab as grab_pages

    out.mkdir(parents=True, exist_ok=True)
    grab_pages(out, workspace, theme, scale)
    return output.DONE


def run(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line; the console script and the tests call it. Returns the exit code."""
    return run_cli(argv)


if __name__ == "__main__":
    sys.exit(run())
