from django.http import Http404


def service_list(request, **kwargs):
    raise Http404


def service_create(request, **kwargs):
    raise Http404


def service_edit(request, **kwargs):
    raise Http404


def group_list(request, **kwargs):
    raise Http404


def group_create(request, **kwargs):
    raise Http404


def group_edit(request, **kwargs):
    raise Http404


def strategy_list(request, **kwargs):
    raise Http404


def strategy_create(request, **kwargs):
    raise Http404


def strategy_detail(request, **kwargs):
    raise Http404


def goal_create(request, **kwargs):
    raise Http404


def goal_edit(request, **kwargs):
    raise Http404
