"""Text becomes findings, and findings become redacted text: pure functions over batches."""
