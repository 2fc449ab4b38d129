"""One layout for each kind of table: which columns there are, what they are called, and what may stand in them.

The order of the columns is the order of the fields of the typed row. Headings are compared after NFKC, without
spaces, dots and marks, in lower case; each column lists its names in simplified and traditional Chinese and in English.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from qms_desktop.db.master_data import Market, RateKind
from qms_desktop.exchange import rows
from qms_desktop.exchange.fields import (
    PARTS_OR_SLASH,
    YES_NO,
    Amount,
    Choice,
    Code,
    Currency,
    CustomerCode,
    Day,
    Family,
    ProductCode,
    Text,
    Whole,
    Words,
)
from qms_desktop.exchange.heading_words import (
    CONTACT,
    CURRENCY_WORDS,
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    EMAIL,
    LOT,
    MODEL,
    PRODUCT_CODE,
    UNIT,
    WARRANTY,
)
from qms_desktop.exchange.problems import Problem, Trouble
from qms_desktop.i18n import N_
from qms_desktop.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from qms_desktop.exchange.fields import FieldKind

Row = TypeVar("Row")


class Kind(StrEnum):
    """The kinds of table that can be imported; the names are those of the command line."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    SHIPMENTS = "shipments"
    LOT_GENEALOGY = "lot_genealogy"
    PEOPLE = "people"
    RATES = "rates"
    STOCK = "stock"
    SUPPLIERS = "suppliers"
    DEFECT_CODES = "defect_codes"
    RETURN_NOTICE = "return_notice"


@dataclass(frozen=True)
class Column:
    """One column: field of the typed row, name for people (source text), headings, and what it holds.

    `is_required` cells must be filled; a column that is not required may be missing altogether. `blank` stands for an
    empty cell.
    """

    name: str
    label: str
    headings: tuple[str, ...]
    holds: FieldKind
    is_required: bool = True
    blank: object = None


@dataclass(frozen=True)
class Rule:
    """A rule over several fields of a row, asked only when all of them hold a value; the fault is laid to `blames`."""

    needs: tuple[str, ...]
    blames: str
    judge: Callable[..., Trouble | None]


@dataclass(frozen=True)
class Layout(Generic[Row]):
    """A kind of table: its columns, the row that it gives, what makes two lines the same, and rules over a row."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    make: Callable[..., Row]
    key: tuple[str, ...]
    rules: tuple[Rule, ...] = ()


def _optional(name: str, label: str, headings: tuple[str, ...], holds: FieldKind, blank: object = None) -> Column:
    return Column(name, label, headings, holds, is_required=False, blank=blank)


_MARKETS = Choice(
    {
        **dict.fromkeys(("国内", "國內", "内销", "內銷", "境内", "境內", "domestic"), Market.DOMESTIC),
        **dict.fromkeys(("国外", "國外", "海外", "境外", "外销", "外銷", "出口", "foreign", "export"), Market.FOREIGN),
    },
    ("国内", "国外"),
)
_RATE_KINDS = Choice(
    {
        **dict.fromkeys(("人工", "人工费", "人工費", "工时", "工時", "labour", "labor"), RateKind.LABOUR),
        **dict.fromkeys(("材料", "材料费", "材料費", "物料", "material"), RateKind.MATERIAL),
        **dict.fromkeys(("汇率", "匯率", "exchange", "exchange rate"), RateKind.EXCHANGE),
    },
    ("人工", "材料", "汇率"),
)
_GRADES = Choice(
    {
        **dict.fromkeys(("安全", "safety"), rows.DefectGrade.SAFETY),
        **dict.fromkeys(("关键", "關鍵", "critical"), rows.DefectGrade.CRITICAL),
        **dict.fromkeys(("禁用物质", "禁用物質", "banned substance"), rows.DefectGrade.BANNED_SUBSTANCE),
        **dict.fromkeys(("严重", "嚴重", "重大", "major"), rows.DefectGrade.MAJOR),
        **dict.fromkeys(("一般", "ordinary"), rows.DefectGrade.ORDINARY),
        **dict.fromkeys(("轻微", "輕微", "minor"), rows.DefectGrade.MINOR),
    },
    ("安全", "关键", "禁用物质", "严重", "一般", "轻微"),
)
_ROLES = Words(Choice({role.value: role for role in Role}, tuple(role.value for role in Role)), PARTS_OR_SLASH)
_MONTHS = Whole(unit=N_("months"), least=Decimal(0), most=Decimal(600))
_HOURS = Whole(unit=N_("hours"), most=Decimal(8760))

CUSTOMERS = Layout(
    Kind.CUSTOMERS,
    N_("Customers"),
    (
        Column("code", N_("Customer number"), CUSTOMER_CODE, Code()),
        Column("name", N_("Customer name"), CUSTOMER_NAME, Text()),
        _optional("english_name", N_("English name"), ("英文名称", "英文名稱", "english name"), Text()),
        Column(
            "market",
            N_("Domestic or foreign"),
            ("国内/国外", "國內/國外", "内外销", "市场", "市場", "market", "domestic/foreign"),
            _MARKETS,
        ),
        _optional("via_trader", N_("Through a trader"), ("经外贸商", "經外貿商", "via trader"), YES_NO, blank=False),
        _optional("country", N_("Country"), ("国家", "國家", "country"), Text(60)),
        _optional("contact", N_("Contact"), CONTACT, Text()),
        _optional("phone", N_("Telephone"), ("电话", "電話", "联系电话", "phone", "telephone"), Text(60)),
        _optional("email", N_("E-mail"), EMAIL, Text()),
        _optional(
            "reply_hours",
            N_("Reply within (hours)"),
            ("要求回复时限(小时)", "回复时限(小时)", "要求回覆時限(小時)", "reply within (hours)"),
            _HOURS,
        ),
        _optional("warranty_months", N_("Warranty (months)"), WARRANTY, _MONTHS),
        _optional("currency", N_("Currency"), CURRENCY_WORDS, Currency()),
        _optional("remark", N_("Remark"), ("备注", "備註", "remark", "remarks"), Text(2000, keeps_lines=True)),
    ),
    rows.CustomerRow,
    key=("code",),
)

PRODUCTS = Layout(
    Kind.PRODUCTS,
    N_("Products"),
    (
        Column("code", N_("Product number"), PRODUCT_CODE, Code()),
        Column("name", N_("Product name"), ("产品名称", "產品名稱", "品名", "product name", "name"), Text()),
        _optional("model", N_("Model"), MODEL, Text()),
        Column("unit", N_("Unit"), UNIT, Text(20)),
        Column(
            "unit_price", N_("Unit price"), ("单价(元)", "单价", "單價(元)", "單價", "unit price", "price"), Amount()
        ),
        Column(
            "standard_cost",
            N_("Standard cost"),
            ("标准成本(元)", "标准成本", "標準成本(元)", "標準成本", "standard cost"),
            Amount(),
        ),
        _optional("warranty_months", N_("Warranty (months)"), WARRANTY, _MONTHS),
        _optional(
            "critical_characteristics",
            N_("Critical characteristics"),
            ("关键特性", "關鍵特性", "critical characteristics"),
            Words(),
            blank=(),
        ),
        _optional("is_safety_relevant", N_("Safety characteristic"), ("安全特性", "safety"), YES_NO, blank=False),
        _optional(
            "substance_control",
            N_("Control of substances"),
            ("有害物质管控", "有害物質管控", "hazardous substances"),
            Text(100),
        ),
        _optional("lot_rule", N_("Rule of lot numbers"), ("批号规则", "批號規則", "lot rule"), Text(100)),
        _optional(
            "weight_kg", N_("Weight (kg)"), ("单重(kg)", "單重(kg)", "重量(kg)", "weight (kg)"), Amount(places=3)
        ),
    ),
    rows.ProductRow,
    key=("code",),
)


def _refuse_ordered_below_shipped(ordered: int, shipped: int) -> Trouble | None:
    return Trouble(Problem.ORDERED_BELOW_SHIPPED, shipped=shipped) if ordered < shipped else None


SHIPMENTS = Layout(
    Kind.SHIPMENTS,
    N_("Shipments"),
    (
        Column(
            "shipment_number",
            N_("Shipment number"),
            (
                *("出货单号", "发货单号", "送货单号", "出库单号", "交货单号", "销货单号", "出货单", "发货单", "送货单"),
                *("出貨單號", "送貨單號", "銷貨單號", "shipment no", "shipment number", "delivery note"),
                *("delivery note no", "delivery no", "delivery number", "packing slip no", "单号", "單號"),
            ),
            Code(),
        ),
        _optional(
            "order_number",
            N_("Order number"),
            ("订单号", "销售订单号", "訂單號", "订单编号", "order no", "order number", "so no", "po no", "order"),
            Code(),
        ),
        Column("customer_code", N_("Customer number"), CUSTOMER_CODE, CustomerCode()),
        _optional("customer_name", N_("Customer name"), CUSTOMER_NAME, Text()),
        Column("product_code", N_("Product number"), PRODUCT_CODE, ProductCode()),
        _optional("model", N_("Model"), MODEL, Text()),
        _optional("lot", N_("Lot"), LOT, Code()),
        _optional("date_code", N_("Date code"), ("Date Code", "DC", "日期码", "日期碼", "生产周", "生产周期"), Code()),
        _optional(
            "contract_number",
            N_("Production contract"),
            ("生产合同号", "生產合同號", "合同号", "合同编号", "production contract no", "contract no"),
            Code(),
        ),
        _optional(
            "ordered_pieces",
            N_("Ordered pieces"),
            ("订单数量", "订购数量", "訂單數量", "order qty", "order quantity", "ordered qty", "ordered"),
            Whole(),
        ),
        Column(
            "shipped_pieces",
            N_("Shipped pieces"),
            (
                *(
                    "出货数量",
                    "发货数量",
                    "出库数量",
                    "实发数量",
                    "交货数量",
                    "出货数",
                    "发货数",
                    "出貨數量",
                    "數量",
                    "数量",
                ),
                *("shipped qty", "shipped quantity", "ship qty", "delivered qty", "quantity", "qty"),
            ),
            Whole(),
        ),
        _optional("unit", N_("Unit"), UNIT, Text(20)),
        Column(
            "unit_price",
            N_("Unit price"),
            ("单价", "單價", "含税单价", "含稅單價", "销售单价", "unit price", "price"),
            Amount(),
        ),
        Column("currency", N_("Currency"), CURRENCY_WORDS, Currency(needs_rate=True)),
        Column(
            "shipped_on",
            N_("Shipped on"),
            (
                *(
                    "出货日期",
                    "发货日期",
                    "出库日期",
                    "送货日期",
                    "交货日期",
                    "出货日",
                    "出貨日期",
                    "日期",
                    "ship date",
                ),
                *("shipment date", "shipping date", "shipped on", "shipped date", "delivery date", "date"),
            ),
            Day(),
        ),
        _optional(
            "carrier", N_("Carrier"), ("承运商", "承运人", "物流公司", "承運商", "carrier", "forwarder"), Text(100)
        ),
    ),
    rows.ShipmentRow,
    key=("shipment_number", "order_number", "product_code", "lot"),
    rules=(Rule(("ordered_pieces", "shipped_pieces"), "ordered_pieces", _refuse_ordered_below_shipped),),
)

LOT_GENEALOGY = Layout(
    Kind.LOT_GENEALOGY,
    N_("Lot genealogy"),
    (
        Column("product_code", N_("Product number"), ("成品编号", "成品編號", *PRODUCT_CODE), ProductCode()),
        Column("lot", N_("Finished lot"), ("成品批号", "成品批號", "finished lot", *LOT), Code()),
        _optional("component_code", N_("Component"), ("部件编号", "部件編號", "component"), Code()),
        _optional("component_lot", N_("Component lot"), ("部件批号", "部件批號", "component lot"), Code()),
        Column(
            "material_code",
            N_("Material number"),
            ("材料编号", "物料编号", "材料编码", "材料編號", "物料編號", "material", "material no"),
            Code(),
        ),
        Column("material_lot", N_("Material lot"), ("材料批号", "物料批号", "材料批號", "material lot"), Code()),
        _optional("supplier", N_("Supplier"), ("供应商", "供方", "供應商", "supplier"), Text()),
        _optional("supplier_lot", N_("Supplier lot"), ("供应商批号", "供應商批號", "supplier lot"), Code()),
        _optional("used", N_("Used"), ("用量", "耗用量", "used", "usage"), Amount(places=3)),
        _optional("unit", N_("Unit"), UNIT, Text(20)),
        _optional("shift", N_("Shift"), ("班次", "班别", "班別", "shift"), Text(20)),
        _optional("machine", N_("Equipment"), ("机台", "设备", "機台", "machine"), Text(60)),
    ),
    rows.GenealogyRow,
    key=(
        "product_code",
        "lot",
        "component_code",
        "component_lot",
        "material_code",
        "material_lot",
        "supplier",
        "supplier_lot",
    ),
)

PEOPLE = Layout(
    Kind.PEOPLE,
    N_("People"),
    (
        Column(
            "badge",
            N_("Badge number"),
            ("工号", "工號", "员工编号", "员工号", "badge", "badge no", "badge number", "employee no"),
            Code(20),
        ),
        Column("name", N_("Name"), ("姓名", "name"), Text(60)),
        _optional("department", N_("Department"), ("部门", "部門", "department"), Text(60)),
        _optional("post", N_("Post"), ("岗位", "职务", "崗位", "職務", "post", "position"), Text(60)),
        Column("roles", N_("Roles"), ("角色", "role", "roles"), _ROLES),
    ),
    rows.PersonRow,
    key=("badge",),
)


def _refuse_end_before_begin(begins: date, ends: date) -> Trouble | None:
    return Trouble(Problem.ENDS_BEFORE_IT_BEGINS, begins=begins) if ends < begins else None


RATES = Layout(
    Kind.RATES,
    N_("Rates and material prices"),
    (
        Column("kind", N_("Kind of rate"), ("类别", "類別", "kind", "type"), _RATE_KINDS),
        Column("code", N_("Number"), ("编号", "編號", "代码", "代碼", "code", "no"), Code()),
        Column("name", N_("Designation"), ("名称", "名稱", "name"), Text()),
        Column("unit", N_("Unit"), UNIT, Text(20)),
        Column("amount", N_("Price or rate"), ("单价", "費率", "费率", "單價", "price", "rate"), Amount()),
        Column("currency", N_("Currency"), CURRENCY_WORDS, Currency()),
        Column("valid_from", N_("Valid from"), ("生效日期", "valid from"), Day(may_be_future=True)),
        _optional("valid_until", N_("Valid until"), ("失效日期", "valid until"), Day(may_be_future=True)),
    ),
    rows.RateRow,
    key=("kind", "code", "valid_from"),
    rules=(Rule(("valid_from", "valid_until"), "valid_until", _refuse_end_before_begin),),
)

STOCK = Layout(
    Kind.STOCK,
    N_("Stock"),
    (
        Column(
            "code", N_("Product or material"), ("物料/产品编号", "物料/產品編號", "物料编号", *PRODUCT_CODE), Code()
        ),
        _optional("name", N_("Designation"), ("名称", "名稱", "name"), Text()),
        Column("lot", N_("Lot"), LOT, Code()),
        _optional("supplier_lot", N_("Supplier lot"), ("供应商批号", "供應商批號", "supplier lot"), Code()),
        Column("place", N_("Place"), ("库位", "仓位", "庫位", "儲位", "place", "location"), Text(100)),
        Column("status", N_("Status"), ("状态", "狀態", "status"), Text(40)),
        Column("pieces", N_("Quantity"), ("数量", "數量", "quantity", "qty"), Whole(least=Decimal(0))),
        _optional("unit", N_("Unit"), UNIT, Text(20)),
    ),
    rows.StockRow,
    key=("code", "lot", "supplier_lot", "place", "status"),
)

SUPPLIERS = Layout(
    Kind.SUPPLIERS,
    N_("Suppliers"),
    (
        Column(
            "code",
            N_("Supplier number"),
            ("供应商编号", "供应商代码", "供应商编码", "供應商編號", "supplier no", "supplier code", "vendor no"),
            Code(),
        ),
        Column("name", N_("Supplier name"), ("供应商名称", "供應商名稱", "supplier name"), Text()),
        _optional("contact", N_("Contact"), CONTACT, Text()),
        _optional("email", N_("E-mail"), EMAIL, Text()),
        _optional("materials", N_("Materials"), ("供应物料", "供應物料", "materials"), Words(), blank=()),
    ),
    rows.SupplierRow,
    key=("code",),
)

DEFECT_CODES = Layout(
    Kind.DEFECT_CODES,
    N_("Defect codes"),
    (
        Column("code", N_("Defect code"), ("代码", "缺陷代码", "代碼", "defect code", "code"), Code(20)),
        Column("name", N_("Defect"), ("缺陷名称", "缺陷名稱", "defect"), Text(100)),
        _optional("english_name", N_("English name"), ("English", "英文名称", "英文名稱"), Text(100)),
        _optional(
            "product_family",
            N_("Product family"),
            ("产品类别", "產品類別", "product family"),
            Family(60),
        ),
        _optional(
            "breaks",
            N_("Characteristics it breaks"),
            ("违反的特性", "違反的特性", "breaks", "characteristic"),
            Words(),
            blank=(),
        ),
        Column("grade", N_("Grade"), ("等级", "等級", "grade"), _GRADES),
    ),
    rows.DefectCodeRow,
    key=("code",),
)

RETURN_NOTICE = Layout(
    Kind.RETURN_NOTICE,
    N_("Customer's return notice"),
    (
        _optional(
            "number", N_("Line"), ("序号", "項次", "项次", "序號", "line", "line no", "no"), Whole(unit=N_("lines"))
        ),
        Column("product_code", N_("Product number"), ("物料号", "物料號", *PRODUCT_CODE), ProductCode()),
        _optional("model", N_("Model"), ("名称规格", "名稱規格", *MODEL), Text()),
        _optional("lot", N_("Lot"), ("贵司批号", "貴司批號", "your lot", *LOT), Code()),
        Column("pieces", N_("Pieces"), ("数量", "退货数量", "數量", "quantity", "qty"), Whole()),
        _optional("defect", N_("Defect"), ("不良现象", "不良描述", "不良現象", "defect"), Text(500)),
        _optional("found_at", N_("Found at"), ("发现工序", "發現工序", "found at"), Text(100)),
        _optional("demand", N_("Demand"), ("处理要求", "處理要求", "demand"), Text(200)),
    ),
    rows.ReturnNoticeLine,
    key=("product_code", "lot", "defect"),
)
