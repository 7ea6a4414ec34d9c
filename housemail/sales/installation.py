"""The shop as a billing system like any other: its row among the installations."""

from __future__ import annotations

from django.apps import apps
from django.db import IntegrityError, transaction

from housemail.installations.models import Installation, default_endpoint_hosts

NAME = "Built-in shop"


def installation() -> Installation:
    """Return the shop's installation, made on first use.

    Its list of endpoint hosts is that of its servers: a product's own endpoint may
    lead to one of them or to the vendor's, nowhere else. Local hosts are judged by
    HOUSEMAIL_ALLOW_LOCAL_PLATFORM as for everybody.
    """
    row = Installation.objects.filter(kind=Installation.Kind.SHOP).first()
    if row is None:
        row = _make()
    hosts = sorted({*default_endpoint_hosts(), *_server_hosts()})
    if row.endpoint_hosts != hosts:
        Installation.objects.filter(pk=row.pk).update(endpoint_hosts=hosts)
        row.endpoint_hosts = hosts
    return row


def _make() -> Installation:
    try:
        with transaction.atomic():
            return Installation.objects.create(name=NAME, kind=Installation.Kind.SHOP)
    except IntegrityError:  # somebody was faster
        return Installation.objects.get(name=NAME, kind=Installation.Kind.SHOP)


def _server_hosts() -> list[str]:
    # By name: the models ask for the installation when they check an endpoint.
    return [
        server.host for server in apps.get_model("sales", "SaleServer").objects.all()
    ]
