"""The window: it asks the services and shows plain values."""
