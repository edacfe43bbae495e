"""Segmenters: networks and look-up tables that cut text into words."""
