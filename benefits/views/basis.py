"""What the municipality computes with: every version, and the form of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits.basis import FIELDS, basis_for, is_open, set_basis
from benefits.basis_presentation import versions_for
from benefits.forms.basis import BasisForm
from benefits.models import CalculationBasis
from benefits.policies import may_set_basis
from core.errors import Refused, StaleVersion
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


@require_GET
def basis_list(request: Request) -> HttpResponse:
    """Show every version that the actor's municipalities compute with: it is open to everybody there."""
    home, today = request.actor.acting_for_id, timezone.localdate()
    context = {
        "lines": versions_for(request.actor, today), "default": basis_for(0, today),
        "may_set": home is not None and may_set_basis(request.actor, home), "home": home,
    }  # fmt: skip
    return render(request, "benefits/basis_list.html", context)


def _own_municipality(request: Request) -> Unit:
    """Return the municipality whose basis the actor sets.

    :raises PermissionDenied: the actor sets none.
    """
    home = request.actor.acting_for_id
    if home is None or not may_set_basis(request.actor, home):
        raise PermissionDenied
    return get_object_or_404(Unit.objects.visible_to(request.actor), pk=home)


@never_cache
@require_http_methods(["GET", "POST"])
def basis_create(request: Request) -> HttpResponse:
    """Begin with what counts now, and register what shall count from another day."""
    municipality = _own_municipality(request)
    standing = basis_for(municipality.pk, timezone.localdate())
    initial = {name: getattr(standing, name) for name in FIELDS if name not in {"valid_from", "source"}}
    return _page(request, municipality, BasisForm(request.POST or None, initial={**initial, "source": ""}))


@never_cache
@require_http_methods(["GET", "POST"])
def basis_edit(request: Request, pk: int) -> HttpResponse:
    """Correct one that does not count yet."""
    municipality = _own_municipality(request)
    rows = CalculationBasis.objects.visible_to(request.actor).filter(municipality=municipality)
    basis = get_object_or_404(rows, pk=pk)
    return _page(request, municipality, BasisForm(request.POST or None, instance=basis), basis)


def _page(
    request: Request, municipality: Unit, form: BasisForm, basis: CalculationBasis | None = None
) -> HttpResponse:
    reasons: list[Any] = []
    if basis is not None and not is_open(basis, timezone.localdate()):
        reasons = [_("Grunnlaget gjelder alt, og planer er regnet ut med det. Registrer et nytt.")]
    if request.method == "POST" and not reasons and form.is_valid():
        given: dict[str, Any] = {"by": request.actor, "now": timezone.now(), "basis": basis}
        try:
            set_basis(municipality, form.cleaned_data, stamp=form.cleaned_data["stamp"], **given)
            messages.success(request, _("Grunnlaget er lagret."))
            return redirect("benefits:basis_list")
        except ValidationError as problem:
            form.add_error(None, problem)
        except StaleVersion:
            reasons = [_("Noen andre har rettet grunnlaget siden du åpnet det. Åpne det på nytt, og se hva som står.")]  # fmt: skip
        except Refused as refused:
            reasons = list(refused.reasons)
    status = INVALID if form.errors else CONFLICT if reasons and request.method == "POST" else OK
    context = {"form": form, "municipality": municipality, "basis": basis, "reasons": reasons}
    return render(request, "benefits/basis_form.html", context, status=status)
