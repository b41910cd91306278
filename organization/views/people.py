from django.http import Http404


def person_list(request, **kwargs):
    raise Http404


def person_options(request, **kwargs):
    raise Http404


def person_create(request, **kwargs):
    raise Http404


def person_detail(request, **kwargs):
    raise Http404


def person_edit(request, **kwargs):
    raise Http404


def person_leave(request, **kwargs):
    raise Http404


def role_give(request, **kwargs):
    raise Http404


def role_end(request, **kwargs):
    raise Http404


def role_table(request, **kwargs):
    raise Http404
