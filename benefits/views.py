from django.http import Http404


def benefit_list(request, **kwargs):
    raise Http404


def benefit_detail(request, **kwargs):
    raise Http404


def overview_edit(request, **kwargs):
    raise Http404


def benefit_create(request, **kwargs):
    raise Http404


def benefit_edit(request, **kwargs):
    raise Http404


def benefit_delete(request, **kwargs):
    raise Http404
