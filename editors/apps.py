from django.apps import AppConfig


class EditorsConfig(AppConfig):
    name = "editors"
    default_auto_field = "django.db.models.BigAutoField"
