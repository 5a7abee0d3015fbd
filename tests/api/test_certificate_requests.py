"""A certificate request carries the identity of who sent it, whatever they claim, and the signer's answer."""

from kubernel.objects.kinds.certificates.signing_request import SIGNING_REQUEST

from tests.api.calls import Api, Plain
from tests.objects.kind_samples import sample_of

PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests"


def request(name: str, **spec: object) -> Plain:
    return {"metadata": {"name": name}, "spec": {**sample_of(SIGNING_REQUEST)["spec"], **spec}}


async def test_request_is_in_the_name_of_its_sender(api: Api) -> None:
    made = await api.post(PATH, request("mine", username="somebody-else", groups=["everybody"]))

    assert made["spec"]["username"] == "system:kubernel-test"
    assert "system:authenticated" in made["spec"]["groups"]
    assert "everybody" not in made["spec"]["groups"]


async def test_request_stays_as_it_was_made(api: Api) -> None:
    made = await api.post(PATH, request("fixed"))

    change = {"spec": {"signerName": "example.com/other", "username": "ada"}}
    changed = (await api.send("PATCH", f"{PATH}/fixed", change, content_type="application/merge-patch+json")).body

    assert changed["spec"] == made["spec"]


async def test_signer_says_when_a_request_failed(api: Api) -> None:
    made = await api.post(PATH, request("failed"))
    made["status"] = {"conditions": [{"type": "Failed", "status": "True", "reason": "Broken"}]}

    got = (await api.send("PUT", f"{PATH}/failed/status", made)).body

    (condition,) = got["status"]["conditions"]
    assert condition["reason"] == "Broken"
    assert condition["lastUpdateTime"] == condition["lastTransitionTime"]


async def test_approver_says_yes_and_cannot_take_it_back(api: Api) -> None:
    made = await api.post(PATH, request("approved"))
    made["status"] = {"conditions": [{"type": "Approved", "status": "True", "reason": "Fine"}], "certificate": "QQ=="}

    approved = (await api.send("PUT", f"{PATH}/approved/approval", made)).body
    refusal = await api.refusal("PUT", f"{PATH}/approved/approval", {**approved, "status": {}})

    assert [condition["type"] for condition in approved["status"]["conditions"]] == ["Approved"]
    assert "certificate" not in approved["status"]
    assert [cause.field for cause in refusal.causes] == ["status.conditions"]
