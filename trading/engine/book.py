"""Placeholder of the interface; see below."""


class Book:
    """Price levels of one outcome."""
