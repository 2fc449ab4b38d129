"""What a person may do: the roles, the permissions, and the one table that joins them.

The database turns this table into rights of its own (db/grants.py, tables `role_permission` and `transition`), so that
what stands here holds for the window, the command line and a plain connection alike. Roles: domain.md §16.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A seat in the plant; a person may hold several."""

    WAREHOUSE = "warehouse"
    RETURN_LEADER = "return_leader"
    INSPECTOR = "inspector"
    QE = "qe"
    SQE = "sqe"
    TECHNICAL = "technical"
    PRODUCTION = "production"
    PLANNING = "planning"
    SALES = "sales"
    AFTER_SALES = "after_sales"
    SALES_MANAGER = "sales_manager"
    SALES_VP = "sales_vp"
    FINANCE = "finance"
    FINANCE_VP = "finance_vp"
    QUALITY_MANAGER = "quality_manager"
    PRODUCT_SAFETY = "product_safety"
    DEPUTY_GM = "deputy_gm"
    GM = "gm"
    MANAGEMENT_REP = "management_rep"
    ADMINISTRATION = "administration"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that a verb or a page asks for."""

    READ = "read"
    READ_MONEY = "read_money"
    READ_AUDIT = "read_audit"
    MASTER_DATA_IMPORT = "master_data.import"
    PERSON_ADMINISTER = "person.administer"
    ATTACHMENT_ADD = "attachment.add"
    ATTACHMENT_WITHDRAW = "attachment.withdraw"
    COMPLAINT_REGISTER = "complaint.register"
    COMPLAINT_ACCEPT = "complaint.accept"
    COMPLAINT_CONTAIN = "complaint.contain"
    COMPLAINT_ANALYSE = "complaint.analyse"
    COMPLAINT_REPLY = "complaint.reply"
    COMPLAINT_TAKE_VERDICT = "complaint.take_verdict"
    COMPLAINT_CLOSE = "complaint.close"
    HOLD_PLACE = "hold.place"
    HOLD_RELEASE = "hold.release"
    RMA_REQUEST = "rma.request"
    RMA_GIVE_OPINION = "rma.give_opinion"
    RMA_REVIEW = "rma.review"
    RMA_REFUSE = "rma.refuse"
    RMA_APPROVE = "rma.approve"
    RECEIPT_RECEIVE = "receipt.receive"
    RECEIPT_AGREE = "receipt.agree"
    RECEIPT_SIGN = "receipt.sign"
    LABEL_PRINT = "label.print"
    SORTING_JUDGE = "sorting.judge"
    SORTING_SORT = "sorting.sort"
    REWORK_ORDER = "rework.order"
    REWORK_BOOK = "rework.book"
    INSPECTION_RECORD = "inspection.record"
    STOCK_ENTER = "stock.enter"
    COST_BOOK = "cost.book"
    CLAIM_PREPARE = "claim.prepare"
    CLAIM_REVIEW = "claim.review"
    CLAIM_SIGN_PLACE = "claim.sign_place"
    CLAIM_APPROVE = "claim.approve"
    CLAIM_EXECUTE = "claim.execute"
    CLAIM_DELIVER = "claim.deliver"
    CLAIM_PAY = "claim.pay"
    CLAIM_CHARGE_BACK = "claim.charge_back"
    EIGHT_D_WRITE = "eight_d.write"
    EIGHT_D_REVIEW = "eight_d.review"
    EIGHT_D_APPROVE = "eight_d.approve"
    EIGHT_D_SEND = "eight_d.send"
    RECALL_ASSESS = "recall.assess"
    RECALL_HEAR = "recall.hear"
    RECALL_DECIDE = "recall.decide"
    RECALL_RUN = "recall.run"
    REPORT_MONTHLY = "report.monthly"
    REPORT_CLOSE = "report.close"


P, R = Permission, Role

# One line a permission: who has it. The sources are domain.md §1 and §16; "everybody" reads what is not money.
WHO_MAY: dict[Permission, frozenset[Role]] = {
    P.READ: frozenset(Role),
    # IT reads prices because it imports them from the ERP and must see what an import would change.
    P.READ_MONEY: frozenset(Role) - {R.WAREHOUSE, R.PRODUCTION, R.RETURN_LEADER, R.INSPECTOR, R.TECHNICAL},
    P.READ_AUDIT: frozenset({R.ADMIN, R.QUALITY_MANAGER, R.MANAGEMENT_REP, R.GM}),
    P.MASTER_DATA_IMPORT: frozenset({R.ADMIN}),
    P.PERSON_ADMINISTER: frozenset({R.ADMIN}),
    # Evidence comes from everybody who has the goods or the customer before them.
    P.ATTACHMENT_ADD: frozenset(
        {
            R.WAREHOUSE,
            R.RETURN_LEADER,
            R.INSPECTOR,
            R.QE,
            R.SQE,
            R.TECHNICAL,
            R.PRODUCTION,
            R.PLANNING,
            R.SALES,
            R.AFTER_SALES,
            R.SALES_MANAGER,
            R.QUALITY_MANAGER,
            R.PRODUCT_SAFETY,
        }
    ),
    # What others attached is taken back only by who answers for the record; one's own by oneself.
    P.ATTACHMENT_WITHDRAW: frozenset({R.RETURN_LEADER, R.QE, R.SALES_MANAGER, R.QUALITY_MANAGER}),
    P.COMPLAINT_REGISTER: frozenset({R.SALES, R.AFTER_SALES, R.SALES_MANAGER, R.QE}),
    P.COMPLAINT_ACCEPT: frozenset({R.SALES, R.SALES_MANAGER, R.QE}),
    P.COMPLAINT_CONTAIN: frozenset({R.QE, R.QUALITY_MANAGER}),
    P.COMPLAINT_ANALYSE: frozenset({R.QE, R.QUALITY_MANAGER}),
    P.COMPLAINT_REPLY: frozenset({R.SALES, R.SALES_MANAGER}),
    P.COMPLAINT_TAKE_VERDICT: frozenset({R.SALES, R.SALES_MANAGER, R.AFTER_SALES}),
    P.COMPLAINT_CLOSE: frozenset({R.QE, R.QUALITY_MANAGER}),
    P.HOLD_PLACE: frozenset({R.QE, R.QUALITY_MANAGER, R.PRODUCT_SAFETY, R.GM}),
    P.HOLD_RELEASE: frozenset({R.QUALITY_MANAGER, R.GM}),
    P.RMA_REQUEST: frozenset({R.SALES, R.SALES_MANAGER}),
    P.RMA_GIVE_OPINION: frozenset({R.QE, R.QUALITY_MANAGER}),
    P.RMA_REVIEW: frozenset({R.SALES_MANAGER, R.SALES_VP}),
    P.RMA_REFUSE: frozenset({R.SALES_MANAGER, R.SALES_VP, R.GM}),
    P.RMA_APPROVE: frozenset({R.SALES, R.SALES_MANAGER, R.SALES_VP, R.FINANCE_VP, R.GM}),
    P.RECEIPT_RECEIVE: frozenset({R.WAREHOUSE, R.RETURN_LEADER}),
    P.RECEIPT_AGREE: frozenset({R.SALES, R.SALES_MANAGER}),
    P.RECEIPT_SIGN: frozenset({R.RETURN_LEADER}),
    P.LABEL_PRINT: frozenset({R.WAREHOUSE, R.RETURN_LEADER, R.INSPECTOR}),
    P.SORTING_JUDGE: frozenset({R.INSPECTOR, R.QE}),
    P.SORTING_SORT: frozenset({R.INSPECTOR, R.RETURN_LEADER}),
    P.REWORK_ORDER: frozenset({R.QE, R.INSPECTOR}),
    P.REWORK_BOOK: frozenset({R.PRODUCTION}),
    P.INSPECTION_RECORD: frozenset({R.INSPECTOR}),
    P.STOCK_ENTER: frozenset({R.WAREHOUSE, R.RETURN_LEADER}),
    P.COST_BOOK: frozenset({R.QE, R.SALES, R.FINANCE, R.SQE, R.ADMINISTRATION}),
    P.CLAIM_PREPARE: frozenset({R.SALES, R.SALES_MANAGER}),
    P.CLAIM_REVIEW: frozenset({R.SALES_MANAGER, R.SALES_VP}),
    P.CLAIM_SIGN_PLACE: frozenset({R.SALES, R.RETURN_LEADER, R.INSPECTOR, R.SALES_MANAGER, R.AFTER_SALES, R.PLANNING}),
    P.CLAIM_APPROVE: frozenset({R.SALES_MANAGER, R.SALES_VP, R.FINANCE_VP, R.GM}),
    P.CLAIM_EXECUTE: frozenset({R.PLANNING, R.WAREHOUSE, R.FINANCE, R.SQE}),
    P.CLAIM_DELIVER: frozenset({R.PLANNING, R.WAREHOUSE}),
    P.CLAIM_PAY: frozenset({R.FINANCE}),
    P.CLAIM_CHARGE_BACK: frozenset({R.SQE}),
    P.EIGHT_D_WRITE: frozenset({R.QE}),
    P.EIGHT_D_REVIEW: frozenset({R.QE, R.QUALITY_MANAGER}),
    P.EIGHT_D_APPROVE: frozenset({R.QUALITY_MANAGER, R.GM}),
    P.EIGHT_D_SEND: frozenset({R.SALES, R.SALES_MANAGER, R.QE}),
    P.RECALL_ASSESS: frozenset({R.QE, R.QUALITY_MANAGER, R.PRODUCT_SAFETY}),
    P.RECALL_HEAR: frozenset({R.QUALITY_MANAGER, R.PRODUCT_SAFETY, R.SALES_MANAGER, R.PRODUCTION}),
    P.RECALL_DECIDE: frozenset({R.GM}),
    P.RECALL_RUN: frozenset({R.QE, R.QUALITY_MANAGER, R.SALES_MANAGER}),
    # Closing prints the anchor of the audit chains, so whoever closes may read the audit trail.
    P.REPORT_CLOSE: frozenset({R.QUALITY_MANAGER, R.MANAGEMENT_REP, R.GM}),
    P.REPORT_MONTHLY: frozenset({R.QE, R.QUALITY_MANAGER, R.SALES, R.SALES_MANAGER, R.MANAGEMENT_REP, R.GM}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Give every permission that at least one of the roles has."""
    return frozenset(permission for permission, who in WHO_MAY.items() if who & roles)
