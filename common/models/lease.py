"""Who leads, of several that could."""

from django.db import models


class Lease(models.Model):
    """``holder`` leads in what ``name`` says, ``until`` then by the database's clock; who comes later may take it."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
