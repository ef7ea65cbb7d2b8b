"""The screens, one module each: what a page asks of the projections, and what is done on it."""
