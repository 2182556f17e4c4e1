"""The secret of a mail's link: 256 random bits, of which only the SHA-256 is kept."""

import hashlib
import secrets


def new_secret() -> str:
    """43 characters that fit into an address."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the database keeps of a secret. Plain SHA-256: nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
