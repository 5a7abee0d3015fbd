"""The tokens of service accounts: the cluster's key, what a token says, and who believes it.

A token is a JWT that the cluster signs and anybody can check (OpenID Connect discovery). Here it is believed only as
long as the account, and the object that it was bound to, exist: a deletion takes the token along.
"""

from kubernel.auth.service_accounts.authenticator import ServiceAccounts
from kubernel.auth.service_accounts.claims import Claims, Reference, Subject
from kubernel.auth.service_accounts.tokens import ISSUER, InvalidToken, TokenSigner

__all__ = ["ISSUER", "Claims", "InvalidToken", "Reference", "ServiceAccounts", "Subject", "TokenSigner"]
