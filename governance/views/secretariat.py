from django.http import Http404


def triage_queue(request, **kwargs):
    raise Http404


def triage_case(request, **kwargs):
    raise Http404


def case_paper(request, **kwargs):
    raise Http404


def case_paper_edit(request, **kwargs):
    raise Http404


def case_paper_pdf(request, **kwargs):
    raise Http404


def hearings_ask(request, **kwargs):
    raise Http404


def archive_reference(request, **kwargs):
    raise Http404


def hearing_answer(request, **kwargs):
    raise Http404
