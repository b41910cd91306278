from django.http import Http404


def act_for(request, **kwargs):
    raise Http404
