"""Consent facts become a verdict: pure functions, no clock, no database."""
