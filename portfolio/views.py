from django.http import Http404


def board(request, **kwargs):
    raise Http404


def table(request, **kwargs):
    raise Http404


def project_start(request, **kwargs):
    raise Http404


def project_detail(request, **kwargs):
    raise Http404


def project_move(request, **kwargs):
    raise Http404


def project_transition(request, **kwargs):
    raise Http404
