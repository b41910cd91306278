from django.http import Http404


def start(request, **kwargs):
    raise Http404


def similar(request, **kwargs):
    raise Http404


def hub(request, **kwargs):
    raise Http404


def attachments(request, **kwargs):
    raise Http404


def attachment_remove(request, **kwargs):
    raise Http404


def co_editors(request, **kwargs):
    raise Http404


def missing_tick(request, **kwargs):
    raise Http404


def review(request, **kwargs):
    raise Http404


def receipt(request, **kwargs):
    raise Http404


def section(request, **kwargs):
    raise Http404
