from django.http import Http404


def initiative_list(request, **kwargs):
    raise Http404


def initiative_detail(request, **kwargs):
    raise Http404


def initiative_transition(request, **kwargs):
    raise Http404
