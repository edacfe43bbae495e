"""`python -m cnchar`."""

from __future__ import annotations

from cnchar.cli.main import main

if __name__ == "__main__":
    main()
