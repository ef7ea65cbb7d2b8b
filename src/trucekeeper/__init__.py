"""Trucekeeper: what a ceasefire promises, what was reported, and where every promise stands."""

__version__ = "0.1.0"
