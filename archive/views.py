from django.http import Http404


def message_list(request, **kwargs):
    raise Http404


def message_detail(request, **kwargs):
    raise Http404
