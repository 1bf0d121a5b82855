"""Consent Desk without its window: everything that decides, stores and releases records."""
