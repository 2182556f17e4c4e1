"""Programs may read the call. Every field is named here; nothing else leaves the house."""

from typing import Any

from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tmi_special_issue.models import Milestone, Topic
from tmi_special_issue.queries import current_issue, milestones
from tmi_special_issue.refusal import Refusal


class TopicSerializer(serializers.Serializer[Topic]):
    """A topic of the call."""

    code = serializers.CharField()
    name = serializers.CharField()


class MilestoneSerializer(serializers.Serializer[Milestone]):
    """One of the four dates as an instant in UTC."""

    kind = serializers.CharField()
    name = serializers.CharField(source="get_kind_display")
    due_at = serializers.DateTimeField()


class CallSerializer(serializers.Serializer[Any]):
    """The call for papers."""

    key = serializers.CharField()
    journal = serializers.CharField()
    title = serializers.CharField()
    manuscript_type = serializers.CharField()
    summary = serializers.CharField()
    scope = serializers.CharField()
    out_of_scope = serializers.CharField()
    zone = serializers.CharField()
    zone_label = serializers.CharField()
    page_limit = serializers.IntegerField()
    topics = TopicSerializer(many=True)
    milestones = MilestoneSerializer(many=True)


class CallView(APIView):
    """GET: the call for papers that is open now. Takes no parameters."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        unknown = sorted(set(request.query_params))
        if unknown:
            raise Refusal(
                "unknown_parameter",
                f"This address takes no parameters; found: {', '.join(unknown)[:200]}.",
                status=400,
            )
        issue = current_issue()
        if issue is None:
            raise Refusal("no_issue", "No special issue is open here.", status=404)
        content = {
            **{name: getattr(issue, name) for name in _PLAIN},
            "topics": Topic.objects.filter(issue=issue),
            "milestones": list(milestones(issue).values()),
        }
        return Response(CallSerializer(content).data)


_PLAIN = [name for name in CallSerializer().get_fields() if name not in {"topics", "milestones"}]
