"""How every form field looks: one template."""

from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    """Renders `as_field_group` through our own component."""

    field_template_name = "components/field.html"
