"""The command line. Commands are thin: parse, call one function, print. Nothing heavy is imported until a command runs."""

from coteja.cli.app import main

__all__ = ["main"]
