"""Drills: a mission's weeks drawn from a seed, with the truth of them beside, and the score of who watched."""
