"""Builds the fonts of the pictures, `data/fonts`, from two families under the OFL.

    python -m scripts.build_fonts --pretendard FOLDER --noto FILE

`FOLDER` holds Pretendard-Regular.otf and Pretendard-SemiBold.otf of Pretendard 1.3.9, `FILE` is
NotoSansKR-Regular.otf 2.004. Three files are written:

    MaeumSans-Regular.otf    every Hangul syllable, kana, Latin, Greek, Cyrillic, signs
    MaeumSans-SemiBold.otf   for headings: the syllables of KS X 1001 (2,350), Latin, signs
    MaeumHan-Regular.otf     what else the catalogue's titles and artists are written in: Hanja

The subsets are renamed: the OFL keeps the names of the originals for the originals.
"""

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT: Final = Path(__file__).resolve().parents[1]

_HANGUL: Final = range(0xAC00, 0xD7A4)
_LATIN: Final = (range(0x20, 0x7F), range(0xA0, 0x180))
_SIGNS: Final = (
    *(range(0x2010, 0x2028), range(0x2030, 0x2040), range(0x2150, 0x2180)),
    *(range(0x2190, 0x219A), range(0x2460, 0x2474), range(0x25A0, 0x25F0)),
    *(range(0x2605, 0x2607), range(0x2660, 0x2670), range(0x3000, 0x3018)),
    *([0x20A9], [0x20AC], [0x2116], [0x2122], [0x212B], [0x2212], [0x221E], [0x2713], [0x2764]),
    range(0x3131, 0x318F),
)
_OTHER_SCRIPTS: Final = (range(0x391, 0x3CA), range(0x400, 0x460), range(0x3040, 0x3100))
_KEPT_NAMES: Final = (0, 7, 13, 14)  # copyright, trademark, licence, address of the licence


def ks_x_1001_syllables() -> set[int]:
    """The 2,350 syllables of everyday Korean."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    return {ord(pair.decode("euc-kr")) for pair in rows}


def characters(*ranges: Iterable[int]) -> set[int]:
    """The union of ranges of code points."""
    return {code for group in ranges for code in group}


def catalogue_characters() -> set[int]:
    """What titles, artists and albums of the bundled catalogue are written in."""
    with (ROOT / "data" / "songs" / "songs.tsv").open(encoding="utf-8", newline="") as file:
        return {ord(char) for row in csv.reader(file, delimiter="\t") for char in "".join(row)}


def build(source: Path, target: Path, family: str, wanted: set[int]) -> set[int]:
    """Write the part of `source` that draws `wanted`, named `family`.

    Returns:
        The code points the part has.
    """
    options = Options()
    options.hinting = False
    options.layout_features = ["kern"]
    options.name_IDs = [*range(8), 13, 14]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        _rename(font, family, target.stem)
        target.parent.mkdir(parents=True, exist_ok=True)
        font.save(target)
        return set(font.getBestCmap())


def _rename(font: TTFont, family: str, full_name: str) -> None:
    names = font["name"]
    origin = names.getDebugName(5)
    names.names = [record for record in names.names if record.nameID in _KEPT_NAMES]
    version = f"{origin}; subset for Maeum DJ"
    for number, text in {1: family, 2: "Regular", 4: family, 5: version, 6: full_name}.items():
        names.setName(text, number, 3, 1, 0x409)
    # Each is a family of its own with one weight, the normal one: nothing is left to matching.
    font["OS/2"].usWeightClass = 400
    top = font["CFF "].cff
    top.fontNames = [full_name]
    top[0].FamilyName, top[0].FullName, top[0].Weight = family, family, "Regular"


def main() -> None:
    """Build all three."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pretendard", type=Path, required=True, help="its folder of .otf files")
    parser.add_argument("--noto", type=Path, required=True, help="NotoSansKR-Regular.otf")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "fonts")
    given = parser.parse_args()
    plain = characters(*_LATIN, *_SIGNS)
    everything = characters(_HANGUL, *_OTHER_SCRIPTS) | plain
    regular = build(
        given.pretendard / "Pretendard-Regular.otf",
        given.out / "MaeumSans-Regular.otf",
        "Maeum Sans",
        everything,
    )
    build(
        given.pretendard / "Pretendard-SemiBold.otf",
        given.out / "MaeumSans-SemiBold.otf",
        "Maeum Sans Semibold",
        ks_x_1001_syllables() | plain,
    )
    build(
        given.noto,
        given.out / "MaeumHan-Regular.otf",
        "Maeum Han",
        catalogue_characters() - regular,
    )
    for path in sorted(given.out.glob("*.otf")):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
