"""Make the fonts that typst can read: ``python -m core.pdf.fonts``.

The packages of npm hold WOFF2 files for browsers; typst reads TTF.  The work takes two
seconds and is done once, at set-up or while an image is built: a stamp of the sources says
whether it is needed again.  Runs before Django can, so settings are not read here.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Where each comes from in node_modules, and what it is called afterwards.  The emoji are in
# black and white, as paper is.
SOURCES = {
    "inter-ui/web/Inter-Regular.woff2": "Inter-Regular.ttf",
    "inter-ui/web/Inter-Italic.woff2": "Inter-Italic.ttf",
    "inter-ui/web/Inter-Medium.woff2": "Inter-Medium.ttf",
    "inter-ui/web/Inter-SemiBold.woff2": "Inter-SemiBold.ttf",
    "inter-ui/web/Inter-Bold.woff2": "Inter-Bold.ttf",
    "@fontsource/noto-emoji/files/noto-emoji-emoji-400-normal.woff2": "NotoEmoji-Regular.ttf",
}
_STAMP = "sources.sha256"


class FontsMissing(Exception):
    """A package of npm is not installed."""


def make_fonts(modules: Path, target: Path) -> bool:
    """Write the fonts into ``target``, and tell whether there was anything to do.

    :param modules: the ``node_modules`` folder.
    :raises FontsMissing: if a source is not there.
    """
    missing = [source for source in SOURCES if not (modules / source).is_file()]
    if missing:
        raise FontsMissing(f"run npm ci first: {', '.join(missing)} not found in {modules}")
    stamp = target / _STAMP
    wanted = _digest(modules)
    if (
        stamp.is_file()
        and stamp.read_text() == wanted
        and all((target / name).is_file() for name in SOURCES.values())
    ):
        return False
    target.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for source, name in SOURCES.items():
        _convert(modules / source, target / name)
    stamp.write_text(wanted)
    return True


def _digest(modules: Path) -> str:
    digest = hashlib.sha256()
    for source, name in SOURCES.items():
        digest.update(name.encode() + (modules / source).read_bytes())
    return digest.hexdigest()


def _convert(source: Path, target: Path) -> None:
    from fontTools.ttLib import TTFont

    # Written beside and moved, so that nobody reads half a font.
    half = target.with_suffix(f".{os.getpid()}.part")
    with TTFont(source) as font:
        font.flavor = None
        font.save(half)
    half.replace(target)


def main() -> int:
    target = Path(os.environ.get("PDF_FONT_DIR") or BASE_DIR / ".fonts")
    try:
        made = make_fonts(BASE_DIR / "node_modules", target)
    except FontsMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write(f"fonts for PDF {'made' if made else 'are already'} in {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
