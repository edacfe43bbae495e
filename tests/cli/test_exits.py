"""The frame of every command, as a process: bytes in, bytes out, signals, exit codes."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ECHO, ROOT, RunCommand

FULL = Path("/dev/full")


@contextmanager
def echo(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command, started; its group is killed at the end, so that a failed test leaves nothing running."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ECHO), *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
    )
    try:
        with process:
            yield process
            if process.poll() is None:
                process.kill()
    finally:
        process.kill()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_golden_bytes(run_echo: RunCommand, jobs: str) -> None:
    data = "\ufeff他来\r\n\n到\x00了\u2028x\u0085\n没有换行".encode()
    ran = run_echo("--jobs", jobs, given=data)
    assert (ran.code, ran.out, ran.err) == (0, data[3:], b"")


def test_a_posix_locale_writes_chinese(run_echo: RunCommand, tmp_path: Path) -> None:
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    assert run_echo(given="中文\n".encode(), env=environment).text == "中文\n"
    assert run_echo("没有.txt", env=environment).message.endswith(".txt: no such file.\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"check", 1, "cnchar: The check failed.\n"),
        (b"ok\nno \xff\n", 2, "cnchar: standard input, line 2: byte 0xff at offset 3 of the line is not valid utf-8"),
        (b"bug", 70, "cnchar: Internal error, a bug of cnchar (ValueError: boom): set CNCHAR_DEBUG=1"),
    ],
)
def test_errors_are_one_sentence_and_a_code(
    run_echo: RunCommand, data: bytes, code: int, message: str, jobs: str
) -> None:
    ran = run_echo("--jobs", jobs, given=data)
    assert ran.code == code
    assert ran.message.startswith(message)
    assert len(ran.message.splitlines()) == 1


def test_debug_shows_the_traceback(run_echo: RunCommand) -> None:
    ran = run_echo(given=b"bug", env={"CNCHAR_DEBUG": "1"})
    assert ran.code == 70
    assert "Traceback" in ran.message


def test_usage_errors(run_echo: RunCommand) -> None:
    for arguments in (["--nonsense"], ["--jobs", "0"], ["--jobs", "x"], ["--errors", "x"], ["--encoding", "x"]):
        ran = run_echo(*arguments)
        assert ran.code == 2, arguments
        assert arguments[-1] in ran.message or arguments[0] in ran.message
        assert "Traceback" not in ran.message


def test_a_worker_that_dies_ends_the_run(run_echo: RunCommand) -> None:
    ran = run_echo("--jobs", "2", given=b"die")
    assert (ran.code, "--jobs" in ran.message) == (2, True)


def test_an_unreadable_place_is_one_sentence(run_echo: RunCommand, tmp_path: Path) -> None:
    ran = run_echo("-o", "/proc/none", given=b"x")
    assert (ran.code, ran.message.count("\n"), "/proc" in ran.message) == (2, 1, True)


def test_closed_standard_streams_are_one_sentence() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for closing, message in (("<&-", "input is closed"), (">&-", "output is closed")):
        command = ["sh", "-c", f'"$0" "$1" {closing}', sys.executable, str(ECHO)]
        done = subprocess.run(command, capture_output=True, input=b"", env=environment, check=False)
        assert (done.returncode, message in done.stderr.decode(), done.stderr.count(b"\n")) == (2, True, 1)


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_full_disk(run_echo: RunCommand) -> None:
    assert "No space left to write /dev/full" in run_echo("-o", "/dev/full", given=b"x").message
    with FULL.open("wb") as full:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(ECHO)]
        done = subprocess.run(command, input=b"x", stdout=full, stderr=subprocess.PIPE, env=environment, check=False)
    assert (done.returncode, done.stderr) == (2, b"cnchar: No space left for the output: free some and try again.\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_a_reader_that_leaves_is_fine(jobs: str, arguments: list[str]) -> None:
    with echo("--jobs", jobs, *arguments) as process:
        assert process.stdin and process.stdout and process.stderr
        if not arguments:
            process.stdin.write(b"a\n")
            assert process.stdout.readline() == b"a\n"
        process.stdout.close()
        try:
            process.stdin.write(b"b\n" * 100_000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize("arguments", [[], ["--jobs", "2"], ["--line-buffered"], ["--encoding", "auto"]])
def test_a_program_that_writes_a_line_gets_its_answer(arguments: list[str]) -> None:
    with echo(*arguments) as process:
        assert process.stdin and process.stdout
        for given, answer in (("你好\n没", "你好\n"), ("完了\n", "没完了\n"), ("再见\n", "再见\n")):
            process.stdin.write(given.encode())
            assert select.select([process.stdout], [], [], 20)[0], "no answer"
            assert os.read(process.stdout.fileno(), 100).decode() == answer


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_leave_no_file_and_no_worker(tmp_path: Path, jobs: str, number: signal.Signals, code: int) -> None:
    with echo("--jobs", jobs, "-o", str(tmp_path / "out.gz")) as process:
        assert process.stdin and process.stderr
        process.stdin.write(b"a\n")
        wait_for(lambda: list(tmp_path.glob(".*.part")))
        process.stdin.write(b"sleep\n")
        time.sleep(0.3)
        os.killpg(process.pid, number)
        assert process.wait(20) == code
        assert list(tmp_path.iterdir()) == []
        assert b"Traceback" not in process.stderr.read()
        wait_for(lambda: not group_alive(process.pid))


def test_workers_end_with_a_parent_that_was_killed() -> None:
    with echo("--jobs", "2") as process:
        assert process.stdin and process.stdout
        process.stdin.write(b"a\n")
        assert process.stdout.readline() == b"a\n"
        process.kill()
        process.wait()
        wait_for(lambda: not group_alive(process.pid))


def group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition: object) -> None:
    """Waits until `condition()` is true, 20 seconds at most."""
    end = time.monotonic() + 20
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    code = (
        "import echo_app, pathlib; from cnchar.cli import exits; exits.run(echo_app.app);"
        "print(pathlib.Path('/proc/self/status').read_text())"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ECHO.parent}"}
    peaks = []
    for lines in (50_000, 1_000_000):
        (tmp_path / "in").write_text("他来到了网易杭研大厦\n" * lines, encoding="utf-8")
        command = [sys.executable, "-c", code, str(tmp_path / "in"), "-o", os.devnull]
        status = subprocess.run(command, capture_output=True, env=environment, check=True, text=True).stdout
        peaks.append(int(status.split("VmHWM:")[1].split()[0]))
    assert peaks[1] < peaks[0] + 4_000, "kilobytes"
