"""The front page and the authors' door."""

from django.urls import path

from submissions.views import (
    author_changes,
    authorship,
    call,
    drafts,
    files,
    hidden_text,
    manuscripts,
    proposals,
    record,
    uploads,
    word,
)

app_name = "submissions"

urlpatterns = [
    path("", call.call, name="call"),
    path("how-review-works/", call.review_process, name="review_process"),
    path("calendar.ics", call.calendar, name="calendar"),
    path("submissions/", manuscripts.manuscripts, name="manuscripts"),
    path("submissions/start/", drafts.start, name="start"),
    path("submissions/authorship/<str:token>/", authorship.authorship, name="authorship"),
    path("submissions/versions/<str:public_id>/response/", drafts.response, name="response"),
    path(
        "submissions/versions/<str:public_id>/response.docx",
        word.response_word,
        name="response_word",
    ),
    path(
        "submissions/versions/<str:public_id>/response/import/",
        word.import_word,
        name="import_word",
    ),
    path("submissions/authors/<str:token>/", author_changes.author_consent, name="author_consent"),
    path("submissions/versions/<str:public_id>/files/", drafts.files, name="files"),
    path("submissions/versions/<str:public_id>/manuscript/", drafts.manuscript, name="manuscript"),
    path("submissions/versions/<str:public_id>/authors/", drafts.authors, name="authors"),
    path(
        "submissions/versions/<str:public_id>/declarations/",
        drafts.declarations,
        name="declarations",
    ),
    path("submissions/versions/<str:public_id>/overlap/", record.overlap, name="overlap"),
    path("submissions/versions/<str:public_id>/check/", drafts.check, name="check"),
    path("submissions/versions/<str:public_id>/missing/", drafts.missing, name="missing"),
    path("submissions/versions/<str:public_id>/save/", drafts.save, name="save"),
    path("submissions/versions/<str:public_id>/fill/", proposals.fill, name="fill"),
    path("submissions/versions/<str:public_id>/submit/", drafts.submit, name="submit"),
    path("submissions/versions/<str:public_id>/archive/", record.archive, name="archive"),
    path("submissions/versions/<str:public_id>/upload/<str:kind>/", files.upload, name="upload"),
    path(
        "submissions/versions/<str:public_id>/uploads/", uploads.begin_upload, name="begin_upload"
    ),
    path("submissions/uploads/<str:public_id>/", uploads.upload_part, name="upload_part"),
    path(
        "submissions/uploads/<str:public_id>/finish/", uploads.finish_upload, name="finish_upload"
    ),
    path(
        "submissions/uploads/<str:public_id>/cancel/", uploads.cancel_upload, name="cancel_upload"
    ),
    path("submissions/files/<str:public_id>/", files.file, name="file"),
    path("submissions/files/<str:public_id>/served/", files.served, name="served"),
    path("submissions/files/<str:public_id>/page-1/", files.thumbnail, name="thumbnail"),
    path(
        "submissions/files/<str:public_id>/hidden-text/",
        hidden_text.hidden_text,
        name="hidden_text",
    ),
    path(
        "submissions/files/<str:public_id>/hidden-text/<int:page>/",
        hidden_text.hidden_page,
        name="hidden_page",
    ),
    path("submissions/files/<str:public_id>/describe/", files.describe, name="describe"),
    path("submissions/files/<str:public_id>/remove/", files.remove, name="remove"),
    path("submissions/letters/<str:public_id>/", files.letter, name="correspondence"),
    path("submissions/receipts/<str:public_id>/", record.receipt, name="receipt"),
    path("submissions/<str:public_id>/", manuscripts.show, name="show"),
    path(
        "submissions/<str:public_id>/authors/",
        author_changes.change_authors,
        name="change_authors",
    ),
    path(
        "submissions/<str:public_id>/authors/take-back/",
        author_changes.take_back_author_change,
        name="take_back_author_change",
    ),
    path("submissions/<str:public_id>/changes/", record.changes, name="changes"),
    path("submissions/<str:public_id>/take-back/", manuscripts.take_back, name="take_back"),
    path("submissions/<str:public_id>/withdraw/", manuscripts.withdraw, name="withdraw"),
    path(
        "submissions/<str:public_id>/withdraw/take-back/",
        manuscripts.take_back_withdrawal,
        name="take_back_withdrawal",
    ),
    path(
        "submissions/<str:public_id>/more-time/",
        manuscripts.ask_extension,
        name="ask_extension",
    ),
    path("submissions/<str:public_id>/revise/", manuscripts.revise, name="revise"),
    path("submissions/<str:public_id>/final-files/", manuscripts.final_files, name="final_files"),
]
