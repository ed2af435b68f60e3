"""The addresses of the portal. Nothing personal stands in one, except a key its owner keeps."""

from __future__ import annotations

from django.urls import path

from townhall.portal.pages import (
    apply,
    cases,
    councils,
    design,
    guidance,
    maps,
    mine,
    preferences,
    search,
    services,
    texts,
    verify,
)

urlpatterns = [
    path("", services.home, name="home"),
    path("search", search.search, name="search"),
    path("services", services.all_services, name="services"),
    path("services/<slug:key>", services.service, name="service"),
    path("services/<slug:key>/start", apply.start, name="start"),
    path("services/<slug:key>/questions", guidance.questions, name="guidance"),
    path("events/<slug:key>", services.life_event, name="life_event"),
    path("agencies/<slug:key>", services.agency, name="agency"),
    path("apply/<uuid:draft_id>", apply.resume, name="resume"),
    path("apply/<uuid:draft_id>/check", apply.check, name="check"),
    path("apply/<uuid:draft_id>/submit", apply.submit, name="submit"),
    path("apply/<uuid:draft_id>/discard", apply.discard, name="discard"),
    path("apply/<uuid:draft_id>/<slug:page_key>", apply.questions, name="apply"),
    path("me", mine.my_page, name="me"),
    path("me/looked", mine.who_looked, name="who_looked"),
    path("cases/<uuid:case_id>", cases.case, name="case"),
    path("cases/<uuid:case_id>/received", cases.received, name="received"),
    path("cases/<uuid:case_id>/answer", cases.answer, name="answer"),
    path("cases/<uuid:case_id>/withdraw", cases.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/reopen", cases.reopen, name="reopen"),
    path("cases/<uuid:case_id>/files/<uuid:file_id>", cases.file, name="case_file"),
    path("key/<uuid:case_id>/<str:key>", cases.with_key, name="case_by_key"),
    path("letters/<uuid:letter_id>", cases.letter, name="letter"),
    path("verify", verify.ask, name="verify"),
    path("verify/<str:code>", verify.code, name="verify_code"),
    path("councils", councils.find, name="councils"),
    path("councils/<slug:slug>", councils.council, name="council"),
    path("local/<slug:slug>", councils.local_service, name="local_service"),
    path("preferences", preferences.choose, name="preferences"),
    path("map.svg", maps.street_map, name="street_map"),
    path("accessibility", texts.accessibility, name="accessibility"),
    path("privacy", texts.privacy, name="privacy"),
    path("developers", texts.developers, name="developers"),
    path("design", design.components, name="design"),
]
