"""The verb that teaches a shell to complete words: completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from leadml.cli import options


@click.command(short_help="Print a script that lets a shell complete words.")
@click.argument("shell", type=options.OneOf(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
@options.debug
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script by which Tab completes verbs, options, tables, versions, targets, columns and files.

    Nothing is installed: put the script where your shell looks for it, and open a new shell.

    \b
    Examples:
      leadml completion bash > ~/.local/share/bash-completion/completions/leadml
      leadml completion zsh > ~/.zfunc/_leadml
      leadml completion fish > ~/.config/fish/completions/leadml.fish
    """
    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(ctx.find_root().command, {}, "leadml", "_LEADML_COMPLETE").source())
