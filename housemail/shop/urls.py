"""Pages of the shop, and the web hook that tells of payments.

The paths of an order and of the first password are those of sales/links.py, which
e-mails carry; a test holds the two against each other.
"""

from __future__ import annotations

from django.urls import path

from housemail.shop import choosing, hooks, orders, passwords, review

app_name = "shop"
urlpatterns = [
    path("", choosing.choose, name="choose"),
    path("check/", choosing.check, name="check"),
    path("order/", review.review, name="review"),
    path("order/held/", review.held, name="held"),
    path("order/price/", review.price, name="price"),
    path("order/hold/", review.hold_again, name="hold"),
    path("order/place/", review.place, name="place"),
    path("orders/", orders.own, name="orders"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/progress/", orders.progress, name="progress"),
    path("orders/<slug:number>/name/", orders.other_name, name="name"),
    path("orders/<slug:number>/retry/", orders.retry, name="retry"),
    path("orders/<slug:number>/cancel/", orders.cancel, name="cancel"),
    path("orders/<slug:number>/password/", orders.password, name="password"),
    path("mailboxes/first-password/", passwords.first_password, name="first_password"),
    path(
        "mailboxes/first-password/<str:token>/",
        passwords.from_mail,
        name="first_password_link",
    ),
    path("hooks/orders/", hooks.orders, name="hook"),
]
