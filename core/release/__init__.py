"""An approved set becomes a bundle that a stranger can verify."""
