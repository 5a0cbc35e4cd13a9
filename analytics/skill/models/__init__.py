from analytics.skill.models.profile import Follow, Profile
from analytics.skill.models.record import FoldedMarket, Forecast, Mark, Result, Standing, TraderBin
from analytics.skill.models.site import SiteBin, SiteForecast

__all__ = [
    "FoldedMarket",
    "Follow",
    "Forecast",
    "Mark",
    "Profile",
    "Result",
    "SiteBin",
    "SiteForecast",
    "Standing",
    "TraderBin",
]
