"""The set-up that ``./run`` and ``./test`` share: assets, fonts and translations.

What has been done is skipped until the files that it was made from change.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devstack.locks import exclusive
from devstack.node import environment_with_npm
from devstack.paths import BASE, STAMPS
from devstack.process import run_step
from devstack.stamps import Stamp, always

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence

NPM_CI = ("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
MANAGE = (sys.executable, "manage.py")
SYSTEM_CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
PACKAGES = ("package.json", "package-lock.json", ".npmrc")


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    command: tuple[str, ...]
    inputs: tuple[str, ...]
    exists: Callable[[], bool]
    wanted: Callable[[], bool] = always

    @property
    def stamp(self) -> Stamp:
        return Stamp(STAMPS / self.key, self.inputs, self.exists)


def _catalogues_are_compiled() -> bool:
    return all(path.with_suffix(".mo").exists() for path in BASE.glob("locale/*/LC_MESSAGES/*.po"))


def _there_are_catalogues() -> bool:
    return any(BASE.glob("locale/*/LC_MESSAGES/*.po"))


PACKAGES_FROM_NPM = Step(
    "npm",
    "Fetching the design system",
    NPM_CI,
    PACKAGES,
    (BASE / "node_modules" / ".package-lock.json").exists,
)
FONTS = Step(
    "fonts",
    "Making fonts for PDF",
    (sys.executable, "-m", "core.pdf.fonts"),
    (*PACKAGES, "core/pdf/fonts*", "core/pdf/fonts/*", "requirements/dev.txt"),
    lambda: any(BASE.glob(".fonts/*.ttf")),
)
TRANSLATIONS = Step(
    "translations",
    "Compiling translations",
    (*MANAGE, "compile_catalogs"),
    ("locale/*/LC_MESSAGES/*.po",),
    _catalogues_are_compiled,
    _there_are_catalogues,
)
STATIC_FILES = Step(
    "static",
    "Collecting static files",
    (*MANAGE, "collectstatic", "--noinput", "--clear", "-v0"),
    (*PACKAGES, "static/**/*", "*/static/**/*", "requirements/dev.txt", "config/settings.py"),
    (BASE / "staticfiles" / "staticfiles.json").exists,
)


def set_up(*, static_files: bool, stop: threading.Event | None = None) -> None:
    """Make everything that is made once and not kept in the repository.

    :raises StepFailed: if one of the steps fails.
    :raises Interrupted: if ``stop`` is set meanwhile.
    """
    steps = [PACKAGES_FROM_NPM, FONTS, TRANSLATIONS, *([STATIC_FILES] if static_files else [])]
    with exclusive(STAMPS / "set-up.lock"):
        for step in steps:
            if step.wanted() and not step.stamp.is_fresh():
                _make(step, stop)


def _make(step: Step, stop: threading.Event | None) -> None:
    def run(title: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        run_step(title, command, env=env, log=STAMPS / "logs" / f"{step.key}.log", stop=stop)

    step.stamp.clear()
    env: Mapping[str, str] = set_up_environment()
    if step.command[0] == "npm":
        env = environment_with_npm(env, run)
    run(step.title, step.command, env)
    step.stamp.renew()


def set_up_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of commands that read the settings and no data."""
    kept = {key: value for key, value in environ.items() if key != "STATIC_ROOT"}
    for certificates in (kept.get("SSL_CERT_FILE"), *SYSTEM_CERTIFICATES):
        if certificates and os.access(certificates, os.R_OK):
            # Node trusts its own list only; a machine behind a proxy has its certificate here.
            kept.setdefault("NODE_EXTRA_CA_CERTS", certificates)
    return {
        **kept,
        "APP_MODE": "demo",
        "DATABASE_URL": "postgres:///set-up-reads-no-data",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
