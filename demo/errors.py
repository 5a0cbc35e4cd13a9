"""What can go wrong between a simulated trader and the site; none of it reaches a person."""


class SiteAway(Exception):
    """The site doesn't answer or asks to wait; try again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class KeyRefused(Exception):
    """The key has expired or was revoked; a new one is needed."""


class RequestRefused(Exception):
    """A refusal with a stable ``code``: a price has moved, credits ran out, the market closed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
