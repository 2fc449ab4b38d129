"""A state is shown by the word that the design gives it, in every place the same."""

from __future__ import annotations

import pytest

from qms_desktop import i18n
from qms_desktop.ui.chip import State

WORDS = {
    "complaint": "new 新建 registered 已登记 accepted 已受理 contained 已遏制 analysis 分析中 replied 已回复"
    " verifying 验证中 closed 已关闭 archived 已归档 refused 不受理",
    "rma_goods": "requested 申请 approval 待审批 awaiting_goods 待收货 received 已收货 sorted 已挑选 refused 已拒绝",
    "rma_settlement": "settling 结算中 closed 已关闭",
    "receipt": "expected 预计 arrived 已到，待清点 difference 差异待定 agreed 已商定 signed 已签收 labelled 已贴标"
    " quarantined 隔离",
    "sorting": "waiting 待判定 sorting 挑选中 classified 已分类 done 完成",
    "order": "open 已开单 running 在制 reported 完工待检",
    "pieces": "to_inspect 待检 passed 合格 scrapped 报废",
    "dismantling": "open 待拆 running 拆解中 reported 零件待检 done 已入库",
    "claim": "draft 草稿 reviewed 已核合同 approval 待审批 approved 已批准 executed 已执行 refused 已拒绝",
    "eight_d": "open 分析中 verifying 验证中 closed 已关闭",
    "eight_d_version": "draft 草稿 review 评审中 sent_back 评审退回 approved 已批准 sent 已发客户",
    "recall": "suspected 疑似 reported 已报总经理 declined 不召回 running 召回进行 complete 已完成",
    "deadline": "paused 暂停 met 按期",
    "label": "provisional 待判定·禁止出货 valid 有效 void 作废",
    "hold": "on 冻结出货",
    "stop": "on 危急",
}
STATES = [
    (record, state, word)
    for record, line in WORDS.items()
    for state, word in zip(line.split()[::2], line.split()[1::2], strict=True)
]


@pytest.mark.parametrize(("record", "state", "word"), STATES)
def test_a_state_has_the_word_of_the_design(record: str, state: str, word: str) -> None:
    with i18n.speaking("zh_CN"):
        assert str(State(record, state)) == word


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State("pieces", "failed", {"round": 2}), "复检不良，第 2 轮"),
        (State("rma_goods", "refused", {"reason": "R2"}), "已拒绝 R2"),
        (State("deadline", "escalated", {"level": 1}), "已升级 1 级"),
        (State("deadline", "late", {"left": "3 小时"}), "逾期 3 小时"),
        (State("label", "reprint", {"count": 2}), "补打 2"),
    ],
)
def test_a_word_with_a_figure_is_read_as_one(state: State, word: str) -> None:
    with i18n.speaking("zh_CN"):
        assert str(state) == word
