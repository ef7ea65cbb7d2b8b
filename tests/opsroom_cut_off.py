"""Runs the tests that are named where there is no network but this machine's own loopback.

unshare --net python tests/opsroom_cut_off.py TEST...
"""

from __future__ import annotations

import fcntl
import socket
import struct
import sys

import pytest

SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
ELSEWHERE = ("192.0.2.1", 80)
"""An address that documents may use and nobody has (RFC 5737)."""


def main(tests: list[str]) -> int:
    """Bring loopback up, see that nothing else is there, and run the tests."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    try:
        socket.create_connection(ELSEWHERE, 1).close()
    except OSError:
        return int(pytest.main(["-q", "-p", "no:cacheprovider", *tests]))
    sys.exit("somebody answers from elsewhere")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
