"""The ledger: a log that strangers can check, by RFC 6962 and the C2SP formats. It imports nothing of ours."""
