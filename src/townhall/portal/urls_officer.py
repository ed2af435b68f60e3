"""The addresses of officers' pages, below /officer/."""

from __future__ import annotations

from django.urls import path

from townhall.portal.pages.officer import acts, awards, case, worklist

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("claim", worklist.claim, name="claim"),
    path("awards", awards.waiting, name="officer_awards"),
    path("awards/<uuid:assessment_id>", awards.change, name="officer_award"),
    path("cases/<uuid:case_id>", case.case, name="officer_case"),
    path("cases/<uuid:case_id>/take", acts.take, name="officer_take"),
    path("cases/<uuid:case_id>/note", acts.note, name="officer_note"),
    path("cases/<uuid:case_id>/decide", acts.decide, name="officer_decide"),
    path("cases/<uuid:case_id>/second", acts.second, name="officer_second"),
    path("cases/<uuid:case_id>/extend", acts.extend, name="officer_extend"),
    path("cases/<uuid:case_id>/ask", acts.ask, name="officer_ask"),
    path("cases/<uuid:case_id>/files/<uuid:file_id>", case.evidence_file, name="officer_file"),
    path("cases/<uuid:case_id>/letters/<uuid:letter_id>", case.letter, name="officer_letter"),
]
