"""What is said, by code: in English, marked for translation, with open parameters.

Each sentence says what to do next. Who may read it is told by the table it stands in:
``FOR_EVERYBODY`` or ``FOR_STAFF``. A customer or a stranger reads something else in
place of a staff sentence, see ``code_for_client``, and no names of settings, see
``FOR_CLIENTS``. Parameters are never secret.
"""

from __future__ import annotations

from collections.abc import Mapping

from housemail.mailboxes.marking import _, ngettext

FOR_EVERYBODY: Mapping[str, str] = {
    # --- handles and names (product sheet, "Create the mailbox custom field")
    "handle_empty": _("Choose the first part of the address, before the @."),
    "handle_too_long": _("Use at most 64 characters before the @."),
    "handle_malformed": _(
        "Use only a-z, 0-9, dot, dash and underscore, begin and end with a letter or "
        "a digit, and do not put two dots in a row."
    ),
    "not_available": _("This address is not available. Choose another name."),
    # --- domains
    "domain_conflict": _(
        "The address was typed with {typed}, but the domain given is {domain}. Remove "
        "one of the two, or make them the same."
    ),
    "domain_malformed": _("{domain} is not a domain name. Correct {label}."),
    # --- passwords (protocol 4)
    "password_too_short": _("The password needs at least 10 characters."),
    "password_has_space": _("The password must not contain a space."),
    "password_too_weak": _(
        "The password needs an upper case letter, a lower case letter, a digit and a "
        "symbol."
    ),
    "password_characters": _(
        "The password contains characters that are not allowed. Use letters, digits "
        "and common symbols."
    ),
    "password_too_long": _("Use at most 128 characters for the password."),
    "password_used_before": _(
        "The mail platform refused this password because it was used before. Choose "
        "a new one."
    ),
    # --- destinations, members, limits
    "destination_malformed": _("{destination} is not an e-mail address."),
    "destination_external": _(
        "Aliases may deliver to addresses of {domain} only (Allow External Forwards "
        "is off)."
    ),
    "destination_is_list": _(
        "{destination} is a distribution list; an alias cannot deliver to it."
    ),
    "destination_is_itself": _("An alias cannot deliver to itself."),
    "member_malformed": _("{member} is not an e-mail address."),
    "member_external": _(
        "Members must be addresses of {domain} (Allow External List Members is off)."
    ),
    "member_is_list": _("{member} is a distribution list and cannot be a member."),
    "aliases_disabled": _("Aliases are not part of this plan."),
    "lists_disabled": _("Distribution lists are not part of this plan."),
    "alias_limit": ngettext(
        "{used} of {limit} alias is in use (Max Aliases). Remove it first.",
        "{used} of {limit} aliases are in use (Max Aliases). Remove one first.",
        "limit",
    ),
    "list_limit": ngettext(
        "{used} of {limit} distribution list is in use (Max Distribution Lists). "
        "Remove it first.",
        "{used} of {limit} distribution lists are in use (Max Distribution Lists). "
        "Remove one first.",
        "limit",
    ),
    "member_limit": ngettext(
        "{used} of {limit} member is on this list. Remove it first.",
        "{used} of {limit} members are on this list. Remove one first.",
        "limit",
    ),
    "member_day_limit": ngettext(
        "{used} of {limit} member add was made today. Try again tomorrow.",
        "{used} of {limit} member adds were made today. Try again tomorrow.",
        "limit",
    ),
    "new_name_day_limit": ngettext(
        "{used} of {limit} new alias or list was added today. Try again tomorrow.",
        "{used} of {limit} new aliases and lists were added today. Try again tomorrow.",
        "limit",
    ),
    "name_day_limit": ngettext(
        "{used} of {limit} name was given up today. Try again tomorrow.",
        "{used} of {limit} names were given up today. Try again tomorrow.",
        "limit",
    ),
    "quarantine_limit": ngettext(
        "{used} of {limit} removed name is still in quarantine. Use it again, or wait "
        "until {until}, then remove this one.",
        "{used} of {limit} removed names are still in quarantine. Use one of them "
        "again, or wait until {until}, then remove this one.",
        "limit",
    ),
    "member_batch_limit": ngettext(
        "Send at most {limit} member at once.",
        "Send at most {limit} members at once.",
        "limit",
    ),
    # --- services and their states
    "alias_unknown": _("There is no such alias on this mailbox."),
    "list_unknown": _("There is no such distribution list on this mailbox."),
    "member_unknown": _("{member} is not on this list."),
    "service_being_created": _(
        "{address} is still being created for this service. Wait until that is "
        "settled before asking for another address."
    ),
    "suspended": _(
        "The mailbox is suspended. This is possible again once it is unsuspended."
    ),
    "not_active": _(
        "The mailbox is {state}; this is possible only while it is active."
    ),
    "superseded": _("A later attempt took this over; ask again for its result."),
    # --- nothing was sent
    "platform_unavailable": _(
        "The mail platform cannot be reached right now; nothing was changed. Try "
        "again in a minute."
    ),
    "platform_busy": _(
        "The mail platform takes no more calls for now; nothing was changed. Try again "
        "in a few minutes."
    ),
    # --- callers
    "throttled": ngettext(
        "Too many requests. Try again in {seconds} second.",
        "Too many requests. Try again in {seconds} seconds.",
        "seconds",
    ),
    # --- unknown, said with 202
    "being_checked": _(
        "The mail platform's answer was lost; we are checking what happened. Nothing "
        "needs to be done: this page or the next call will show the result."
    ),
    "password_undetermined": _(
        "The password may or may not have changed; set it again."
    ),
    "in_progress": _("This is under way. Ask again in a minute."),
    # --- what clients read in place of a sentence for staff
    "domain_needed": _(
        "Choose a domain for the address, or ask support which can be had."
    ),
    "domain_not_offered": _(
        "Addresses of this domain are not offered here. Choose another domain."
    ),
    "password_not_taken": _("This password was not accepted. Choose another one."),
    "ask_support": _(
        "This cannot be done right now. Please ask support; nothing was changed."
    ),
    "ask_support_first": _(
        "It is not known yet whether this was done. Please ask support before you "
        "try again."
    ),
}

FOR_STAFF: Mapping[str, str] = {
    # --- handles and names (product sheet, "Create the mailbox custom field")
    "handle_reserved": _(
        "{handle} is a reserved name. Choose another one, or let staff release it "
        "with `housemail release`."
    ),
    "reserved_list_unreadable": _(
        "The list of reserved names cannot be read, so no new name is given out. "
        "Staff: check HOUSEMAIL_RESERVED_FILE and run `housemail doctor`."
    ),
    "reserved_already": _("{handle} is a reserved name already; nothing was changed."),
    "reserved_unknown": _(
        "{handle} is not on the list of names that staff keep back; nothing was "
        "changed."
    ),
    "address_taken": _("{address} already exists. Choose another name."),
    "address_held": _(
        "{address} is held for another order until {until}. Choose another name, or "
        "let staff release it with `housemail release {address}`."
    ),
    "address_quarantined": _(
        "{address} was given up and stays blocked until {until}; it belonged to "
        "owner {owner}. Staff can free it with `housemail release {address} "
        "--reason …`."
    ),
    # --- domains
    "domain_missing": _(
        "No domain found. Enter a domain on the service, or set only one domain in "
        "Allowed Domains CSV."
    ),
    "domain_not_allowed": _(
        "Domain not allowed: {domain} is not in Allowed Domains CSV. Add it to the "
        "list or choose an approved domain."
    ),
    "domain_not_on_platform": _(
        "{domain} does not exist on the mail platform. Add it in the platform's "
        "control panel, then try again."
    ),
    "domain_elsewhere": _(
        "{domain} belongs to another platform account. Use the credentials of that "
        "account, or another domain."
    ),
    # --- plan
    "setting_invalid": _("{setting}: {value} is not valid. {fix}"),
    # --- passwords (protocol 4)
    "password_refused": _(
        "The mail platform refused this password: {reason} Choose another one."
    ),
    # --- destinations, members, limits
    "list_is_destination": _(
        "An alias delivers to {address}; a list cannot have that name before the alias "
        "is removed."
    ),
    # --- services and their states
    "service_unknown": _(
        "There is no mailbox for this service. Run Create first, or check the "
        "service id."
    ),
    "service_has_mailbox": _(
        "This service already has the mailbox {address}. Terminate it before "
        "creating another one."
    ),
    "not_suspended_by_us": _(
        "The mail platform shows this mailbox as disabled, but not by us. Staff: "
        "look at it in the control panel before enabling it."
    ),
    "mailbox_missing": _(
        "The mail platform does not show {address}. Staff: run Check now."
    ),
    "not_adopted": _(
        "{address} was made by another module. Press Adopt existing mailbox to take "
        "it over."
    ),
    "address_differs": _(
        "This service has {address}, but the billing system says {other}. Correct "
        "the service's username."
    ),
    "server_moved": _(
        "This mailbox lives on another server. Put that server back on the service. "
        "If the mailbox itself was moved, staff can re-point it to the new server."
    ),
    "repoint_not_found": _(
        "The new server does not show {address}. Move the mailbox there first, or put "
        "the old server back on the service."
    ),
    "repoint_unproven": _(
        "The new server could not say whether {address} exists. Check there that the "
        "mailbox was moved, then try again."
    ),
    "repoint_shared": _(
        "Another billing system has mailboxes on {domain} and has not logged in to "
        "the new platform account yet. Let its staff re-point one of them, then try "
        "again."
    ),
    "needs_staff": _(
        "An earlier attempt ended without proof; staff must look at {address} before "
        "it can go on (`housemail doctor` lists what waits)."
    ),
    "adopt_not_found": _(
        "The mail platform does not show {address}; there is nothing to adopt."
    ),
    "adopt_unproven": _(
        "The mail platform could not say whether {address} exists. Try again."
    ),
    "platform_refused": _("The mail platform refused: {reason}"),
    "nothing_to_decide": _(
        "There is nothing to decide here any more; reload the page to see how it ended."
    ),
    # --- servers
    "platform_unknown": _("{platform} is not a platform that we know."),
    "endpoint_invalid": _(
        "The API endpoint {endpoint} is not valid: use https://HOST/admin/json.php."
    ),
    "endpoint_not_allowed": _(
        "{host} is not on this installation's list of endpoint hosts. Add it with "
        "`housemail keys hosts`."
    ),
    "endpoint_private": _(
        "{host} is a private or local address. Set HOUSEMAIL_ALLOW_LOCAL_PLATFORM=1 "
        "only for trying and tests."
    ),
    "server_incomplete": _("{label} of the server is empty. Fill it in."),
    "server_unreachable": _(
        "The mail platform at {host} cannot be reached. Check the host name and that "
        "this machine may connect outbound to it."
    ),
    "server_not_admin_api": _(
        "{host} answers, but not as the admin API. Check the API endpoint: it ends "
        "in /admin/json.php."
    ),
    "server_login_refused": _(
        "The mail platform refused the user name or the password. Correct Username "
        "and Password of the server."
    ),
    "server_permission": _(
        "The login works, but this account may not list domains. Give the API "
        "account admin permission."
    ),
    # --- callers
    "staff_only": _("Only staff may do this."),
    "key_permission": _("This key lacks the permission {permission}."),
    # --- said with 200, when staff released a name
    "released_reserved": _("{address} is no longer reserved."),
    "released_hold": _("{address} was held for an order and is free now."),
    "released_quarantine": _("{address} was in quarantine and is free now."),
    "released_given_up": _("{address} was given up while it changed and is free now."),
    "released_to_order": _(
        "{address} was waiting for staff and is held for its order again."
    ),
    "released_already": _("{address} was free already."),
}

SENTENCES: Mapping[str, str] = {**FOR_EVERYBODY, **FOR_STAFF}

# What clients read in place of a sentence for staff, where they can do something.
INSTEAD: Mapping[str, str] = {
    # Promise 13: what they must not be able to tell apart.
    "handle_reserved": "not_available",
    "address_taken": "not_available",
    "address_held": "not_available",
    "address_quarantined": "not_available",
    "list_is_destination": "not_available",
    "domain_missing": "domain_needed",
    "domain_not_allowed": "domain_not_offered",
    "password_refused": "password_not_taken",
}

# What clients read of the same refusal, where staff reads which setting it comes from.
FOR_CLIENTS: Mapping[str, str] = {
    "destination_external": _("Aliases may deliver to addresses of {domain} only."),
    "member_external": _("Members must be addresses of {domain}."),
    "alias_limit": ngettext(
        "{used} of {limit} alias is in use. Remove it first.",
        "{used} of {limit} aliases are in use. Remove one first.",
        "limit",
    ),
    "list_limit": ngettext(
        "{used} of {limit} distribution list is in use. Remove it first.",
        "{used} of {limit} distribution lists are in use. Remove one first.",
        "limit",
    ),
}


def sentence_for(code: str, *, client: bool) -> str:
    """Return the sentence of a code in the words for a client, or for staff."""
    return FOR_CLIENTS.get(code, SENTENCES[code]) if client else SENTENCES[code]


def code_for_client(code: str, *, settled: bool = True) -> str:
    """Return the code of what a customer or a stranger reads in place of this one.

    ``settled`` False: the outcome is not known, so nothing may be called unchanged.
    """
    if code in FOR_EVERYBODY:
        return code
    return INSTEAD.get(code, "ask_support" if settled else "ask_support_first")
