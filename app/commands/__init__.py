"""The sub-commands of the command line, one a file. Each has `add_parser(commands)` and `run(arguments) -> exit code`.

Nothing heavy is imported at the top of these files: `--help` must answer at once.
"""
