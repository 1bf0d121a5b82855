"""The command line: thin verbs over the services, with one way to speak, to refuse and to report progress."""
