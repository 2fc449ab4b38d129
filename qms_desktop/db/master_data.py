"""What the plant knows before a return comes: sites, people, customers, products, suppliers, lots, shipments, rates.

Rows that an import brings are inserted without an audit row each; the batch is audited with the file's hash and counts,
and every row points to its batch. What changes them later is audited row by row (database.md §2).
"""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo

from peewee import SQL

from qms_desktop.db.guards import Check, Fixed, Refusal, Transition, Unique, state_guards
from qms_desktop.db.record import (
    BigIntegerField,
    BooleanField,
    ChoiceField,
    DayField,
    Event,
    ForeignKeyField,
    IntegerField,
    MoneyField,
    Record,
    TextField,
    Versioned,
)
from qms_desktop.db.rights import Right, execute, insert, update
from qms_desktop.db.stored_file import ImportedFile
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission, Role


class Market(StrEnum):
    """Domestic or foreign, as the authority table means it: goods through traders are foreign (003-A §6.6)."""

    DOMESTIC = "DOMESTIC"
    FOREIGN = "FOREIGN"


class LotKind(StrEnum):
    """What a lot is a lot of."""

    FINISHED = "FINISHED"
    COMPONENT = "COMPONENT"
    MATERIAL = "MATERIAL"


class HoldState(StrEnum):
    """A stop on a lot: on, or released by signature."""

    ON = "ON"
    RELEASED = "RELEASED"


class RateKind(StrEnum):
    """What a rate is the price of."""

    LABOUR = "LABOUR"
    MATERIAL = "MATERIAL"
    EXCHANGE = "EXCHANGE"


class Site(Record):
    """A plant; its time zone decides where a day ends."""

    code = TextField(unique=True)
    name = TextField()
    english_name = TextField(default="")
    time_zone = TextField()


def plant_zone() -> ZoneInfo:
    """Give the time zone in which the plant's days begin and end."""
    return ZoneInfo(Site.select().order_by(Site.id).get().time_zone)


class Person(Versioned):
    """Somebody who may sign in; `login` is the name at the database."""

    login = TextField(unique=True)
    name = TextField()
    badge = TextField(null=True)
    department = TextField(default="")
    position = TextField(default="")
    site = ForeignKeyField(Site)
    is_active = BooleanField(default=True)


class PersonRole(Record):
    """A role that a person holds."""

    person = ForeignKeyField(Person)
    role = ChoiceField(Role)

    class Meta:
        table_name = "person_role"
        is_changing = True


class PersonSecret(Record):
    """The argon2 hash of a password; only in a SQLite file, a server keeps its own."""

    person = ForeignKeyField(Person, unique=True)
    password_hash = TextField()

    class Meta:
        table_name = "person_secret"
        is_machinery = True


class ImportBatch(Event):
    """One imported file: its kind, name, hash and counts."""

    kind = TextField()
    file_name = TextField()
    sha256 = TextField(index=True)
    rows_new = IntegerField()
    rows_changed = IntegerField()
    rows_same = IntegerField()

    class Meta:
        table_name = "import_batch"


class Imported(Versioned):
    """A row that came with a batch."""

    batch = ForeignKeyField(ImportBatch, null=True, backref="+")


class Customer(Imported):
    """Who buys, with its market and the terms that deadlines and warranty ask for."""

    code = TextField(unique=True)
    name = TextField()
    short_name = TextField(default="")
    english_name = TextField(default="")
    market = ChoiceField(Market)
    via_trader = BooleanField(default=False)
    country = TextField(default="")
    contact = TextField(default="")
    phone = TextField(default="")
    email = TextField(default="")
    reply_hours = IntegerField(null=True)
    warranty_months = IntegerField(null=True)
    currency = TextField(default="CNY")
    remark = TextField(default="")

    class Meta:
        audit_inserts = False


class Product(Imported):
    """What the plant makes."""

    code = TextField(unique=True)
    name = TextField()
    model = TextField(default="")
    unit = TextField()
    warranty_months = IntegerField(null=True)
    lot_rule = TextField(default="")
    substance_control = TextField(default="")
    weight_grams = IntegerField(null=True)

    class Meta:
        audit_inserts = False


class ProductPrice(Imported):
    """Price and standard cost of a product; need-to-know."""

    product = ForeignKeyField(Product, unique=True)
    unit_price = MoneyField(null=True)
    standard_cost = MoneyField(null=True)
    currency = TextField(default="CNY")

    class Meta:
        table_name = "product_price"
        audit_inserts = False
        is_money = True


class Characteristic(Imported):
    """A key or safety characteristic of a product (003-A §6.9)."""

    product = ForeignKeyField(Product)
    name = TextField()
    is_critical = BooleanField(default=False)
    is_safety = BooleanField(default=False)

    class Meta:
        audit_inserts = False
        indexes = ((("product", "name"), True),)


class Supplier(Imported):
    """Who sells material to the plant."""

    code = TextField(unique=True)
    name = TextField()
    contact = TextField(default="")
    email = TextField(default="")
    material = TextField(default="")

    class Meta:
        audit_inserts = False


class DefectCode(Imported):
    """A defect and the characteristic that it breaks; safety follows from it, not from the product (domain.md §16)."""

    code = TextField(unique=True)
    name = TextField()
    english_name = TextField(default="")
    product_class = TextField(default="")
    breaks_characteristic = TextField(default="")
    grade = TextField(default="")
    is_safety = BooleanField(default=False)
    is_critical = BooleanField(default=False)

    class Meta:
        table_name = "defect_code"
        audit_inserts = False


class Lot(Imported):
    """A lot of a product, a component or a material; a material lot is known with its supplier's lot too."""

    kind = ChoiceField(LotKind)
    article = TextField()
    number = TextField()
    product = ForeignKeyField(Product, null=True)
    supplier_name = TextField(default="")
    supplier_lot = TextField(default="", index=True)

    class Meta:
        audit_inserts = False
        indexes = ((("kind", "article", "number", "supplier_name", "supplier_lot"), True), (("number",), False))


class LotUse(Imported):
    """One lot went into another: the genealogy.

    `bound_for` is the finished lot that this portion went into, where the plant booked it: a component lot may be made
    of several material lots, each of its portions of only some of them. Without it the use holds for every portion.
    """

    used = ForeignKeyField(Lot, backref="+", index=False)
    made = ForeignKeyField(Lot, backref="+", index=True)
    bound_for = ForeignKeyField(Lot, null=True, backref="+", index=False)
    quantity_thousandths = BigIntegerField(null=True)
    unit = TextField(default="")
    shift = TextField(default="")
    machine = TextField(default="")

    class Meta:
        table_name = "lot_use"
        audit_inserts = False
        indexes = ((("used", "made", "bound_for"), False),)


class ShipmentLine(Imported):
    """Pieces of one product and lot that left for a customer on one shipment; quantities in the product's unit."""

    number = TextField()
    order_no = TextField(default="", index=True)
    customer = ForeignKeyField(Customer, index=False)
    product = ForeignKeyField(Product, index=False)
    lot = ForeignKeyField(Lot, null=True, index=False)
    date_code = TextField(default="")
    contract_no = TextField(default="")
    pieces_ordered = IntegerField(null=True)
    pieces_shipped = IntegerField()
    unit = TextField(default="")
    shipped_on = DayField()
    carrier = TextField(default="")

    class Meta:
        table_name = "shipment_line"
        audit_inserts = False
        indexes = (
            (("lot", "customer", "pieces_shipped", "shipped_on"), False),
            (("customer", "product", "shipped_on"), False),
            (("product", "shipped_on"), False),
        )


# What a trace cannot rule out is asked by product and day among the few lines whose lot nobody knows.
ShipmentLine.add_index(
    ShipmentLine.index(
        ShipmentLine.product,
        ShipmentLine.shipped_on,
        name="shipment_line_without_lot",
        where=SQL("lot_id IS NULL"),
    )
)


class ShipmentPrice(Imported):
    """What was asked for a shipment line; need-to-know."""

    shipment_line = ForeignKeyField(ShipmentLine, unique=True)
    unit_price = MoneyField()
    currency = TextField()

    class Meta:
        table_name = "shipment_price"
        audit_inserts = False
        is_money = True


class StockLine(Imported):
    """What lay where when the stock was last handed over by the ERP."""

    lot = ForeignKeyField(Lot)
    place = TextField()
    status = TextField()
    quantity = IntegerField()
    unit = TextField(default="")
    taken_on = DayField()

    class Meta:
        table_name = "stock_line"
        audit_inserts = False
        indexes = ((("lot", "place", "status", "taken_on"), True),)


class Rate(Imported):
    """A labour rate, a material price or an exchange rate, with the days on which it holds; need-to-know."""

    kind = ChoiceField(RateKind)
    code = TextField()
    name = TextField(default="")
    unit = TextField(default="")
    amount = MoneyField()
    currency = TextField()
    valid_from = DayField()
    valid_until = DayField(null=True)

    class Meta:
        audit_inserts = False
        is_money = True
        indexes = ((("kind", "code", "valid_from"), True),)


class LotHold(Versioned):
    """A stop on a lot: no label, no stock entry and no shipment of it while it is on (003-A §5.1)."""

    lot = ForeignKeyField(Lot)
    case_id = BigIntegerField(null=True, index=True)
    reason = TextField()
    state = ChoiceField(HoldState)

    class Meta:
        table_name = "lot_hold"


TRANSITIONS = (
    Transition(kind="lot_hold", column="state", start="", end=HoldState.ON, permission=Permission.HOLD_PLACE),
    Transition(
        kind="lot_hold", column="state", start=HoldState.ON, end=HoldState.RELEASED, permission=Permission.HOLD_RELEASE
    ),
)
HOLD_BEGINS, HOLD_MOVES = state_guards("lot_hold", "state", "test_a_clerk_cannot_release_a_hold")
SHIPPED_IS_POSITIVE = Check(
    name="shipped_is_positive",
    table="shipment_line",
    expression="pieces_shipped > 0",
    message=N_("A shipment line ships at least one piece."),
    attacked_by="test_a_shipment_of_no_pieces_is_refused",
)
SHIPMENT_LINE_ONCE = Unique(
    name="shipment_line_once",
    table="shipment_line",
    columns=("number", "order_no", "product_id", "coalesce(lot_id, 0)"),
    message=N_("This shipment line is in the book already."),
    attacked_by="test_the_same_shipment_line_is_not_booked_twice",
)
LOT_USE_ONCE = Unique(
    name="lot_use_once",
    table="lot_use",
    columns=("used_id", "made_id", "coalesce(bound_for_id, 0)"),
    message=N_("This use of a lot is in the book already."),
    attacked_by="test_the_same_use_of_a_lot_is_not_booked_twice",
)
RATE_ENDS_AFTER_IT_BEGINS = Check(
    name="rate_ends_after_it_begins",
    table="rate",
    expression="valid_until IS NULL OR valid_until >= valid_from",
    message=N_("A rate ends on or after the day on which it begins."),
    attacked_by="test_a_rate_that_ends_before_it_begins_is_refused",
)
RATE_IS_POSITIVE = Check(
    name="rate_is_positive",
    table="rate",
    expression="amount > 0",
    message=N_("A rate is above zero."),
    attacked_by="test_no_price_is_negative",
)
PRICES_ARE_NOT_NEGATIVE = Check(
    name="prices_are_not_negative",
    table="product_price",
    expression="coalesce(unit_price, 0) >= 0 AND coalesce(standard_cost, 0) >= 0",
    message=N_("A price or a cost is not negative."),
    attacked_by="test_no_price_is_negative",
)
KNOWN_BY_THE_SAME = Fixed(
    name="known_by_the_same",
    table="*",
    columns={
        "customer": ("code",),
        "product": ("code",),
        "product_price": ("product_id",),
        "characteristic": ("product_id", "name"),
        "supplier": ("code",),
        "defect_code": ("code",),
        "lot": ("kind", "article", "number"),
        "lot_use": ("used_id", "made_id"),
        "shipment_line": ("number", "order_no", "product_id"),
        "shipment_price": ("shipment_line_id",),
        "rate": ("kind", "code", "valid_from"),
    },
    # What was booked points at the row: under another code it would be about something else.
    message=N_("What something is known by stays. Import it under its new code; the old one remains."),
    attacked_by="test_nothing_is_known_by_another_code",
)
BADGE_ONCE = Unique(
    name="badge_once",
    table="person",
    columns=("badge",),
    message=N_("This badge belongs to somebody else already."),
    attacked_by="test_a_badge_belongs_to_one_person",
)
ONE_HOLD_A_LOT = Unique(
    name="one_hold_a_lot",
    table="lot_hold",
    columns=("lot_id",),
    where="state = 'ON'",
    message=N_("This lot is on hold already."),
    attacked_by="test_a_lot_is_held_once",
)
ROLE_NEEDS_ADMIN = Refusal(
    name="role_needs_admin",
    table="person_role",
    on="INSERT",
    when="NOT qms_may('person.administer')",
    message=N_("Only IT gives roles."),
    attacked_by="test_nobody_gives_himself_a_role",
)

NOBODY_RAISES_HIMSELF = Refusal(
    name="nobody_raises_himself",
    table="person_role",
    on="INSERT",
    when="qms_may('person.administer')"
    " AND EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id AND p.login = qms_user())",
    message=N_("Nobody gives a role to himself. Ask another administrator."),
    attacked_by="test_it_gives_no_role_to_itself",
)


_IMPORTED = (
    Customer, Product, ProductPrice, Characteristic, Supplier, DefectCode, Lot, LotUse, ShipmentLine, ShipmentPrice,
    StockLine, Rate,
)  # fmt: skip
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    Permission.MASTER_DATA_IMPORT: (
        insert(ImportBatch),
        insert(ImportedFile),
        # Without a login at the server nobody signs in by such a row; `qms_provision` gives the login and the rights.
        insert(Person, "login", "name", "badge", "department", "position", "site_id", "is_active", "version"),
        update(Person, "name", "badge", "department", "position", "version"),
        insert(PersonRole),
        *(insert(model) for model in _IMPORTED),
        *(update(model) for model in _IMPORTED),
    ),
    Permission.HOLD_PLACE: (insert(LotHold),),
    Permission.HOLD_RELEASE: (update(LotHold, "state", "version"),),
    Permission.PERSON_ADMINISTER: (execute("qms_provision(text, text, text, text, text, text, text)"),),
}
