"""What the actions of this app are called in timelines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.history import label_actions

label_actions({
    "create_unit": _("Enhet opprettet"),
    "edit_unit": _("Enhet endret"),
    "move_unit": _("Enhet flyttet"),
    "close_unit": _("Enhet nedlagt"),
    "reopen_unit": _("Enhet åpnet igjen"),
    "import_units": _("Enheter importert"),
    "create_person": _("Person registrert"),
    "edit_person": _("Opplysninger endret"),
    "leave": _("Registrert som sluttet"),
    "import_people": _("Personer importert"),
    "issue_password_link": _("Lenke for å lage passord utstedt"),
    "follow_groups": _("Etter gruppene ved innlogging"),
    "add_group_role": _("Gruppe gir rolle"),
    "remove_group_role": _("Gruppe gir ikke rolle lenger"),
    "link_log_in": _("Koblet til innlogging hos kommunen"),
    "give_role": _("Rolle gitt"),
    "end_role": _("Rolle avsluttet"),
    "register_exposure": _("Nevner ført"),
    "import_exposures": _("Nevnere importert"),
    "create_service": _("Tjeneste opprettet"),
    "edit_service": _("Tjeneste endret"),
    "create_group": _("Faggruppe opprettet"),
    "edit_group": _("Faggruppe endret"),
    "add_member": _("Medlem lagt til"),
    "remove_member": _("Medlem fjernet"),
    "create_strategy": _("Strategi opprettet"),
    "edit_strategy": _("Strategi endret"),
    "adopt_strategy": _("Strategi vedtatt"),
    "end_strategy": _("Strategi avsluttet"),
    "create_goal": _("Mål lagt til"),
    "edit_goal": _("Mål endret"),
    "delete_goal": _("Mål slettet"),
    "issue_client": _("API-klient opprettet"),
    "edit_client": _("API-klient endret"),
    "rotate_secret": _("Ny hemmelighet laget"),
    "end_old_secret": _("Den gamle hemmeligheten avsluttet"),
    "revoke_client": _("API-klient trukket tilbake"),
    "operate": _("Endret av drift"),
})  # fmt: skip
