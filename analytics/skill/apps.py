from django.apps import AppConfig


class SkillConfig(AppConfig):
    name = "analytics.skill"
    label = "skill"
