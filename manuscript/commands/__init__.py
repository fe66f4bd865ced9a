"""The subcommands: a module each, imported when it is called.

A module offers ``add_parser(subparsers)``, which adds the parser of its
arguments, and ``run(arguments)``, which returns the exit status.
"""
