"""The rules of human decisions: who may override what, and how it is undone."""
