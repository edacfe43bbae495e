"""Metrics, signatures and reports. Knows no model and opens no file: lines go in, dataclasses come out."""
