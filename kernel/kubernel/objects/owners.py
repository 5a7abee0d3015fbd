"""Owner references: which object another one belongs to, and which one controls it.

An object has any number of owners and at most one *controller* (``controller: true``), the one that counts it.
"""

from kubernel.objects.models import meta

__all__ = ["controller_of", "controller_uid"]


def controller_of(about: meta.ObjectMeta | None) -> meta.OwnerReference | None:
    """Return the reference to the controlling owner, or ``None`` for an orphan."""
    owners = about.ownerReferences if about is not None else None
    return next((owner for owner in owners or () if owner.controller), None)


def controller_uid(about: meta.ObjectMeta | None) -> str:
    """Return the controlling owner's uid, or the empty string for an orphan."""
    owner = controller_of(about)
    return owner.uid if owner is not None else ""
