"""Accounts: who may come in, for which delegation, in which role, and the key by which the server signs for them."""
