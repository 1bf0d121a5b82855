"""Files become raw records: one reader a format, streaming, bounded, nothing dropped."""
