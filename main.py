"""Start here: `main.py` opens the window, `main.py COMMAND …` works from the command line. See `app/cli/main.py`."""

import sys
import warnings

from app.cli.main import run_alone

if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        # A packaged program is its own Python: what starts as a worker of it ends here.
        import multiprocessing

        multiprocessing.freeze_support()
    # What Pillow warns of in a damaged file is told in our own sentence, once.
    warnings.filterwarnings("ignore", module="PIL")
    run_alone(sys.argv[1:])
