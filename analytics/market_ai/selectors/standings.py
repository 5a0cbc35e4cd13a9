"""How sources and categories stand now."""

from collections.abc import Collection

from analytics.market_ai.models import Standing

Sums = dict[str, tuple[int, float]]


def standings(sources: Collection[str], categories: Collection[str]) -> tuple[Sums, Sums]:
    """Count and total by name, of the ``sources`` and of the ``categories`` that have any."""
    rows = Standing.objects.filter(name__in={*sources, *categories}).values_list("kind", "name", "count", "total")
    found: dict[str, Sums] = {"source": {}, "category": {}}
    for kind, name, count, total in rows:
        found[kind][name] = (count, total)
    return found["source"], found["category"]
