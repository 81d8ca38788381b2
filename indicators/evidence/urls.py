"""Addresses of files and of the page on which departments and reviewers keep evidence."""

from django.urls import path

from indicators.evidence import downloads, views

urlpatterns = [
    path("entry/<slug:slug>/<int:year>/<slug:code>/evidence/", views.entry_evidence, name="entry_evidence"),
    path("evidence/<int:pk>/", downloads.evidence_file, name="evidence_file"),
    path("targets/documents/<int:pk>/", downloads.target_document_file, name="target_document_file"),
]
