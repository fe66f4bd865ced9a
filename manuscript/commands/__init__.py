"""The subcommands: a module each, imported when it is called.

A module offers ``add_parser(subparsers)``, which adds the parser of its
arguments, and ``run(arguments)``, which returns the exit status. Beside them stands
what Quarto itself runs, before and after it renders.
"""

OF_QUARTO = ("prerender", "postrender")
