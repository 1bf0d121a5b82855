"""The few dialogs: import, override, shortcuts, about. All window-modal, none nested."""
