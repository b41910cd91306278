from django.http import Http404


def meeting_list(request, **kwargs):
    raise Http404


def meeting_create(request, **kwargs):
    raise Http404


def decision_log(request, **kwargs):
    raise Http404


def municipal_decision(request, **kwargs):
    raise Http404


def meeting_detail(request, **kwargs):
    raise Http404


def meeting_edit(request, **kwargs):
    raise Http404


def meeting_transition(request, **kwargs):
    raise Http404


def attendance(request, **kwargs):
    raise Http404


def item_decide(request, **kwargs):
    raise Http404


def item_move(request, **kwargs):
    raise Http404


def minutes(request, **kwargs):
    raise Http404


def minutes_pdf(request, **kwargs):
    raise Http404


def agenda_pdf(request, **kwargs):
    raise Http404
