"""``bosspick``: every command with an example in its help, exit codes 0, 1 and 2, and no tracebacks."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from bosspick import __version__
from bosspick.errors import BosspickError

__all__ = ["main"]

#: Command and the module its function lives in; modules are imported when their command runs.
_COMMANDS = {
    "brief": "bosspick.cli.brief",
    "check": "bosspick.cli.tables",
    "demo": "bosspick.cli.tables",
    "desk": "bosspick.cli.desk",
    "doctor": "bosspick.cli.doctor",
    "log": "bosspick.cli.ledger",
    "plan": "bosspick.cli.plan",
    "publish": "bosspick.cli.ledger",
    "restore": "bosspick.cli.ledger",
    "review": "bosspick.cli.review",
    "rundown": "bosspick.cli.rundown",
    "screen": "bosspick.cli.screen",
    "season": "bosspick.cli.season",
    "sheet": "bosspick.cli.sheet",
    "talks": "bosspick.cli.plan",
    "targets": "bosspick.cli.plan",
    "verify": "bosspick.cli.verify",
    "watch": "bosspick.cli.watch",
    "wording": "bosspick.cli.wording",
}
_ABOUT = {
    "brief": "Plan a week and publish its briefing.",
    "check": "Read every table and say what is wrong with it.",
    "demo": "Make an invented room to try everything on.",
    "desk": "Open the planning notebooks in JupyterLab.",
    "doctor": "Say whether this machine has what the toolkit needs.",
    "log": "Tell the story of an offer: published, locked, agreed, on air.",
    "plan": "Choose the ten of a week, with proof.",
    "publish": "Publish the week's plan in the room's ledger.",
    "restore": "Publish an earlier lineup again.",
    "review": "Compare what was expected with what was sold.",
    "rundown": "Order the ten: slots, minutes, stock releases.",
    "screen": "Judge every offer on its evidence.",
    "season": "Plan up to eight weeks at once.",
    "sheet": "Write the workbooks for the talks, and read them back.",
    "talks": "Whom to talk to and what to aim at (confidential).",
    "targets": "Ask, target and walk-away of every offer (confidential).",
    "verify": "Check that a briefing is unchanged and its verdicts recompute.",
    "watch": "Say which lineup items lost their verdict, and to whom.",
    "wording": "Say which texts may not go on air as they are.",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        home = _COMMANDS.get(cmd_name)
        return None if home is None else getattr(import_module(home), cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _ABOUT[name]) for name in self.list_commands(ctx)])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bosspick")
def cli() -> None:
    """Plan an official shopping stream: screen the offers, choose the ten, bargain, brief.

    \b
    Start here:
      bosspick demo my-room            an invented room
      bosspick check my-room           is every table readable?
      bosspick brief my-room           the week's briefing

    Exit codes: 0 done, 1 something for you to act on, 2 bad input or usage.
    """


def main(argv: list[str] | None = None) -> Any:
    """Run the command line; errors of ours become a message and an exit code."""
    try:
        return cli.main(args=argv, prog_name="bosspick", standalone_mode=True)
    except BosspickError as error:
        click.echo(f"bosspick: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("bosspick: stopped", err=True)
        sys.exit(130)
