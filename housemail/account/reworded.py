"""Sentences of allauth that our catalogues word anew.

Its German says "du" and its Spanish mixes the two, where the house says "Sie" and
"usted" (docs/languages.md). Being marked here puts them into our catalogues, which win
over those of a package; the English stays allauth's.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

REWORDED = (
    gettext_noop("Please type your current password."),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("You must type the same password each time."),
    gettext_noop(
        "This email confirmation link expired or is invalid. Please <a "
        'href="%(email_url)s">issue a new email confirmation request</a>.'
    ),
    gettext_noop(
        "If you have not created an account yet, then please %(link)ssign "
        "up%(end_link)s first."
    ),
    gettext_noop("Are you sure you want to sign out?"),
    gettext_noop("You have confirmed %(email)s."),
    gettext_noop("You have signed out."),
    gettext_noop(
        "Forgotten your password? Enter your email address below, and we'll send "
        "you an email allowing you to reset it."
    ),
    gettext_noop(
        "We have sent you an email. If you have not received it please check your "
        "spam folder. Otherwise contact us if you do not receive it in a few "
        "minutes."
    ),
    gettext_noop(
        "The password reset link was invalid, possibly because it has already been "
        'used.  Please request a <a href="%(passwd_reset_url)s">new password '
        "reset</a>."
    ),
    gettext_noop("Your password is now changed."),
    gettext_noop("Already have an account? Then please %(link)ssign in%(end_link)s."),
    gettext_noop("You are already logged in as %(user_display)s."),
    gettext_noop("Verify Your Email Address"),
    gettext_noop(
        "We have sent an email to you for verification. Follow the link provided to"
        " finalize the signup process. If you do not see the verification email in "
        "your main inbox, check your spam folder. Please contact us if you do not "
        "receive the verification email within a few minutes."
    ),
    gettext_noop(
        "You are about to generate a new set of recovery codes for your account."
    ),
    gettext_noop(
        "You are about to deactivate authenticator app based authentication. Are "
        "you sure?"
    ),
    gettext_noop(
        "You cannot generate recovery codes without having two-factor "
        "authentication enabled."
    ),
    gettext_noop("The email address and/or password you specified are not correct."),
)
