from django.http import Http404


def upload(request, **kwargs):
    raise Http404


def template_file(request, **kwargs):
    raise Http404
