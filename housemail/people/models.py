"""A person who signs in: a customer, or staff when one of the roles is theirs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from housemail.people import roles


def folded(email: str) -> str:
    """Return an e-mail address as we store and compare it.

    All of it is folded, not only the domain: nobody may sign up as ``Anna@`` beside
    ``anna@``, and no large provider tells them apart.
    """
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are folded on the way in."""

    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        name: str = "",
        language: str = "",
        is_superuser: bool = False,
    ) -> User:
        """Make a person; without a password one must be set by a link first."""
        user = self.model(
            email=folded(email),
            name=name,
            language=language,
            is_superuser=is_superuser,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> User:
        """Make an owner (Django's ``createsuperuser`` asks for this name)."""
        user = self.create_user(email, password, is_superuser=True)
        roles.give(user, roles.Role.OWNER)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find who signs in, however the address was typed."""
        return self.get(email=folded(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the login; there is no user name."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    # Empty: the browser's wish counts (web/language.py).
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """One spelling per address, whoever writes the row."""

        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            CheckConstraint(condition=Q(email=Lower("email")), name="email_is_folded"),
        ]

    def __str__(self) -> str:
        """Return what this person is called."""
        return self.name or self.email

    def clean(self) -> None:
        """Fold the address, as forms do before they save."""
        super().clean()
        self.email = folded(self.email)

    def get_full_name(self) -> str:
        """Return the name, for Django's own pages."""
        return self.name

    def get_short_name(self) -> str:
        """Return how this person is greeted."""
        return self.name or self.email

    @cached_property
    def role(self) -> roles.Role | None:
        """The staff role; None for a customer. One query per person and request."""
        return roles.role_of(self)

    @property
    def is_staff(self) -> bool:
        """Whether the console may open: only a role makes somebody staff."""
        return self.is_active and self.role is not None


class StaffAct(models.Model):
    """One press of a console button; the key of its form lets it happen once."""

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    begun_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    sentence = models.CharField(max_length=400, blank=True)
    # Its line of the history.
    entry = models.ForeignKey(
        "admin.LogEntry", on_delete=models.CASCADE, null=True, related_name="+"
    )

    def __str__(self) -> str:
        """Return what was done."""
        return self.title
