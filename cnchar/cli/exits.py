"""How a command ends: every error becomes one plain sentence on standard error and an exit code (contract.md)."""

from __future__ import annotations

import errno
import os
import signal
import sys
from typing import NoReturn

import typer

from cnchar.errors import CncharError

USAGE, INTERNAL, INTERRUPTED, TERMINATED = 2, 70, 130, 143
REPORT = "set CNCHAR_DEBUG=1 to see where it happened, and please report it with the command you ran"


def start(app: typer.Typer) -> NoReturn:
    """Runs `app` as this process: UTF-8 whatever the locale, SIGTERM unwinds, the exit code is the contract's."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
    code = run(app)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # nothing is left to unwind, though torch may take a second to go
    sys.exit(code)


def run(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Runs `app` with `arguments` (the process's own by default), tells what goes wrong, returns the exit code.

    0 fine, also for a reader that closed the pipe; 1 a check failed; 2 usage or bad input; 70 a bug; 130 Ctrl-C.
    """
    try:
        result = app(arguments, prog_name="cnchar", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        return _leave_pipe()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # how typer ends when a reader has closed the pipe
            return _leave_pipe()
        return stop.code if isinstance(stop.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _tell(error)


def explain(error: Exception) -> tuple[str, int]:
    """One plain sentence and the exit code for an error."""
    if isinstance(error, CncharError):
        return str(error), error.exit_code
    if isinstance(error, typer.Abort):
        return "Aborted.", USAGE
    if isinstance(error, MemoryError):
        return "Not enough memory: try a smaller --batch-size, fewer --jobs, or shorter lines.", USAGE
    if isinstance(error, OSError):
        return _explain_os_error(error), USAGE
    return f"Internal error, a bug of cnchar ({type(error).__name__}: {error}): {REPORT}.", INTERNAL


def _tell(error: Exception) -> int:
    if os.environ.get("CNCHAR_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    if isinstance(error, typer.TyperException) and hasattr(error, "show"):  # usage: shows the command's own usage line
        error.show()
        return USAGE
    sentence, code = explain(error)
    print(f"cnchar: {sentence}", file=sys.stderr)
    return code


def _explain_os_error(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.errno == errno.ENOSPC:
        return "No space left for the output: free some and try again."
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def _terminate(number: int, frame: object) -> NoReturn:
    """SIGTERM unwinds the stack, so that temporary files and workers go."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(TERMINATED)


def _leave_pipe() -> int:
    """The reader has had enough (`| head -1`): nothing is wrong, and the flush at exit must not complain."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.close(silence)
    return 0
