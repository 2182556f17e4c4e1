from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "tmi_special_issue"
    label = "ground"
    verbose_name = "Special issue"
    default_auto_field = "django.db.models.BigAutoField"
