"""The tables that go in: columns, kinds, and the headers people write.

A validated frame holds money as whole fen in ``<column>_fen`` (Int64), counts as Int64, rates and scores as
float64, ids and text as strings, dates as ``datetime64`` at midnight, moments as UTC timestamps, and flags
as nullable booleans. An empty cell is null in every kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["CURRENCIES", "TABLES", "UNITS", "Column", "Kind", "Table"]

Kind = Literal["id", "barcode", "text", "money", "count", "number", "rate", "date", "moment", "clock", "flag", "choice", "unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table; ``decides`` names the verdict that is UNKNOWN without a value."""

    name: str
    kind: Kind
    meaning: str
    zh: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    confidential: bool = False
    decides: str = ""
    aliases: tuple[tuple[str, str], ...] = ()

    @property
    def stored(self) -> str:
        """Name in a validated frame: money is held in fen."""
        return f"{self.name}_fen" if self.kind == "money" else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its key, columns, and where a room keeps it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = True
    weekly: bool = False

    def column(self, name: str) -> Column:
        """The column of this name; KeyError if there is none."""
        return next(column for column in self.columns if column.name == name)


# One column a line reads as the table it is.
# fmt: off
#: Unit as written -> (base unit, factor). Only these are read; nothing is guessed.
UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("ml", "毫升"), ("ml", 1.0)),
    **dict.fromkeys(("l", "升"), ("ml", 1000.0)),
    "cl": ("ml", 10.0),
    **dict.fromkeys(("g", "克"), ("g", 1.0)),
    **dict.fromkeys(("kg", "千克", "公斤"), ("g", 1000.0)),
    "斤": ("g", 500.0),
    **dict.fromkeys(("m", "米"), ("m", 1.0)),
    "cm": ("m", 0.01),
    **dict.fromkeys(
        ("piece", "pieces", "pc", "pcs", "unit", "个", "件", "只", "支", "片", "包", "盒", "瓶", "罐", "袋", "套", "双",
         "抽", "粒", "枚", "台", "卷", "条"),
        ("piece", 1.0),
    ),
}

#: Currencies a quote may be in.
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "KRW", "HKD", "TWD", "SGD", "AUD", "CAD", "THB", "ZAR")

_YES = (("是", "yes"), ("true", "yes"), ("1", "yes"), ("y", "yes"), ("有", "yes"))
_NO = (("否", "no"), ("false", "no"), ("0", "no"), ("n", "no"), ("无", "no"))


def _c(name: str, kind: Kind, meaning: str, *zh: str, **more: object) -> Column:
    return Column(name=name, kind=kind, meaning=meaning, zh=zh, **more)  # type: ignore[arg-type]


def _flag(name: str, meaning: str, *zh: str, **more: object) -> Column:
    return _c(name, "flag", meaning, *zh, choices=("yes", "no"), aliases=_YES + _NO, **more)


_SPEC = (
    _c("spec_amount", "number", "content of one pack", "规格", "规格数量", at_least=1e-9),
    _c("spec_unit", "unit", "unit of the content: ml, g, m or piece", "规格单位", "单位"),
    _c("pack_count", "count", "packs sold together", "件数", "包装数", "套装数", at_least=1, at_most=100_000),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            name="offers",
            key=("offer_id",),
            weekly=True,
            columns=(
                _c("offer_id", "id", "one SKU a brand applies with", "报名编号", "商品编号", required=True),
                _c("brand_id", "id", "brand", "品牌编号", required=True),
                _c("store_id", "id", "store that sells it", "店铺编号", required=True),
                _c("gtin", "barcode", "barcode number (GTIN)", "条码", "条形码"),
                _c("title", "text", "title as applied", "标题", "商品标题", "商品名称", required=True),
                _c("category", "text", "category", "类目", "品类", required=True),
                *_SPEC,
                _c("list_price", "money", "stated usual price, yuan", "划线价", "原价", "吊牌价"),
                _c("opening_price", "money", "price the brand opens with, yuan",
                   "报名价", "开价", required=True, at_least=0.01),
                _c("floor_low", "money", "our low estimate of the brand's reservation price, yuan",
                   "底价下限", confidential=True),
                _c("floor_high", "money", "our high estimate of it, yuan", "底价上限", confidential=True),
                _c("gift_name", "text", "gift", "赠品", "赠品名称"),
                _c("gift_qty", "count", "gifts per unit", "赠品数量", at_least=0),
                _c("gift_value", "money", "stated value of one gift, yuan", "赠品价值"),
                _c("stock", "count", "units ready for the show", "库存", "备货量", required=True, at_least=0),
                _c("daily_capacity", "count", "units a day the store can ship", "日发货能力", at_least=0, decides="capacity"),
                _c("promise_days", "count", "days within which all orders ship", "发货天数", at_least=1, decides="capacity"),
                _c("return_rate", "rate", "share of orders returned", "退货率", at_least=0, at_most=1, decides="return_rate"),
                _c("certificate_until", "date", "last valid day of the certificate", "证书有效期", "资质有效期",
                   decides="certificate"),
                _c("rep_from", "clock", "brand representative on set from, HH:MM", "代表到场", "到场时间"),
                _c("rep_to", "clock", "brand representative on set until, HH:MM", "代表离场", "离场时间"),
                _c("negotiator", "text", "who talks to the brand", "谈判人", "对接人"),
                _c("talk_hours", "number", "hours a talk takes", "谈判工时", at_least=0),
                _c("claim_days", "count", "the brand claims its price is the lowest in so many days",
                   "宣称最低天数", at_least=1, at_most=3650),
            ),
        ),
        Table(
            name="quotes",
            key=("quote_id",),
            weekly=True,
            columns=(
                _c("quote_id", "id", "one price seen", "报价编号", required=True),
                _c("channel", "text", "platform or channel", "渠道", "平台", required=True),
                _c("shop", "text", "shop there", "店铺", "店铺名称"),
                _c("shop_type", "choice", "kind of shop", "店铺类型",
                   choices=("flagship", "authorised", "self_operated", "reseller", "unknown"),
                   aliases=(("旗舰店", "flagship"), ("专营店", "authorised"), ("专卖店", "authorised"),
                            ("自营", "self_operated"),
                            ("其他", "reseller"), ("未知", "unknown"), ("authorized", "authorised"))),
                _c("gtin", "barcode", "barcode number (GTIN)", "条码", "条形码"),
                _c("title", "text", "title there", "标题", "商品标题", required=True),
                *_SPEC,
                _c("display_price", "money", "price shown, yuan",
                   "展示价", "页面价", "标价", required=True, at_least=0.01),
                _c("shipping", "money", "unavoidable shipping, yuan; empty means unknown", "运费", decides="lowest_price"),
                _c("currency", "choice", "currency; other than CNY needs a rate in policy.toml", "币种",
                   choices=CURRENCIES, required=True,
                   aliases=(("rmb", "CNY"), ("人民币", "CNY"), ("¥", "CNY"), ("元", "CNY"), ("美元", "USD"),
                            ("欧元", "EUR"), ("日元", "JPY"), ("港币", "HKD"))),
                _c("seen_at", "moment", "when it was captured", "采集时间", "抓取时间", required=True),
                _c("grade", "choice", "evidence grade: A first hand and settled, B first hand, C snippet, D recollection",
                   "证据等级", choices=("A", "B", "C", "D"), required=True),
                _c("condition", "choice", "condition", "成色", choices=("new", "used", "refurbished"),
                   aliases=(("全新", "new"), ("二手", "used"), ("翻新", "refurbished")), decides="lowest_price"),
                _flag("in_stock", "can be bought", "有货", decides="lowest_price"),
                _c("region", "text", "region the price holds in; empty means not stated", "地区", "销售地区",
                   decides="lowest_price"),
                _c("url", "text", "where", "链接", "网址"),
            ),
        ),
        Table(
            name="promotions",
            key=("quote_id", "step", "kind", "amount", "rate", "threshold", "buy_qty", "deposit", "exclusive_group",
                 "audience"),
            weekly=True,
            required=False,
            columns=(
                _c("quote_id", "id", "quote it applies to", "报价编号", required=True),
                _c("step", "choice", "1 item, 2 shop, 3 platform, 4 payment",
                   "步骤", choices=("1", "2", "3", "4"), required=True,
                   aliases=(("单品", "1"), ("店铺", "2"), ("平台", "3"), ("支付", "4"))),
                _c("kind", "choice", "amount: yuan off; rate: share off; bundle_price: buy_qty pieces for amount; "
                   "nth_off: rate off every buy_qty-th piece; deposit: a deposit that counts for amount", "优惠类型",
                   choices=("amount", "rate", "bundle_price", "nth_off", "deposit"), required=True,
                   aliases=(("满减", "amount"), ("立减", "amount"), ("优惠券", "amount"), ("折扣", "rate"),
                            ("多件一口价", "bundle_price"), ("第n件折扣", "nth_off"), ("定金膨胀", "deposit"))),
                _c("threshold", "money", "spend needed, yuan", "门槛", "满"),
                _c("amount", "money", "yuan off; the price of buy_qty pieces; what a deposit counts for", "减", "优惠金额"),
                _c("rate", "rate", "share off, 0 to 1", "折扣率", at_least=0, at_most=1),
                _c("buy_qty", "count", "pieces a multi-buy needs: 3 with rate 1 is 3 for 2", "购买件数",
                   at_least=2, at_most=1000),
                _c("deposit", "money", "deposit paid ahead, yuan", "定金"),
                _flag("repeat", "once for every full threshold", "可叠加", "每满减"),
                _c("cap", "money", "most it takes off, yuan", "封顶"),
                _c("exclusive_group", "id", "inside a group only the best counts", "互斥组"),
                _c("audience", "choice", "public, or only for members, new users or under another condition", "适用人群",
                   choices=("public", "member", "new_user", "conditional"), required=True,
                   aliases=(("公开", "public"), ("所有人", "public"),
                            ("会员", "member"), ("新客", "new_user"), ("新人", "new_user"))),
                _flag("confirmed", "its terms were checked", "已确认", required=True),
                _c("funder", "choice", "who pays for it, if known", "出资方", choices=("platform", "brand", "shop", "host"),
                   aliases=(("平台", "platform"), ("品牌", "brand"), ("店铺", "shop"), ("主播", "host"))),
            ),
        ),
        Table(
            name="stores",
            key=("store_id",),
            columns=(
                _c("store_id", "id", "store", "店铺编号", required=True),
                _c("name", "text", "name", "店铺名称", required=True),
                _c("type", "text", "kind of store", "店铺类型"),
                _c("score", "number", "experience score", "体验分", "店铺体验分", at_least=0, decides="store_score"),
                _c("score_as_of", "date", "day of the score", "评分日期", decides="store_score"),
            ),
        ),
        Table(
            name="brands",
            key=("brand_id",),
            columns=(
                _c("brand_id", "id", "brand", "品牌编号", required=True),
                _c("name", "text", "name", "品牌名称", "品牌", required=True),
                _c("trademark_no", "id", "registration number", "商标号", "商标注册号", decides="brand"),
                _c("trademark_class", "text", "class of goods", "商标类别"),
                _c("owner", "text", "owner of the trademark", "商标权人", decides="brand"),
                _flag("white_label", "sold under a brand without substance", "白牌", decides="brand"),
                _c("evidence", "text", "document", "证据", "凭证"),
            ),
        ),
        Table(
            name="authorisations",
            key=("brand_id", "store_id"),
            required=False,
            columns=(
                _c("brand_id", "id", "brand", "品牌编号", required=True),
                _c("store_id", "id", "store allowed to sell it", "店铺编号", required=True),
                _c("valid_until", "date", "last valid day", "有效期至", "授权有效期", decides="brand"),
                _c("evidence", "text", "document", "证据", "凭证"),
            ),
        ),
        Table(
            name="wishes",
            key=("wish_id",),
            weekly=True,
            required=False,
            columns=(
                _c("wish_id", "id", "wish", "愿望编号", required=True),
                _c("topic", "text", "what viewers ask for", "话题", "愿望", required=True),
                _c("votes", "count", "votes", "票数", required=True, at_least=0),
                _c("brand_id", "id", "brand asked for", "品牌编号"),
                _c("category", "text", "category asked for", "类目", "品类"),
                _c("keywords", "text", "words in a title that meet it, separated by |", "关键词"),
            ),
        ),
        Table(
            name="calendar",
            key=("date_from", "event"),
            required=False,
            columns=(
                _c("date_from", "date", "first day", "开始日期", required=True),
                _c("date_to", "date", "last day", "结束日期", required=True),
                _c("event", "text", "event", "活动", required=True),
                _c("subsidy_budget", "money", "subsidy of the event, yuan", "补贴预算"),
            ),
        ),
        Table(
            name="airings",
            key=("session_id", "offer_id"),
            required=False,
            columns=(
                _c("session_id", "id", "show", "场次", required=True),
                _c("offer_id", "id", "offer", "报名编号", required=True),
                _c("brand_id", "id", "brand", "品牌编号", required=True),
                _c("category", "text", "category", "类目", "品类", required=True),
                _c("slot", "count", "place in the show, from 1", "坑位", "顺序", at_least=1),
                _c("starts_at", "moment", "on air from", "开始时间"),
                _c("minutes", "number", "minutes on air", "时长", at_least=0),
                _c("viewers", "count", "views of the show", "观看人数", "观看量", at_least=1),
                _c("opening_price", "money", "price the brand opened with, yuan", "报名价", "开价"),
                _c("agreed_price", "money", "price agreed with the brand, yuan", "成交价", "谈定价", confidential=True),
                _c("viewer_price", "money", "price on air, yuan", "直播价"),
                _c("web_lowest", "money", "web-lowest then, yuan", "全网最低价"),
                _c("stock", "count", "units offered", "库存", at_least=0),
                _c("units", "count", "units sold", "销量", "件数", at_least=0, required=True),
                _c("sold_out_after_s", "number", "seconds until sold out; empty if not", "售罄秒数", at_least=0),
                _c("returned_units", "count", "units returned", "退货件数", at_least=0),
                _c("complaints", "count", "complaints", "投诉", at_least=0),
                _flag("breach", "a lower price was found afterwards", "破价"),
            ),
        ),
    )
}
# fmt: on


if __name__ == "__main__":
    import sys

    from bosspick.tables_docs import data_dictionary

    sys.stdout.write(data_dictionary())
