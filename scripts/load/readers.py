"""Visitors who read the front page, each time on a new connection, as a crowd of newcomers does.

Run by scaling_loop.py, or by hand: ``locust -f scripts/load/readers.py --headless -u 24 -r 24 -t 54s --host URL``.
"""

from locust import HttpUser, between, task


class Reader(HttpUser):
    wait_time = between(0.05, 0.15)

    @task
    def front_page(self) -> None:
        # A kept connection would stay with the process that it came to, and a new process would have nothing to do.
        self.client.get("/", headers={"Connection": "close"})
