"""What the shop remembers. Only this room writes these tables."""

from housemail.sales.models.bulk import BulkLine, BulkRun
from housemail.sales.models.mail import OutgoingMail
from housemail.sales.models.orders import Order, OrderEvent, PaidEvent, Service
from housemail.sales.models.products import OptionValue, Product, ProductGroup
from housemail.sales.models.servers import SaleServer, ServerGroup

__all__ = [
    "BulkLine",
    "BulkRun",
    "OptionValue",
    "Order",
    "OrderEvent",
    "OutgoingMail",
    "PaidEvent",
    "Product",
    "ProductGroup",
    "SaleServer",
    "ServerGroup",
    "Service",
]
