"""What the documents point at exists: links, files, names in the code, and the code they quote.

A code block whose first line is ``` + ``python governance/requirements.py`` quotes that file.  Line
breaks and commas at the end of a list may differ, «…» on a line of its own leaves something out.
"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
# Made by the lead of the release, with the demo running.
IMAGES = {"docs/images/board.png", "docs/images/initiative.png"}
# Made at set-up or by hand, and never kept in the repository.
MADE = {
    ".demo", ".env", ".fonts", ".stamps", ".venv", "design-tokens-build", "locale", "media", "node_modules", "staticfiles",
}  # fmt: skip
OURS = {
    "archive", "benefits", "config", "core", "demo", "devstack", "governance", "leadership", "organization", "portfolio", "tests",
}  # fmt: skip
TOP = {path.name for path in ROOT.iterdir()} - MADE
_FENCE = re.compile(r"^```(\w*)[ ]?(.*?)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_TICKS = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"\.?[\w-]+(?:/[\w.*-]+)+/?")
_SUFFIXES = (".py", ".md", ".toml", ".html", ".yaml", ".typ", ".sql", ".sh", ".css", ".js")
_NAME = re.compile(r"[a-z_]+(?:\.\w+)+(?=\(|$)")


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def prose_of(document: str) -> str:
    return _FENCE.sub("", text_of(document))


def exists(pattern: str, base: Path | None = None) -> bool:
    base = base or ROOT
    return any(base.glob(pattern)) if "*" in pattern else (base / pattern).exists()


def broken_links(document: str) -> list[str]:
    """Return the relative links of a document that lead nowhere."""
    base = (ROOT / document).parent
    targets = {
        target.partition("#")[0] for target in _LINK.findall(prose_of(document)) if "://" not in target
    }
    return sorted(
        target
        for target in targets - {""}
        if (base / target).resolve().relative_to(ROOT).as_posix() not in IMAGES and not exists(target, base)
    )


def missing_files(document: str) -> list[str]:
    """Return the paths between backticks that do not exist, seen from the root or from the document."""
    named = {found for found in _TICKS.findall(prose_of(document)) if _FILE.fullmatch(found)}
    kept = {path for path in named if path.split("/")[0] not in MADE}
    meant = {path for path in kept if path.split("/")[0] in TOP or path.endswith(_SUFFIXES)}
    base = (ROOT / document).parent
    return sorted(
        path for path in meant if path not in IMAGES and not exists(path) and not exists(path, base)
    )


def unknown_names(document: str) -> list[str]:
    """Return the dotted names of our code between backticks that cannot be found."""
    named = {match[0] for ticks in _TICKS.findall(prose_of(document)) if (match := _NAME.match(ticks))}
    meant = {name for name in named if name.split(".")[0] in OURS and not exists(name)}
    return sorted(name for name in meant if not resolves(name))


def resolves(name: str) -> bool:
    """Tell whether a dotted name leads to a module, to something in one, or to a model by its label."""
    app, _dot, model = name.partition(".")
    if apps.is_installed(app) and model.lower() in apps.all_models[app]:
        return True
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def squeezed(code: str) -> str:
    """Return code as it is compared: without white space, and without commas before a closing bracket."""
    return re.sub(r",(?=[)\]}]|$)", "", re.sub(r"\s+", "", code))


def misquoted(document: str) -> list[str]:
    """Return the parts of quoted code that do not stand in the file they are quoted from."""
    found = []
    for _language, path, code in _FENCE.findall(text_of(document)):
        if path:
            source = squeezed((ROOT / path).read_text(encoding="utf-8")) if exists(path) else ""
            parts = [squeezed(part) for part in re.split(r"^\s*…\s*$", code, flags=re.MULTILINE)]
            found += [f"{path}: {part}" for part in parts if part and part not in source]
    return found


def false_imports(document: str) -> list[str]:
    """Return what code examples import from our apps and cannot get; an example must be valid Python."""
    names = []
    for language, path, code in _FENCE.findall(text_of(document)):
        if language == "python" and not path:
            imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
            names += [f"{node.module}.{alias.name}" for node in imports for alias in node.names]
    return [name for name in names if name.split(".")[0] in OURS and not resolves(name)]


CHECKS = (broken_links, missing_files, unknown_names, misquoted, false_imports)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_point_at__what_exists(check, document):
    assert check(document) == []


def test_point_at__finds_what_does_not_exist(tmp_path, monkeypatch):
    """The counter-example: every check sees its own kind of mistake, and nothing else."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "here.py").write_text("here = [\n    1,\n]\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(
        "[a](gone.md) [b](core/here.py#top) [c](https://example.org) `core/gone.py` `core/*.py` `/core/` `core.workflow.gone`\n"
        "`core.workflow.Workflow` `core.Notice` `gone/too.md`\n"
        "```python core/here.py\nhere = [1]\n…\nthere = [2]\n```\n"
        "```python\nfrom core.workflow import Workflow, gone\n```\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("tests.architecture.test_links.ROOT", tmp_path)
    found = {check.__name__: check("README.md") for check in CHECKS}
    assert found == {
        "broken_links": ["gone.md"],
        "missing_files": ["core/gone.py", "gone/too.md"],
        "unknown_names": ["core.workflow.gone"],
        "misquoted": ["core/here.py: there=[2]"],
        "false_imports": ["core.workflow.gone"],
    }


def test_show_pictures__those_of_the_release():
    """The pictures are allowed to be missing, so their names are checked here."""
    shown = set(_LINK.findall(prose_of("README.md")))
    assert shown >= IMAGES
