"""Addresses of the desk: nouns, then a verb."""

from django.urls import path

from editors.views import (
    answering,
    clinic,
    decision,
    desk,
    imports,
    manuscript,
    office,
    panel,
    pool,
    requests,
)

app_name = "desk"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("acceptance/", office.acceptance, name="acceptance"),
    path("acceptance/<str:public_id>.<str:form>", office.export, name="export"),
    path("people/", office.people, name="people"),
    path("people/end/", office.end_role, name="end_role"),
    path("enquiries/", answering.enquiries, name="enquiries"),
    path("enquiries/<str:public_id>/", answering.enquiry, name="enquiry"),
    path("reviewers/", pool.reviewers, name="reviewers"),
    path("reviewers/import/", imports.pool_imports, name="pool_imports"),
    path("reviewers/import/<str:public_id>/", imports.pool_import, name="pool_import"),
    path(
        "reviewers/import/<str:public_id>/confirm/",
        imports.confirm_import,
        name="confirm_import",
    ),
    path(
        "reviewers/import/<str:public_id>/discard/",
        imports.discard_import,
        name="discard_import",
    ),
    path(
        "reviewers/import/<str:public_id>/without-address.csv",
        imports.without_address,
        name="without_address",
    ),
    path("reviewers/<str:public_id>/", pool.reviewer, name="reviewer"),
    path("reviewers/<str:public_id>/limits/", pool.limits, name="limits"),
    path("settings/", office.settings, name="settings"),
    path("<str:public_id>/", manuscript.manuscript, name="manuscript"),
    path("<str:public_id>/overlap/", manuscript.overlap, name="overlap"),
    path("<str:public_id>/admit/", manuscript.admit, name="admit"),
    path("<str:public_id>/unsubmit/", manuscript.unsubmit, name="unsubmit"),
    path("<str:public_id>/editor/", manuscript.assign_editor, name="assign_editor"),
    path("<str:public_id>/editor/leave/", manuscript.ask_reassignment, name="ask_reassignment"),
    path("<str:public_id>/extend/", manuscript.extend, name="extend"),
    path("<str:public_id>/extend/grant/", requests.grant_extension, name="grant_extension"),
    path("<str:public_id>/extend/refuse/", requests.refuse_extension, name="refuse_extension"),
    path(
        "<str:public_id>/withdrawal/confirm/",
        requests.confirm_withdrawal,
        name="confirm_withdrawal",
    ),
    path(
        "<str:public_id>/withdrawal/decline/",
        requests.decline_withdrawal,
        name="decline_withdrawal",
    ),
    path(
        "<str:public_id>/authors/approve/",
        requests.approve_author_change,
        name="approve_author_change",
    ),
    path(
        "<str:public_id>/authors/decline/",
        requests.decline_author_change,
        name="decline_author_change",
    ),
    path("<str:public_id>/files/<str:file_id>/", manuscript.file, name="file"),
    path("<str:public_id>/clinic/", clinic.clinic, name="clinic"),
    path("<str:public_id>/panel/", panel.panel, name="panel"),
    path("<str:public_id>/panel/letters/", panel.panel_confirm, name="panel_confirm"),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/rescind/",
        manuscript.rescind,
        name="rescind",
    ),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/remind/",
        manuscript.remind,
        name="remind",
    ),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/hold/",
        manuscript.settle_hold,
        name="settle_hold",
    ),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/unassign/",
        manuscript.unassign,
        name="unassign",
    ),
    path(
        "<str:public_id>/review-files/<str:attachment_id>/",
        manuscript.review_file,
        name="review_file",
    ),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/send-back/",
        manuscript.send_back,
        name="send_back",
    ),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/grade/",
        pool.grade,
        name="grade",
    ),
    path(
        "<str:public_id>/reviewers/<str:assignment_id>/extend/",
        manuscript.extend_review,
        name="extend_review",
    ),
    path("<str:public_id>/decide/", decision.decide, name="decide"),
    path("<str:public_id>/recommend/", decision.recommend, name="recommend"),
    path("<str:public_id>/decide/points/", decision.points, name="points"),
    path("<str:public_id>/decide/letter/", decision.letter_state, name="letter_state"),
    path("<str:public_id>/decide/release/", decision.release, name="release"),
    path("<str:public_id>/decide/recall/", decision.recall, name="recall"),
    path("<str:public_id>/decide/discard/", decision.discard, name="discard"),
    path("<str:public_id>/letters/<str:letter_id>/", decision.letter, name="letter"),
]
