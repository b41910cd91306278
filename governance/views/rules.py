from django.http import Http404


def rules_edit(request, **kwargs):
    raise Http404


def mandate_list(request, **kwargs):
    raise Http404


def mandate_create(request, **kwargs):
    raise Http404
