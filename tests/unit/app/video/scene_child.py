"""The real `nurie video`, with a painter in place of the network."""

import sys
from unittest import mock

from app.cli.main import main
from tests.unit.engine.video.scenes import Painter

if __name__ == "__main__":
    with mock.patch("engine.model_loading.load_colorizer", lambda path, device="auto": Painter(wrong=(2,))):
        sys.exit(main(sys.argv[1:]))
