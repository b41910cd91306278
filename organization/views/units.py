from django.http import Http404


def tree(request, **kwargs):
    raise Http404


def unit_create(request, **kwargs):
    raise Http404


def unit_detail(request, **kwargs):
    raise Http404


def unit_edit(request, **kwargs):
    raise Http404


def exposure_add(request, **kwargs):
    raise Http404
