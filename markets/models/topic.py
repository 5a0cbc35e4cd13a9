"""Topics group markets for people who browse."""

from django.db import models


class Topic(models.Model):
    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the home page, lowest first.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
