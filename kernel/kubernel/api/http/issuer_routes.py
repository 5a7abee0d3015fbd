"""``/.well-known/openid-configuration`` and ``/openid/v1/jwks``: how others check the tokens of service accounts."""

from falcon.asgi import Request, Response

from kubernel.api.http.routes import respond
from kubernel.api.request.call import Answer
from kubernel.api.state import State
from kubernel.auth.service_accounts import ISSUER
from kubernel.objects import codec

__all__ = ["IssuerRoute"]


class IssuerRoute:
    """What others need to check the tokens of service accounts (OpenID Connect discovery)."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def on_get(self, req: Request, resp: Response) -> None:
        """``/.well-known/openid-configuration``."""
        document = {
            "issuer": ISSUER,
            "jwks_uri": f"https://{req.netloc}/openid/v1/jwks",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }
        self._publish(resp, Answer(200, codec.encode_plain(document)))

    async def on_get_keys(self, _req: Request, resp: Response) -> None:
        """``/openid/v1/jwks``."""
        keys = self._state.signer.jwks()
        self._publish(resp, Answer(200, codec.encode_plain(keys), "application/jwk-set+json"))

    @staticmethod
    def _publish(resp: Response, answer: Answer) -> None:
        respond(resp, answer)
        resp.set_header("Cache-Control", "public, max-age=3600")
