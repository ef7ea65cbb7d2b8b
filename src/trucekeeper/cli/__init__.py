"""The command `truce`: one verb, one library call. The clock, the terminal and the exit codes live here."""

from trucekeeper.cli.app import main

__all__ = ["main"]
