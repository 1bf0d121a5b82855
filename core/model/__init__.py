"""Plain, frozen values that cross the line between stages, and between core and window."""
