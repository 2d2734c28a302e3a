"""The build room: Artefacts → files. It knows nothing of standards."""
