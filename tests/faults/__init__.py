"""The fault suite: real servers are killed under a running site, and nothing is lost."""
