"""Item models over the services' plain values."""
