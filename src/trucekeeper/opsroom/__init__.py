"""The operations room: the pages in which a mission runs its day. The only room that knows Django."""
