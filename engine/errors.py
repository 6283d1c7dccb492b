"""Errors a person may see. Each message is one clear sentence that says what to do.

The command line prints the message on one line of stderr and exits with 2; the window shows it in a dialog.
Anything that is not a `NurieError` is a bug of ours and is reported as one. The template of a message stands in the
sources as it is, never put together: packaging/translations.py collects it there.
"""

from engine.sentences import Sentence, on_one_line


class NurieError(Exception):
    """Base of everything that can go wrong for reasons outside the program.

    template, values: see `engine.sentences.Sentence`, which `str` of the error gives.
    """

    def __init__(self, template: str = "", *values: object) -> None:
        self._sentence = Sentence(template, *values)
        super().__init__(self.template, *self.values)  # what a copy is made from

    @property
    def template(self) -> str:
        """The message before its values were filled in."""
        return self._sentence.template

    @property
    def values(self) -> tuple[object, ...]:
        """What was filled in."""
        return self._sentence.values

    def __str__(self) -> str:
        return self._sentence


class PictureError(NurieError):
    """A picture cannot be read or written."""


class RequestError(NurieError):
    """A request cannot be answered as it stands (no reference, an option out of range)."""


class CheckpointError(NurieError):
    """A model file is missing, damaged, foreign or newer than this program."""


class DeviceError(NurieError):
    """The chosen device is not there, or has too little memory even for the smallest working size."""


class TrainingError(NurieError):
    """Training cannot start or go on (no pictures, a loss that is not a number, a config with an unknown key)."""


class Cancelled(Exception):
    """The work was cancelled on request. Not a `NurieError`: nobody is told, the work just ends."""


def expected(error: Exception) -> str | None:
    """One sentence for what can go wrong for reasons outside the program, None for a bug of ours."""
    if isinstance(error, NurieError):
        return on_one_line(str(error))
    if isinstance(error, MemoryError):
        return Sentence("There is not enough memory; try a smaller --size or a smaller picture.")
    if isinstance(error, OSError):
        if error.filename:
            return Sentence("The system refused: {0} ({1}).", error.strerror or error, error.filename)
        return Sentence("The system refused: {0}.", error.strerror or error)
    return None


def message_of(error: Exception) -> str:
    """One sentence for an error of one row, a bug of ours included, so that the other rows can go on."""
    what = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return expected(error) or Sentence("An unexpected error in Nurie, please report it: {0}", what)
