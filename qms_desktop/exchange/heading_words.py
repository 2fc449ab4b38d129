"""What the columns that many tables have are called, by plants, their systems and their customers."""

from __future__ import annotations

CUSTOMER_CODE = (
    *("客户编号", "客户代码", "客户编码", "客户号", "客户ID", "购货单位编码", "往来单位编码"),
    *("客戶編號", "客戶代碼", "客戶代號", "customer no", "customer code", "customer number", "customer id", "cust no"),
    *("customer", "sold to"),
)
CUSTOMER_NAME = ("客户名称", "客户简称", "客戶名稱", "客戶簡稱", "客户", "客戶", "customer name")
PRODUCT_CODE = (
    *(
        "产品编号",
        "产品编码",
        "产品代码",
        "产品号",
        "物料编码",
        "物料号",
        "存货编码",
        "商品编码",
        "料号",
        "品号",
        "货号",
    ),
    *("產品編號", "產品代碼", "料號", "品號", "part no", "part number", "product code", "product no", "product number"),
    *("item no", "item number", "item code", "material no", "material number", "sku", "product"),
)
MODEL = (
    "型号规格",
    "规格型号",
    "规格",
    "型号",
    "型號規格",
    "規格型號",
    "規格",
    "型號",
    "model",
    "specification",
    "spec",
)
LOT = (
    *("批号", "批次", "批次号", "生产批号", "产品批号", "批號", "批次號", "生產批號", "lot", "lot no", "lot number"),
    *("batch", "batch no", "batch number"),
)
UNIT = ("单位", "计量单位", "單位", "unit", "uom", "unit of measure")
CURRENCY_WORDS = ("币种", "结算币种", "币别", "货币", "幣種", "幣別", "貨幣", "currency", "curr", "ccy")
WARRANTY = ("保修期(月)", "保修期", "质保期(月)", "质保期", "保固期(月)", "warranty (months)", "warranty months")
EMAIL = ("邮箱", "电子邮箱", "电子邮件", "電子郵件", "信箱", "e-mail", "email")
CONTACT = ("联系人", "聯絡人", "contact", "contact person")
