"""Charts. Those that need pyqtgraph are imported when they are first shown, so that a start stays quick."""
