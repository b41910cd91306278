from django.http import Http404


def panel_list(request, **kwargs):
    raise Http404
