"""Hashed n-gram tables, lexicon and user-dictionary matching: scores by looking up, numpy only."""
