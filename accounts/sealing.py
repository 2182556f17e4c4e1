"""Seals short secrets before they go into the database: the seeds of authenticator apps.

A copy of the database alone then opens no account. The key comes from SECRET_KEY; a secret
sealed under one of SECRET_KEY_FALLBACKS can still be read, so keys can be changed.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """Return the text encrypted and signed."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed. A forged or foreign text raises `InvalidToken`."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"accounts.sealing:" + secret.encode()).digest())
