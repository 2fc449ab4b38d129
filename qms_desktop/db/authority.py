"""The authority table as a guard: whose signature the pieces and the amount of a return or a claim need (003-A §5.7).

The table speaks of 一次退货, one return, not of one form: what belongs to one return is added up before it is compared
with a limit, or whoever splits a return over two forms would need nobody's signature. db/rma_approval.py and
db/claim_approval.py say what belongs together; the verbs ask by the same words (`sums`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qms_desktop.db.record import MONEY_UNITS, database


@dataclass(frozen=True)
class Together:
    """The records of one return or claim: `numbers` are the others', pieces and amount the sum of all."""

    pieces: int
    amount: Decimal
    numbers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What is counted of a table: its pieces, and the amount of its table `…_amount` in CNY including tax.

    `belongs` says which rows `o` of the table belong to its row `{row}`, that row among them.
    """

    subject: str
    table: str
    pieces: str
    amount: str
    belongs: str

    def unsigned(self) -> str:
        """Give the condition under which a row NEW lacks a signature that its sums need."""
        sums = (
            f"SELECT sum(o.{self.pieces}) AS pieces, coalesce(sum(m.{self.amount}), 0) AS amount FROM {self._rows()}"
            f" WHERE {self.belongs.format(row='NEW')}"
        )
        return (
            f"EXISTS (SELECT 1 FROM ({sums}) g JOIN approval_rule a ON {self._matches('a')}"
            f" WHERE a.rank = (SELECT max(b.rank) FROM approval_rule b WHERE {self._matches('b')})"
            f" AND NOT EXISTS (SELECT 1 FROM signature s WHERE s.kind = '{self.table}' AND s.record_id = NEW.id"
            f" AND s.meaning = 'APPROVE' AND s.content_hash = qms_content_hash('{self.table}', NEW.id)"
            " AND ',' || s.roles || ',' LIKE '%,' || a.role || ',%'))"
        )

    def sums(self, record_id: int) -> Together:
        """Add up what belongs to a record, in the database in use."""
        query = (
            f"SELECT o.id, o.number, o.{self.pieces}, coalesce(m.{self.amount}, 0) FROM {self.table} r, {self._rows()}"
            f" WHERE r.id = {int(record_id)} AND {self.belongs.format(row='r')} ORDER BY o.id"
        )
        rows = database().execute_sql(query).fetchall()
        return Together(
            pieces=sum(pieces for _id, _number, pieces, _amount in rows),
            amount=Decimal(sum(amount for _id, _number, _pieces, amount in rows)) / MONEY_UNITS,
            numbers=tuple(number for each, number, _pieces, _amount in rows if each != record_id),
        )

    def _rows(self) -> str:
        return f"{self.table} o LEFT JOIN {self.table}_amount m ON m.{self.table}_id = o.id"

    def _matches(self, rule: str) -> str:
        return (
            f"{rule}.subject = '{self.subject}' AND {rule}.market = NEW.market AND (g.pieces > {rule}.pieces_above"
            f" OR g.amount > {rule}.amount_above OR g.amount >= {rule}.amount_from OR g.amount < {rule}.amount_below)"
        )
