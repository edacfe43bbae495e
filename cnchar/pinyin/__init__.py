"""Pinyin: syllables and how they are written, ways to cut what was typed, and how each character may be read."""
