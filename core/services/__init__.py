"""The façade: what the window and the command line may ask for."""
