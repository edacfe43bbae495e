"""What `make bench` measures: speed, start, memory and accuracy, written to docs/benchmarks.md."""
