"""Small synthetic archives that the demo imports, and the script that makes them."""
