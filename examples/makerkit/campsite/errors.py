"""What Campsite refuses, by name, so that a web layer can turn each into an answer."""

from __future__ import annotations


class CampsiteError(Exception):
    """Base of all refusals."""


class NotFoundError(CampsiteError):
    """The row that was named does not exist."""


class NotAllowedError(CampsiteError):
    """The person lacks the permission."""


class AlreadyMemberError(CampsiteError):
    """The person who is invited belongs to the team already."""


class AlreadyInvitedError(CampsiteError):
    """An invitation of this person to this team is pending."""


class InvitationExpiredError(CampsiteError):
    """The invitation's time is over."""
