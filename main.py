"""Start here: `main.py` opens the window, `main.py COMMAND …` works from the command line. See `app/cli.py`."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
