"""The Chinese catalogues keep to the trade's words, to one script each and to Chinese punctuation."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.pofile import read_po

from tests.tools import translations

CHINESE = "\u4e00-\u9fff"
# Frequent characters of zh_CN that are written otherwise in Taiwan: none of them may stand in zh_TW.
SIMPLIFIED = frozenset(
    "请数货签单户记写号为选结时须开处报点没内个编标检产与录赔审据销输导验库择并计复对发诉应范围码该间这无价额关扫过证项确冻质组评废还读会"
    "现细问从长属闭机经员损异绝轮么类费称当题见将总给声动页认测实备样种达变规责图权栏说断试进装别误状许笔决键态转务连删较显运执电话账换条"
    "联补场书统预厂续来缩订网让体针违议线贴两毁师负国终资则潜访踪钟毕询张级旧离带险划业邮办继谁汇络启盘阅识冲减岗况响紧风适纠错暂币头隐丢"
    "档枪简纸偿随脑语领护盖归论红骤释训税门筛坏压观财临边协链满参义构区维环团队职术虑强顾学节历凭严纪吗迁抛驱腾译陈宽锚圆摄侧径层脚贸却车"
    "万稳颠艺励讼览担弃约够罚阶帮浅调馈驻传购买仅拨贷听监视横纵碍们仓后"
)
# Full width is the rule; the window keeps half-width marks only in figures, keys, codes and file names.
HALF_WIDTH = re.compile(rf"[{CHINESE}][,;:()?!]|[,;()?!][{CHINESE}]|[{CHINESE}] ?~")
# What may stay in Latin letters: names of things that have no other, and what a key or a file calls itself.
LATIN = frozenset(
    word
    for line in (
        "RMA PPM FMEA QE IT ERP QMS Desktop Excel Word PostgreSQL SQLite READ COMMITTED GS NUL TLS SHA UTF XML CSV PDF",
        "JPEG PNG HEIC",
        "USD CNY MB mm kg No zh CN TW en Ctrl Shift Enter Esc Caps Lock What When Where Who Why How many",
    )
    for word in line.split()
)
CODE = re.compile(
    r"\{[^}]*\}|`[^`]*`|--[a-z-]+|[A-Z][a-z]+/[A-Z][a-z]+|(?:sqlite|postgresql)://\S+|\?sslmode=disable|\*?\.[a-z]+"
)
FORBIDDEN = {
    "zh_CN": ("守恒", "红字冲销", "豁免", "围堵", "你", "预审", "签署位", "席位", "客诉", "分选", "「", "」"),
    "zh_TW": (
        *(
            "守恆",
            "紅字沖銷",
            "豁免",
            "遏制",
            "你",
            "投訴",
            "返工",
            "返修",
            "讓步",
            "供方",
            "質量",
            "審批",
            "批准",
            "合同",
        ),
        *(
            "用戶",
            "使用者名稱",
            "登錄",
            "數據庫",
            "網絡",
            "軟件",
            "打印",
            "默認",
            "信息",
            "屏幕",
            "鼠標",
            "界面",
            "導出",
        ),
        *(
            "許可權",
            "程式碼",
            "單元格",
            "宣告",
            "釋出",
            "型別",
            "物件",
            "工作簿",
            "臺",
            "隻",
            "保修",
            "工位",
            "渠道",
            "“",
            "”",
        ),
    ),
}


@cache
def texts(language: str) -> tuple[str, ...]:
    """Give every Chinese text of a language."""
    with translations.po_file(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    return tuple(text for message in translations.messages(catalogue) for text in translations.forms(message.string))


def test_taiwan_reads_no_simplified_character() -> None:
    assert [text for text in texts("zh_TW") if SIMPLIFIED & set(text)] == []


def test_the_characters_that_tell_the_scripts_apart_stand_in_the_mainland_texts() -> None:
    written = set().union(*texts("zh_CN"))
    assert len(SIMPLIFIED & written) > 0.9 * len(SIMPLIFIED)


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_no_half_width_mark_stands_beside_a_chinese_character(language: str) -> None:
    assert [text for text in texts(language) if HALF_WIDTH.search(CODE.sub("", text))] == []


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_no_english_is_left_but_accepted_abbreviations(language: str) -> None:
    left = {word for text in texts(language) for word in re.findall(r"[A-Za-z]{2,}", CODE.sub("", text))}
    assert left - LATIN == set()


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_each_thing_is_called_by_the_trades_one_word(language: str) -> None:
    assert [(word, text) for text in texts(language) for word in FORBIDDEN[language] if word in text] == []


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [("请核对,再保存。", True), ("共(三)件", True), ("38~52 N", False), ("订单 ~", True), ("1,200 件；08:00", False)],
)
def test_the_search_for_half_width_marks_finds_them(text: str, is_wrong: bool) -> None:  # noqa: FBT001
    assert bool(HALF_WIDTH.search(text)) == is_wrong
