"""The rehearsal: an issue full of invented people and papers, for trying everything."""
