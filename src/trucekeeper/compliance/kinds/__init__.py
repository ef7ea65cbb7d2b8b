"""One module a kind of clause: from a duty to where it stands."""
