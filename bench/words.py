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
HAPPENED = (
    "En ansatt skled på vått gulv i gangen og slo kneet.", "Beboer ble urolig og slo etter en ansatt under stell.",
    "Medisinen ble gitt to timer for sent fordi dosetten var tom.", "En elev kastet en stol mot læreren i friminuttet.",
    "Dørtelefonen virket ikke, og hjemmetjenesten kom ikke inn.", "Et brev med helseopplysninger ble sendt til feil person.",
    "Alarmen på toalettet ga ikke signal til vaktrommet.", "Løfteheisen stoppet midt i en forflytning.",
    "Vikaren fikk ikke tilgang til journalen og ga feil dose.", "Det lå glasskår i sandkassa da barna kom ut.",
    "Brannøvelsen viste at to dører ikke lukker seg.", "En besøkende truet ansatte i skranken.",
    "Kjemikalier sto uten merking i vaskerommet.", "Det ble ikke ført tilsyn den natta, for vakta var alene.",
    "Bilen fikk motorstopp på vei til bruker, og besøket ble avlyst.", "Et uvedkommende kjøretøy sperret utrykningsveien.",
    "Passordlapp lå åpent på skjermen i resepsjonen.", "Oljesøl fra tanken rant mot bekken bak bygget.",
    "Fakturaen ble betalt to ganger uten kontroll.", "Vannprøven viste for høye verdier, og ingen ble varslet.",
)  # fmt: skip
HURT_BY = (
    "Det gikk bra, men kunne gått galt.", "To kolleger var til stede og hjalp.", "Legevakta ble ringt og kom etter en time.",
    "Pårørende er informert.", "Dette har skjedd flere ganger i høst.", "Rutinen finnes, men ingen kjente den.",
    "Vi manglet folk på vakta.", "Utstyret er merket og satt bort.", "Området ble sperret av med en gang.",
    "Den det gjaldt, ble fulgt til legevakt.", "Leder er orientert muntlig.", "Vaktmesteren har sett på det.",
)  # fmt: skip
PLACES = (
    "Gangen i 2. etasje", "Kjøkkenet", "Skolegården", "Vaktrommet", "Hos bruker", "Parkeringsplassen", "Badet", "Møterom 3",
    "Resepsjonen", "Lageret",
)  # fmt: skip
DONE = (
    "Legg sklisikre matter ved inngangen", "Gå gjennom rutinen på neste personalmøte", "Bytt batteri i alle alarmer",
    "Sett opp to på nattevakt i helgene", "Merk og lås inn kjemikaliene", "Opplæring i løfteheis for vikarer",
    "Ny sjekkliste for medisinrunden", "Flytt søppelskuret bort fra utrykningsveien", "Skjerm skranken med glass",
    "Avtale om service på dørene hvert år",
)  # fmt: skip
