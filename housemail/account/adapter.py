"""Where allauth asks the house: addresses, mail, secrets, and where to go next."""

from __future__ import annotations

import logging
import smtplib
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from housemail.installations.fields import cipher
from housemail.people.models import User, folded
from housemail.people.second_factor import METHOD
from housemail.web.remote_address import remote_address

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in, the house's way."""

    def clean_email(self, email: str) -> str:
        """Fold the address as people.User stores it."""
        return folded(super().clean_email(email))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Count attempts by the caller's address, believing only our proxies."""
        return remote_address(request.META) or "unknown"

    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> User:
        """Keep the language in which somebody signed up."""
        user.language = translation.get_language() or ""
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again only when typing it is some minutes ago.

        Who has a second factor is asked for that one: else a session of the password
        alone could see its recovery codes, or remove it.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        if is_mfa_enabled(self.request.user):
            records = [each for each in records if each["method"] == METHOD]
        latest = max((float(record["at"]) for record in records), default=0.0)
        return time.time() - latest >= float(app_settings.REAUTHENTICATION_TIMEOUT)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Offer the second factor alone where there is one."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        strong = [each for each in methods if each["id"] == "mfa_reauthenticate"]
        return strong or methods

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Send, or say that it could not be sent: no page breaks on a mail server.

        Known and unknown addresses are both written to, so that the sentence tells
        nothing about who has an account.
        """
        person = context.get("user")
        ours = {
            **context,
            "site": settings.HOUSEMAIL_SITE_NAME,
            "contact": settings.HOUSEMAIL_CONTACT.removeprefix("mailto:"),
            "name": getattr(person, "name", ""),
            "reset_url": settings.HOUSEMAIL_PUBLIC_URL
            + reverse("account_reset_password"),
        }
        # Somebody else may have asked for it, or another browser.
        language = getattr(person, "language", "")
        try:
            with translation.override(language or translation.get_language()):
                super().send_mail(template_prefix, email, ours)
        except (OSError, smtplib.SMTPException):
            logger.exception("mail not sent: %s", template_prefix)
            if self.request is not None:
                messages.error(
                    self.request,
                    _("We could not send the e-mail just now. Try again in a while."),
                )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell whose account it is: for the name, and for the language."""
        known = {**(context or {}), "user": user}
        super().send_notification_mail(template_prefix, user, known, email)

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Mark it as sent by a program, so that nobody's absence note answers."""
        ours = {"Auto-Submitted": "auto-generated", **(headers or {})}
        message: EmailMessage = super().render_mail(
            template_prefix, email, context, ours
        )
        return message


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted at rest."""

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator shows."""
        return str(settings.HOUSEMAIL_SITE_NAME)

    def encrypt(self, text: str) -> str:
        """Encrypt a secret with the house's keys."""
        return cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret; a wrong key is an error."""
        return cipher().decrypt(encrypted_text.encode("ascii")).decode()
