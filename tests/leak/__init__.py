"""The secrecy suite: nobody learns what is not theirs (`docs/architecture.md`, secrecy)."""
