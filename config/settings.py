"""Settings of the installation, read from the environment.

``APP_MODE`` is ``production`` unless somebody says otherwise: what is forgotten fails
closed.  ``demo`` is what ``./run`` starts, ``test`` is what ``./test`` starts.
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from config import archive, forgetting, papers
from config.env import Env
from config.logs import logging_config
from config.maskinporten import read_maskinporten
from config.providers import for_allauth, read_providers
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env(os.environ)

APP_MODE = env.choice("APP_MODE", ("production", "demo", "test"), "production")
PRODUCTION = APP_MODE == "production"
# Demo people can be picked on the log-in page only when this is true; the app that does it
# is not even installed otherwise (tests/config/test_settings.py).
DEMO_MODE = APP_MODE == "demo"
DEBUG = False

SECRET_KEY = (
    env.text(
        "SECRET_KEY", purpose="signs sessions and links; 50 random characters", example="a-long-random-text"
    )
    if PRODUCTION
    else env.text("SECRET_KEY", "only-for-demo-and-tests-never-in-production-0123456789")
)
SECRET_KEY_LENGTH = 50
if PRODUCTION and 0 < len(SECRET_KEY) < SECRET_KEY_LENGTH:
    env.refuse("SECRET_KEY is shorter than 50 characters: make a longer random one")
ALLOWED_HOSTS = (
    env.names("ALLOWED_HOSTS", purpose="the host names people use", example="stafett.kommune.no")
    if PRODUCTION
    else ["127.0.0.1", "localhost", "testserver", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS] if PRODUCTION else []
# The address that links in e-mails and PDF files begin with.
PUBLIC_URL = (
    env.text(
        "PUBLIC_URL",
        purpose="the address of this installation in e-mails",
        example="https://stafett.kommune.no",
    )
    if PRODUCTION
    else env.text("PUBLIC_URL", "http://127.0.0.1:8000")
).rstrip("/")

# --- Applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.StafettAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_celery_beat",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "oauth2_provider",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "template_partials.apps.SimpleAppConfig",
    "treebeard",
    "core",
    "organization",
    "archive",
    "governance",
    "deviations",
    "benefits",
    "portfolio",
    "leadership",
    *(["demo"] if not PRODUCTION else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.request_log",
    "core.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organization.middleware.actor",
    "core.middleware.domain_errors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "core.forms.Renderer"

# Order matters: cotton and template partials disturb each other silently when the loaders
# stand in another order (tests/core/test_templates.py).
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.page",
                *(["demo.context_processors.people"] if DEMO_MODE else []),
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.formats",
                "core.templatetags.ui",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database(),
        "CONN_MAX_AGE": env.number("DATABASE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": f"test_stafett_{env.text('TEST_DB_SUFFIX', 'main')}"},
    }
}
DATABASE_KEEPS_PLANS = env.flag("DATABASE_KEEPS_PLANS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = (
    env.text("CACHE_URL", purpose="Redis for the cache", example="redis://redis:6379/1")
    if PRODUCTION
    else env.text("CACHE_URL", "")
)
CACHES = {
    "default": (
        {"BACKEND": "core.cache.Cache", "LOCATION": CACHE_URL}
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

CELERY_BROKER_URL = (
    env.text("BROKER_URL", purpose="Redis for Celery", example="redis://redis:6379/0")
    if PRODUCTION
    else env.text("BROKER_URL", "memory://")
)
CELERY_TASK_ACKS_LATE = True  # a worker killed in the middle leaves the task to another one
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "stafett"
CELERY_TIMEZONE = "Europe/Oslo"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

MEDIA_ROOT = Path(env.text("MEDIA_ROOT", BASE_DIR / "media"))
_STATICFILES = {
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
    # Hashed names as in production, without the time that compressing takes at each start.
    "demo": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}
STORAGES = {
    # Any Django storage will do, an S3 one among them; attachments are only ever served
    # through the permission check of core.attachments, never from an open folder.
    "default": {
        "BACKEND": env.text("FILE_STORAGE", "django.core.files.storage.FileSystemStorage"),
    },
    "staticfiles": {"BACKEND": _STATICFILES[APP_MODE]},
}
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
ATTACHMENT_MAX_BYTES = env.number("ATTACHMENT_MAX_MB", 50) * 1024 * 1024

# --- Static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", BASE_DIR / "staticfiles"))
# A test client reads no folder that a ./run beside it may be emptying.
WHITENOISE_AUTOREFRESH = APP_MODE == "test"
_node = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/ds-css", _node / "@digdir/designsystemet-css/dist/src"),
    ("vendor/ds-web", _node / "@digdir/designsystemet-web/dist/umd"),
    ("vendor/inter", _node / "@fontsource-variable/inter/files"),
]

# --- People and sessions ----------------------------------------------------------------------
AUTH_USER_MODEL = "organization.Person"
ACTOR_OF = "organization.actors.person_actor"
AUTHENTICATION_BACKENDS = ["organization.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
_HASHER = "MD5PasswordHasher" if APP_MODE == "test" else "PBKDF2PasswordHasher"
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{_HASHER}", "organization.api.oauth.SecretHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the municipality, not by sign-up
ACCOUNT_ADAPTER = "organization.adapters.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key"} if APP_MODE != "test" else False
LOG_IN_PROVIDERS = read_providers(env, production=PRODUCTION)
SOCIALACCOUNT_PROVIDERS = for_allauth(LOG_IN_PROVIDERS)
SOCIALACCOUNT_ADAPTER = "organization.adapters.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = (
    True  # a form would be stopped on its way to the provider by the policy of content
)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the municipality, not from sign-up
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- Security ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the design system's icons are data: addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.flag("BEHIND_PROXY", default=True):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        # Log-ins are limited per address: that of the person, not that of the proxy.
        ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 1)

# --- E-mail -----------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Stafett <stafett@localhost>")
EMAIL_MESSAGE_ID_DOMAIN = env.text("EMAIL_MESSAGE_ID_DOMAIN", "stafett.invalid")
if PRODUCTION:
    EMAIL_HOST = env.text("EMAIL_HOST", purpose="the SMTP server", example="smtp.kommune.no")
    EMAIL_PORT = env.number("EMAIL_PORT", 587)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
    EMAIL_TIMEOUT = 20
elif DEMO_MODE:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.text("EMAIL_FILE_PATH", BASE_DIR / ".demo" / "mail")

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål")]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Words of municipal Norwegian, by which search and suggestions take compounds apart (core/compounds.py).
VOCABULARY = BASE_DIR / "organization" / "vocabulary"
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # it would also write id 12345 as «12 345»; use |tall and |kr

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organization.api.maskinporten.MaskinportenToken",
        "organization.api.authentication.ClientToken",
        "core.api.authentication.SessionLogIn",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.IsKnownPerson", "core.api.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["organization.api.throttling.ClientThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.problem_details",
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 50,
}
# Each client of the API by itself, and those who ask for tokens by their address.
API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE", 600)
API_LOG_INS_PER_MINUTE = env.number("API_LOG_INS_PER_MINUTE", 30)
MASKINPORTEN = read_maskinporten(env, public_url=PUBLIC_URL, production=PRODUCTION)
OAUTH2_PROVIDER_APPLICATION_MODEL = "organization.ApiClient"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",  # client credentials, and no other way in
    "OAUTH2_VALIDATOR_CLASS": "organization.api.oauth.ClientValidator",
    "SCOPES_BACKEND_CLASS": "organization.api.oauth.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": env.number("API_LOG_IN_SECONDS", 600),
    "CLIENT_SECRET_GENERATOR_LENGTH": 64,
    "CLIENT_SECRET_HASHER": "pbkdf2_sha256_secret",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # digests alone
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stafett",
    "DESCRIPTION": "Styring av digitalisering i norske kommuner: tiltak fra behov til dokumentert gevinst.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- What the apps plug into each other (house.md, 1) -------------------------------------------
# Sections of the intake form, in their order on the hub page.
INTAKE_SECTIONS = [
    "governance.intake.about", "benefits.intake.benefits", "governance.intake.costs", "governance.intake.responsibility",
    "governance.intake.assessments", "governance.intake.null_alternative", "governance.intake.attachments",
]  # fmt: skip
# What may be demanded before an initiative can be submitted; each municipality switches on its own.
INTAKE_REQUIREMENTS = [
    "governance.requirements.strategic_goal",
    "governance.requirements.responsible_person",
    "governance.requirements.null_alternative",
    "benefits.requirements.overview_of_benefits",
    "benefits.requirements.cost_benefit",
]
# What may be demanded before a project passes a decision point; each municipality switches on its own.
PROJECT_GATES = [
    "benefits.gates.approved_plan", "benefits.gates.measured_baseline", "benefits.baton.gates.baton_is_passed",
    "benefits.closing.gates.benefits_are_judged",
]  # fmt: skip
# What can stand on the council's agenda beside initiatives (governance/matters).
AGENDA_MATTERS = ["portfolio.gatepaper.matter.gate_paper"]
INBOX_SOURCES = [
    "organization.inbox.consultations_to_comment", "organization.inbox.consultations_to_answer",
    "organization.inbox.consultations_to_hold_anew", "governance.inbox.initiatives_in_my_hands",
    "governance.inbox.hearings_to_answer", "governance.inbox.initiatives_to_assess", "governance.inbox.games_to_play",
    "governance.inbox.municipal_decisions_waiting", "governance.inbox.meetings_to_prepare",
    "governance.inbox.matters_to_place", "governance.inbox.follow_ups_to_do", "governance.inbox.terms_that_end",
    "governance.inbox.mandates_to_confirm", "governance.cycle.inbox.answers_to_bring_in",
    "governance.cycle.inbox.meetings_to_set_up", "governance.arena.inbox.notes_to_finish",
    "deviations.inbox.duties_in_my_hands", "deviations.inbox.duties_told_of", "deviations.inbox.cases_in_my_hands",
    "deviations.inbox.actions_in_my_hands", "deviations.inbox.lifts_of_mine", "deviations.inbox.lifts_for_me",
    "benefits.inbox.ownership_to_answer", "benefits.inbox.measurements_to_make",
    "benefits.baton.inbox.handovers_to_answer", "benefits.lessons.lessons_to_write",
    "benefits.closing.inbox.plans_to_close", "benefits.inbox.pulses_to_answer", "benefits.inbox.pilots_to_decide",
    "benefits.change.inbox.actions_to_do", "benefits.change.inbox.actions_without_owner",
    "benefits.change.inbox.risks_to_review", "portfolio.inbox.adopted_without_project",
    "portfolio.status.inbox.status_to_write", "portfolio.plan.inbox.milestones_to_reach",
    "portfolio.plan.inbox.deliverables_to_approve", "portfolio.team.inbox.projects_without_leaders",
    "portfolio.risk.inbox.risks_to_follow", "portfolio.capacity.inbox.requests_to_answer",
    "portfolio.capacity.inbox.roles_over_capacity", "archive.inbox.messages_without_case_number",
    "archive.inbox.messages_in_trouble",
]  # fmt: skip
# Lists whose filters a person can keep under a name (organization/list_views.py): the names of their addresses, and
# what declares their filters.
LISTS_WITH_VIEWS = {
    "deviations:deviation_list": "deviations.filters.DeviationFilter",
    "governance:decision_log": "governance.forms.decisions.DecisionLogFilter",
    "governance:initiative_list": "governance.filters.InitiativeFilter",
    "portfolio:board": "portfolio.filters.PortfolioFilter",
    "portfolio:table": "portfolio.filters.PortfolioFilter",
    "portfolio:roadmap": "portfolio.filters.PortfolioFilter",
}
REMINDERS = [
    "organization.reminders",
    "governance.reminders",
    "governance.arena.reminders",
    "governance.cycle.reminders",
    "deviations.reminders",
    "benefits.reminders",
    "benefits.baton.reminders",
    "benefits.change.reminders",
    "benefits.closing.reminders",
    "portfolio.status.reminders",
    "portfolio.plan.reminders",
    "portfolio.risk.reminders",
    "portfolio.capacity.reminders",
]
RETENTION_FOLLOWERS = forgetting.FOLLOWERS
# How long what was sent by e-mail, and who read what is confidential, can be looked up.
MAIL_KEPT_DAYS = env.number("MAIL_KEPT_DAYS", 30)
ACCESS_LOG_KEPT_DAYS = env.number("ACCESS_LOG_KEPT_DAYS", 5 * 365)
ARCHIVE_NUMBER_RECEIVERS, ARCHIVE_PAPERS = archive.NUMBER_RECEIVERS, archive.PAPERS
ARCHIVE_HISTORY, CONSULTATION_FOLLOWERS = archive.HISTORY, archive.CONSULTATION_FOLLOWERS
ARCHIVE_FOLDER, FIKS_IO_CARRIER = archive.read_ways(env)
# Where the numbers of an indicator can be computed from (benefits/sources).
INDICATOR_SOURCES = ["benefits.sources.deviations.from_deviations"]
# Links that apps add to the administrator's settings page.
SETTINGS_LINKS = [
    "governance.panels.settings_links",
    "deviations.panels.settings_links",
    "benefits.panels.settings_links",
    "portfolio.panels.settings_links",
    "leadership.panels.settings_links",
    "archive.panels.settings_links",
]
# What apps show beside an initiative on its page, for those who may see what it tells of.
INITIATIVE_PANELS = [
    "governance.arena.panels.panel_of_initiative", "benefits.panels.panel_of_initiative", "deviations.measures.panel_of_initiative",
]  # fmt: skip
CASE_PAPER_SECTIONS, CASE_PAPER_PARTS = papers.SECTIONS, papers.PARTS
# What the start page shows below the tasks, for those it concerns.
START_PANELS = [
    "leadership.panels.leadership",
    "governance.panels.secretariat",
    "deviations.panels.my_reports",
    "governance.panels.my_initiatives",
    "governance.panels.next_meeting",
    "governance.arena.panels.next_group_meeting",
    "portfolio.panels.portfolio",
]

# --- Schedule ---------------------------------------------------------------------------------
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Documents --------------------------------------------------------------------------------
PDF_FONT_DIR = Path(env.text("PDF_FONT_DIR", BASE_DIR / ".fonts"))
ACCESSIBILITY_STATEMENT_URL = env.text("ACCESSIBILITY_STATEMENT_URL", "")

LOGGING_CONFIG = None
logging_config(json=PRODUCTION, level=env.text("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING"))

env.finish()
