"""The roles people hold on a unit, and what each role permits: one table.

A grant counts for its unit and everything below it, within the same municipality.  What a
permission means is decided by the policies of the apps; which role has it is decided here
and nowhere else.  Sources: domain/visibility (who reads), domain/governance 4.3 (who acts).
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    EMPLOYEE = "employee", _("Ansatt")
    LEADER = "leader", _("Leder")
    SECTOR_LEADER = "sector_leader", _("Sektorleder")
    SECRETARIAT = "secretariat", _("Sekretariat")
    COORDINATOR = "coordinator", _("Koordinator")
    COUNCIL_LEADER = "council_leader", _("Rådets leder")
    COUNCIL_DEPUTY = "council_deputy", _("Rådets nestleder")
    COUNCIL_MEMBER = "council_member", _("Rådsmedlem")
    COUNCIL_SUBSTITUTE = "council_substitute", _("Varamedlem i rådet")
    CHIEF_OF_FINANCE = "chief_of_finance", _("Økonomisjef")
    KOMMUNEDIREKTOR = "kommunedirektor", _("Kommunedirektør")
    PROJECT_OWNER = "project_owner", _("Prosjekteier")
    PROJECT_MANAGER = "project_manager", _("Prosjektleder")
    PORTFOLIO_MANAGER = "portfolio_manager", _("Porteføljeforvalter")
    SERVICE_OWNER = "service_owner", _("Tjenesteeier")
    CHANGE_AGENT = "change_agent", _("Endringsagent")
    IKT_LEADER = "ikt_leader", _("IKT-leder")
    ENTERPRISE_ARCHITECT = "enterprise_architect", _("Virksomhetsarkitekt")
    HR = "hr", _("HR")
    ARCHIVIST = "archivist", _("Arkivar")
    PRIVACY_OFFICER = "privacy_officer", _("Personvernombud")
    QUALITY_MANAGER = "quality_manager", _("Kvalitetsleder")
    VERNEOMBUD = "verneombud", _("Verneombud")
    AMU = "amu", _("Medlem av AMU")
    TILLITSVALGT = "tillitsvalgt", _("Tillitsvalgt")
    ELECTED_REPRESENTATIVE = "elected_representative", _("Folkevalgt")
    ADMINISTRATOR = "administrator", _("Administrator")


COUNCIL_ROLES = frozenset(
    {Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY, Role.COUNCIL_MEMBER, Role.COUNCIL_SUBSTITUTE}
)


class Permission(TextChoices):
    READ_OPEN_LIST = "read_open_list", _("Lese den åpne listen over tiltak")
    READ_PAPERS_OF_LINE = "read_papers_of_line", _("Lese saker i egen linje")
    READ_COUNCIL_PAPERS = "read_council_papers", _("Lese rådets papirer før de er publisert")
    READ_ALL_PAPERS = "read_all_papers", _("Lese alle saker")
    READ_SHIELDED = "read_shielded", _("Lese skjermede opplysninger")
    RAISE_INITIATIVE = "raise_initiative", _("Melde inn tiltak")
    ENDORSE = "endorse", _("Tilrå tiltak fra egen sektor")
    TRIAGE = "triage", _("Ta imot, returnere og henvise tiltak")
    PREPARE = "prepare", _("Utrede tiltak og skrive saksframlegg")
    DECIDE_FAST_TRACK = "decide_fast_track", _("Avgjøre på fullmakt")
    ARRANGE_MEETINGS = "arrange_meetings", _("Sette opp møter og skrive protokoll")
    LEAD_COUNCIL = "lead_council", _("Lede rådets møte")
    DECIDE_FOR_MUNICIPALITY = "decide_for_municipality", _("Avgjøre for kommunen etter rådets innstilling")
    MANAGE_PORTFOLIO = "manage_portfolio", _("Ta inn i porteføljen og flytte prosjekter")
    MANAGE_ARCHIVE = "manage_archive", _("Følge opp meldinger til sak/arkiv")
    READ_ARCHIVE = "read_archive", _("Se meldingene til sak/arkiv")
    CARRY_ARCHIVE = "carry_archive", _("Hente pakker til sak/arkiv og levere svarene")
    MANAGE_ORGANIZATION = "manage_organization", _("Administrere enheter, personer og roller")
    SET_RULES = "set_rules", _("Sette kommunens regler for styringen, og rådets mandat")
    REPORT_DEVIATION = "report_deviation", _("Melde avvik")
    HANDLE_DEVIATIONS = "handle_deviations", _("Motta og behandle avvik i egen linje")
    READ_DEVIATIONS = "read_deviations", _("Lese avvik i egen linje som ikke er fortrolige")
    READ_CONFIDENTIAL = (
        "read_confidential",
        _("Lese fortrolige avvik (bare API-klienter som har fått det begrunnet)"),
    )
    REGISTER_MEASUREMENTS = "register_measurements", _("Føre målinger av gevinster (bare API-klienter)")
    REGISTER_ACTUALS = "register_actuals", _("Føre påløpt og bundet på prosjekter (bare API-klienter)")
    FOLLOW_HMS = "follow_hms", _("Følge HMS-avvik i eget verneområde")
    FOLLOW_PRIVACY = "follow_privacy", _("Følge avvik i informasjonssikkerhet og personvern")
    READ_INJURIES = "read_injuries", _("Lese skaderegisteret for eget område")
    MANAGE_CATALOGUE = "manage_catalogue", _("Redigere typer, spørsmål, frister og ruting for avvik")
    READ_FIGURES = "read_figures", _("Se tall om avvik i hele kommunen, uten å lese sakene")


P = Permission
_EVERYONE = frozenset({P.READ_OPEN_LIST})
_EMPLOYED = _EVERYONE | {P.RAISE_INITIATIVE, P.REPORT_DEVIATION}
_LEADS = _EMPLOYED | {P.READ_PAPERS_OF_LINE}
_HANDLES = frozenset({P.HANDLE_DEVIATIONS, P.READ_DEVIATIONS, P.READ_INJURIES})
_COUNCIL = _EMPLOYED | {P.READ_COUNCIL_PAPERS, P.READ_ALL_PAPERS, P.READ_SHIELDED}
_SECRETARIAT = _COUNCIL | {P.TRIAGE, P.PREPARE, P.ARRANGE_MEETINGS}

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.EMPLOYEE: _EMPLOYED,
    Role.LEADER: _LEADS | _HANDLES,
    Role.SECTOR_LEADER: _LEADS | _HANDLES | {P.ENDORSE},
    Role.SECRETARIAT: _SECRETARIAT,
    Role.COORDINATOR: _SECRETARIAT,
    Role.COUNCIL_LEADER: _COUNCIL | {P.LEAD_COUNCIL},
    Role.COUNCIL_DEPUTY: _COUNCIL | {P.LEAD_COUNCIL},
    Role.COUNCIL_MEMBER: _COUNCIL,
    Role.COUNCIL_SUBSTITUTE: _COUNCIL,
    Role.CHIEF_OF_FINANCE: _LEADS | {P.READ_ALL_PAPERS},
    Role.KOMMUNEDIREKTOR: _LEADS | _HANDLES | {P.READ_ALL_PAPERS, P.READ_SHIELDED, P.DECIDE_FOR_MUNICIPALITY},
    Role.PROJECT_OWNER: _EMPLOYED,
    Role.PROJECT_MANAGER: _EMPLOYED,
    Role.PORTFOLIO_MANAGER: _EMPLOYED | {P.READ_ALL_PAPERS, P.MANAGE_PORTFOLIO},
    Role.SERVICE_OWNER: _EMPLOYED,
    Role.CHANGE_AGENT: _EMPLOYED,
    Role.IKT_LEADER: _EMPLOYED,
    Role.ENTERPRISE_ARCHITECT: _EMPLOYED,
    Role.HR: _EMPLOYED | {P.READ_INJURIES},
    Role.ARCHIVIST: _EMPLOYED | {P.MANAGE_ARCHIVE, P.READ_ARCHIVE, P.CARRY_ARCHIVE},
    Role.PRIVACY_OFFICER: _EMPLOYED | {P.FOLLOW_PRIVACY},
    Role.QUALITY_MANAGER: _EMPLOYED | {P.MANAGE_CATALOGUE, P.READ_FIGURES},
    Role.VERNEOMBUD: _EMPLOYED | {P.FOLLOW_HMS, P.READ_INJURIES},
    Role.AMU: _EMPLOYED | {P.READ_INJURIES},
    Role.TILLITSVALGT: _EMPLOYED,
    Role.ELECTED_REPRESENTATIVE: _EVERYONE,
    Role.ADMINISTRATOR: _EVERYONE | {P.MANAGE_ORGANIZATION, P.SET_RULES, P.MANAGE_CATALOGUE},
}
# What counts for a whole municipality (or region), and is therefore only given by a role held on it:
# a council's papers, its decisions and its frame have no smaller place.
MUNICIPALITY_WIDE = frozenset(
    {
        P.READ_COUNCIL_PAPERS, P.READ_ALL_PAPERS, P.READ_SHIELDED, P.TRIAGE, P.DECIDE_FAST_TRACK, P.ARRANGE_MEETINGS,
        P.LEAD_COUNCIL, P.DECIDE_FOR_MUNICIPALITY, P.MANAGE_PORTFOLIO, P.MANAGE_ARCHIVE, P.READ_ARCHIVE, P.CARRY_ARCHIVE,
        P.SET_RULES, P.FOLLOW_PRIVACY, P.MANAGE_CATALOGUE, P.READ_FIGURES,
    }
)  # fmt: skip


def permissions_of(role: str, *, on_top: bool, leading: bool = False) -> frozenset[Permission]:
    """Return what a role permits, held on the municipality itself (``on_top``) or on a unit below.

    Below, what is municipality-wide falls away; whoever prepares cases there reads those of the line.
    """
    granted = PERMISSIONS[role]
    if not on_top:
        line = {P.READ_PAPERS_OF_LINE} if P.PREPARE in granted else set()
        return granted - MUNICIPALITY_WIDE | line
    return granted | LEADING_SECRETARIAT if leading and role == Role.SECRETARIAT else granted


# What only the leading member of the secretariat has (states.md: *sekretariatsleder*).
LEADING_SECRETARIAT = frozenset({P.DECIDE_FAST_TRACK})
