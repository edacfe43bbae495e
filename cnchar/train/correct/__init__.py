"""Correctors: networks that denoise text, and the decision over what they say."""
