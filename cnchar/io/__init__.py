"""Floor 1: bytes become lines and lines become bytes (docs/architecture.md). Imports nothing heavy at the top."""
