"""Counts become rates with intervals, funnels and charts' numbers."""
