"""The colours of the look, light and dark, as plain text values; what they are for stands beside each name."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Palette:
    """Every colour of one look as #RRGGBB; families come as text, `_bg` (pale tone) and `_bd` (border)."""

    dark: bool
    bg: str  # behind everything
    surface: str  # cards, lists, fields
    sunk: str  # table heads, inner cards, group rows
    line: str  # card borders, separators
    line2: str  # row separators, grid of charts
    control: str  # border of fields, buttons, check boxes
    text: str  # what is read
    text2: str  # labels, second lines, table heads
    text3: str  # hints, units, axis numbers
    accent: str  # primary button, selected step, check box
    accent_fg: str
    accent_h: str  # hover and pressed of primary
    accent_text: str  # links, ghost buttons, selected tab
    accent_bg: str  # selected row, chosen filter, "why you" box
    focus: str  # focus ring
    side: str  # side bar, top strip of the stations
    side_line: str
    side_sel: str  # chosen entry
    side_text: str
    side_dim: str  # counts, group word
    side_mark: str  # marker of the chosen entry
    side_fg: str  # chosen entry's text
    late: str  # count bubble of late work
    neutral: str
    neutral_bg: str
    neutral_bd: str
    run: str
    run_bg: str
    run_bd: str
    wait: str
    wait_bg: str
    wait_bd: str
    ok: str
    ok_bg: str
    ok_bd: str
    bad: str
    bad_bg: str
    bad_bd: str
    hold: str
    hold_bg: str
    hold_bd: str
    crit: str
    crit_bg: str
    crit_bd: str
    g1: str  # return loss, rework heap, vital bars
    g2: str  # rework cost, repack
    g3: str  # freight, dismantling, cumulative line
    g4: str  # scrap
    g5: str  # claims, back to customer
    g6: str  # use as is, passed
    g7: str  # the trivial many, undecided, work in hand

    def colour(self, name: str) -> str:
        """Give a token's value; raises AttributeError when there is no such token."""
        value: str = getattr(self, name)
        return value


FAMILIES = ("neutral", "run", "wait", "ok", "bad", "hold", "crit")
CHART_TOKENS = ("g1", "g2", "g3", "g4", "g5", "g6", "g7")

LIGHT = Palette(
    dark=False,
    bg="#F3F5F8", surface="#FFFFFF", sunk="#F7F9FB", line="#DCE2E9", line2="#EAEEF2", control="#7F8B9B",
    text="#18222F", text2="#4A5768", text3="#5F6C7D",
    accent="#1C5BC4", accent_fg="#FFFFFF", accent_h="#174DA8", accent_text="#1C5BC4", accent_bg="#E7EFFB",
    focus="#1C5BC4",
    side="#17233A", side_line="#2B3A57", side_sel="#2B4170", side_text="#CBD5E6", side_dim="#93A3BD",
    side_mark="#7FB0FF", side_fg="#FFFFFF", late="#CC3A31",
    neutral="#4A5768", neutral_bg="#EEF1F5", neutral_bd="#CDD5DE",
    run="#0B6478", run_bg="#DFF3F6", run_bd="#A5D8E0",
    wait="#7F5200", wait_bg="#FFF2D2", wait_bd="#EFD28C",
    ok="#17693F", ok_bg="#E0F4E8", ok_bd="#A6D9BB",
    bad="#B3211B", bad_bg="#FDE8E6", bad_bd="#F2B5B0",
    hold="#6A3D9E", hold_bg="#F1E8FB", hold_bd="#D3BCEE",
    crit="#FFFFFF", crit_bg="#B3211B", crit_bd="#B3211B",
    g1="#1C5BC4", g2="#0F8A9B", g3="#B9810F", g4="#C8553D", g5="#7A55B5", g6="#55923F", g7="#7C899A",
)  # fmt: skip

DARK = Palette(
    dark=True,
    bg="#12171F", surface="#1A212B", sunk="#161C25", line="#2E3846", line2="#252E3A", control="#6F7F95",
    text="#E6EBF2", text2="#B3BFCE", text3="#98A6B8",
    accent="#2F6BD6", accent_fg="#FFFFFF", accent_h="#2459B8", accent_text="#8AB4FF", accent_bg="#1D3050",
    focus="#8AB4FF",
    side="#0D1219", side_line="#212B38", side_sel="#22365C", side_text="#C3CEDE", side_dim="#8595AC",
    side_mark="#7FB0FF", side_fg="#FFFFFF", late="#CC3A31",
    neutral="#B8C4D3", neutral_bg="#2A3441", neutral_bd="#41505F",
    run="#7FD6E4", run_bg="#12363E", run_bd="#24606D",
    wait="#F3C766", wait_bg="#3B2E10", wait_bd="#6B5420",
    ok="#7FD9A5", ok_bg="#143524", ok_bd="#2A6343",
    bad="#FF9C93", bad_bg="#43201E", bad_bd="#7C3733",
    hold="#CDAEF5", hold_bg="#322347", hold_bd="#5A4180",
    crit="#FFFFFF", crit_bg="#B8322B", crit_bd="#B8322B",
    g1="#5B93F0", g2="#35B5C6", g3="#E6B54A", g4="#E2795F", g5="#A583DC", g6="#7FBD6C", g7="#8494A8",
)  # fmt: skip

TOKENS = tuple(field.name for field in fields(Palette) if field.name != "dark")


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours (WCAG 2.2, relative luminance): 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
