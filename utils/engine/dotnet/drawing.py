"""System.Drawing: colours."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.dotnet.naming import DotNet, snake_case

# Name and RRGGBB; the web's colours.
_KNOWN: Final = """
AliceBlue F0F8FF AntiqueWhite FAEBD7 Aqua 00FFFF Aquamarine 7FFFD4 Azure F0FFFF Beige F5F5DC Bisque FFE4C4
Black 000000 BlanchedAlmond FFEBCD Blue 0000FF BlueViolet 8A2BE2 Brown A52A2A BurlyWood DEB887
CadetBlue 5F9EA0 Chartreuse 7FFF00 Chocolate D2691E Coral FF7F50 CornflowerBlue 6495ED Cornsilk FFF8DC
Crimson DC143C Cyan 00FFFF DarkBlue 00008B DarkCyan 008B8B DarkGoldenrod B8860B DarkGray A9A9A9
DarkGreen 006400 DarkKhaki BDB76B DarkMagenta 8B008B DarkOliveGreen 556B2F DarkOrange FF8C00
DarkOrchid 9932CC DarkRed 8B0000 DarkSalmon E9967A DarkSeaGreen 8FBC8B DarkSlateBlue 483D8B
DarkSlateGray 2F4F4F DarkTurquoise 00CED1 DarkViolet 9400D3 DeepPink FF1493 DeepSkyBlue 00BFFF
DimGray 696969 DodgerBlue 1E90FF Firebrick B22222 FloralWhite FFFAF0 ForestGreen 228B22 Fuchsia FF00FF
Gainsboro DCDCDC GhostWhite F8F8FF Gold FFD700 Goldenrod DAA520 Gray 808080 Green 008000 GreenYellow ADFF2F
Honeydew F0FFF0 HotPink FF69B4 IndianRed CD5C5C Indigo 4B0082 Ivory FFFFF0 Khaki F0E68C Lavender E6E6FA
LavenderBlush FFF0F5 LawnGreen 7CFC00 LemonChiffon FFFACD LightBlue ADD8E6 LightCoral F08080
LightCyan E0FFFF LightGoldenrodYellow FAFAD2 LightGray D3D3D3 LightGreen 90EE90 LightPink FFB6C1
LightSalmon FFA07A LightSeaGreen 20B2AA LightSkyBlue 87CEFA LightSlateGray 778899 LightSteelBlue B0C4DE
LightYellow FFFFE0 Lime 00FF00 LimeGreen 32CD32 Linen FAF0E6 Magenta FF00FF Maroon 800000
MediumAquamarine 66CDAA MediumBlue 0000CD MediumOrchid BA55D3 MediumPurple 9370DB MediumSeaGreen 3CB371
MediumSlateBlue 7B68EE MediumSpringGreen 00FA9A MediumTurquoise 48D1CC MediumVioletRed C71585
MidnightBlue 191970 MintCream F5FFFA MistyRose FFE4E1 Moccasin FFE4B5 NavajoWhite FFDEAD Navy 000080
OldLace FDF5E6 Olive 808000 OliveDrab 6B8E23 Orange FFA500 OrangeRed FF4500 Orchid DA70D6
PaleGoldenrod EEE8AA PaleGreen 98FB98 PaleTurquoise AFEEEE PaleVioletRed DB7093 PapayaWhip FFEFD5
PeachPuff FFDAB9 Peru CD853F Pink FFC0CB Plum DDA0DD PowderBlue B0E0E6 Purple 800080 RebeccaPurple 663399
Red FF0000 RosyBrown BC8F8F RoyalBlue 4169E1 SaddleBrown 8B4513 Salmon FA8072 SandyBrown F4A460
SeaGreen 2E8B57 SeaShell FFF5EE Sienna A0522D Silver C0C0C0 SkyBlue 87CEEB SlateBlue 6A5ACD SlateGray 708090
Snow FFFAFA SpringGreen 00FF7F SteelBlue 4682B4 Tan D2B48C Teal 008080 Thistle D8BFD8 Tomato FF6347
Turquoise 40E0D0 Violet EE82EE Wheat F5DEB3 White FFFFFF WhiteSmoke F5F5F5 Yellow FFFF00 YellowGreen 9ACD32
"""


class Color(DotNet):
    """A colour: `Color.Red`, `Color.RED`, `Color.from_argb(255, 0, 0)`.

    Attributes:
        name: .NET's name, or the eight hexadecimal digits.
        a, r, g, b: 0 to 255.
    """

    __slots__ = ("a", "b", "g", "name", "r")
    name: str
    a: int
    r: int
    g: int
    b: int

    def __init__(self, name: str = "", a: int = 0, r: int = 0, g: int = 0, b: int = 0) -> None:
        """Without arguments the empty colour, which charts leave to the viewer."""
        self.name, self.a, self.r, self.g, self.b = name, a, r, g, b

    @classmethod
    def from_argb(cls, *parts: int) -> Color:
        """`from_argb(r, g, b)` or `from_argb(a, r, g, b)`."""
        a, r, g, b = (255, *parts) if len(parts) == 3 else parts
        return cls(f"{a:02x}{r:02x}{g:02x}{b:02x}", a, r, g, b)

    @property
    def is_empty(self) -> bool:
        """Whether it is no colour."""
        return not self.name

    @property
    def html(self) -> str:
        """`#RRGGBB`; empty for no colour."""
        return "" if self.is_empty else f"#{self.r:02X}{self.g:02X}{self.b:02X}"

    def to_argb(self) -> int:
        """The four parts in 32 bits, signed."""
        value = self.a << 24 | self.r << 16 | self.g << 8 | self.b
        return value - (1 << 32) if value >= 1 << 31 else value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Color) and (self.name, self.to_argb()) == (other.name, other.to_argb())

    def __hash__(self) -> int:
        return hash((self.name, self.to_argb()))

    def __str__(self) -> str:
        return f"Color [{self.name or 'Empty'}]"


def _name_colors() -> None:
    words = _KNOWN.split()
    known = {
        name: Color(name, 255, *bytes.fromhex(code))
        for name, code in zip(words[::2], words[1::2], strict=True)
    }
    for name, color in {
        **known,
        "Empty": Color(),
        "Transparent": Color("Transparent", 0, 255, 255, 255),
    }.items():
        snake = snake_case(name)
        for spelling in (name, snake, snake.upper()):
            setattr(Color, spelling, color)


_name_colors()

EXPORTS: Final[dict[str, Any]] = {"Color": Color}
