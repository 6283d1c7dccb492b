"""When training is asked to stop: by signals, by the clock."""

import signal
import threading

import pytest

from trainer.stopping import StopRequest


def test_signals_ask_once_and_then_end() -> None:
    before = signal.getsignal(signal.SIGINT)
    with StopRequest(None) as stop:
        assert not stop()
        signal.raise_signal(signal.SIGTERM)
        assert stop() and stop.interrupted
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_time_runs_out_and_other_threads_leave_signals_alone() -> None:
    with StopRequest(1e-9) as late, StopRequest(60.0) as early:
        assert late() and not late.interrupted and not early()

    failures: list[BaseException] = []

    def elsewhere() -> None:
        try:
            with StopRequest(None):
                assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert not failures
