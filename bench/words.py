"""Words that titles and texts of generated records are put together from."""

from __future__ import annotations

HOW = (
    "Digital", "Felles", "Automatisk", "Ny", "Samlet", "Trygg", "Mobil", "Åpen", "Elektronisk", "Regional",
    "Enklere", "Tilgjengelig",
)  # fmt: skip
WHAT = (
    "vaktplan", "søknad om barnehageplass", "innsynsløsning", "byggesaksbehandling", "avtalebok", "ruteplanlegging",
    "medisinlogg", "fraværsmelding", "booking av lokaler", "varsling ved fall", "arkivering av e-post",
    "timebestilling", "fakturakontroll", "turnusplanlegging", "kartløsning", "skjema for tilskudd",
    "oppfølging av sykefravær", "opplæringsportal", "kvalitetsmåling", "henvendelse fra innbyggere",
    "overvåking av vannverk", "rapportering til staten", "samtykkeregister", "journal på nett", "besøksregistrering",
    "energistyring", "avfallslogg", "feilmelding på vei", "utlån av hjelpemidler", "legemiddelrobot",
    "saksflyt for skjenkebevilling", "dialog med foresatte", "kontraktsoppfølging", "budsjettmodell",
    "register over behandlinger", "lisensoversikt", "pålogging for ansatte", "digital tvilling", "chat med veileder",
    "sensorer i bygg",
)  # fmt: skip
WHERE = (
    "i hjemmetjenesten", "for barnehagene", "i grunnskolen", "på sykehjemmet", "for legevakta", "i teknisk drift",
    "på servicetorget", "i økonomiavdelingen", "for kulturskolen", "på biblioteket", "i barnevernet", "for NAV",
    "i plan og byggesak", "for vann og avløp", "på legekontorene", "i personalavdelingen", "for frivilligsentralen",
    "i rus og psykisk helse", "for voksenopplæringen", "i beredskapen",
)  # fmt: skip
SENTENCES = (
    "I dag skrives det samme i tre systemer, og feil oppdages først når noen ringer.",
    "De ansatte bruker om lag en time per vakt på å lete etter opplysninger.",
    "Innbyggerne venter i gjennomsnitt ni dager på svar som kunne vært gitt med en gang.",
    "Avtalen med dagens leverandør går ut, og løsningen blir ikke lenger vedlikeholdt.",
    "Tiltaket følger opp målet om mer tid til brukerne i digitaliseringsstrategien.",
    "Nabokommunen har tatt i bruk en tilsvarende løsning med gode erfaringer.",
    "Opplysningene må deles med spesialisthelsetjenesten på en trygg måte.",
    "Rapporteringen til staten gjøres i dag for hånd, og tar to uker hvert kvartal.",
    "Papirskjema blir borte, og det finnes ingen samlet oversikt over hvem som har svart.",
    "Ledere ute i enhetene mangler tall de kan styre etter.",
    "Løsningen må fungere på mobil, for dem som arbeider ute hos bruker.",
    "Uten tiltaket må vi ansette flere for å gjøre det samme arbeidet.",
)
FIRST_NAMES = (
    "Kari", "Ola", "Ingrid", "Per", "Anne", "Lars", "Marit", "Jon", "Liv", "Erik", "Solveig", "Nils", "Astrid", "Knut",
    "Ragnhild", "Odd", "Turid", "Arne", "Bjørg", "Øystein", "Åse", "Sindre", "Máret", "Aisha", "Mohammed", "Elena",
)  # fmt: skip
LAST_NAMES = (
    "Hansen", "Johansen", "Olsen", "Larsen", "Andersen", "Nilsen", "Pedersen", "Kristiansen", "Berg", "Haugen",
    "Hagen", "Dahl", "Lund", "Solberg", "Moen", "Ødegård", "Åsen", "Bakken", "Vik", "Fjeld", "Sandvik", "Eira",
)  # fmt: skip
