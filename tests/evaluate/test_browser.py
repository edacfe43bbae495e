"""The HTML page in Debian's Chromium (`make system-deps`): a picture of it in light and in dark, and what it says."""

from __future__ import annotations

import shutil
import subprocess
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cnchar.evaluate.render_html import to_html
from evaluate.png import read_png
from evaluate.samples import FULL

CHROMIUM = shutil.which("chromium")
WIDTH, HEIGHT = 900, 1000

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: make system-deps installs it")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "eval.html"
    path.write_text(to_html(FULL), encoding="utf-8")
    return path


def browse(page: Path, *arguments: str) -> str:
    """Opens the page as a reader without a network would; what the browser writes to standard output."""
    command = [
        *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
        *(f"--user-data-dir={page.parent / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND"),
        *(f"--window-size={WIDTH},{HEIGHT}", *arguments, page.as_uri()),
    ]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return done.stdout.decode()


def count(pixels: NDArray[np.uint8], colour: str) -> int:
    wanted = [int(colour[place : place + 2], 16) for place in (0, 2, 4)]
    return int(np.count_nonzero((pixels == wanted).all(axis=2)))


@pytest.mark.parametrize(
    ("scheme", "background", "systems"),
    [("1", "fdfdfc", ("1f6fb2", "c2570c")), ("0", "16181b", ("6db3f2", "f2a05b"))],
    ids=["light", "dark"],
)
def test_the_picture_shows_text_and_plots(page: Path, scheme: str, background: str, systems: tuple[str, str]) -> None:
    picture = page.with_suffix(".png")
    browse(page, f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={picture}")
    pixels = read_png(picture)
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert 0.5 < count(pixels, background) / (HEIGHT * WIDTH) < 0.97  # neither blank nor covered
    assert all(count(pixels, colour) > 4 * 60 for colour in systems)  # four dots of 5 px radius, and the legend
    rows_with_ink = (pixels != pixels[0, 0]).any(axis=(1, 2))
    assert rows_with_ink[:100].any()
    assert rows_with_ink[-100:].any()


def test_the_browser_reads_what_was_written(page: Path) -> None:
    dom = unescape(browse(page, "--dump-dom"))
    for text in ("1 of 3 gates failed", "网易 杭研", '<td class="text"><script>alert(1)</script></td>', "+0.38 points"):
        assert text in dom, text
    assert dom.count("<circle") == to_html(FULL).count("<circle")
