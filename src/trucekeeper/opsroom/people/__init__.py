"""Accounts: who may come in, for which delegation, in which role, and the key with which the server signs for them."""
