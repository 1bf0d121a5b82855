"""Consent Desk without a window: every stage of a record's journey. Never imports Qt."""

__version__ = "0.1.0"
