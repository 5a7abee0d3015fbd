"""Events of the core group and of events.k8s.io are the same objects, in two wordings."""

from tests.api.calls import Api, Plain

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
TIME = "2026-11-23T12:00:00.000000Z"


def newer(api: Api, name: str = "") -> str:
    """Return the path of events in the words of ``events.k8s.io``."""
    return f"/apis/events.k8s.io/v1/namespaces/{api.namespace}/events{'/' if name else ''}{name}"


def reported(api: Api, name: str, **more: object) -> Plain:
    return {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": name},
        "regarding": {"kind": "Pod", "name": "web", "namespace": api.namespace},
        "eventTime": TIME,
        "reportingController": "example.com/robot",
        "reportingInstance": "r1",
        "action": "Poking",
        "reason": "Poked",
        "note": "it was poked",
        "type": "Normal",
        **more,
    }


async def test_event_of_the_newer_group_is_read_in_the_older_words(api: Api) -> None:
    made = await api.post(newer(api), reported(api, "a"))

    stored = await api.get(api.path("events", "a"))
    found = await api.get(api.path("events"), query={"fieldSelector": "involvedObject.name=web"})

    assert (made["apiVersion"], made["note"], made["regarding"]["name"]) == ("events.k8s.io/v1", "it was poked", "web")
    assert (stored["apiVersion"], stored["message"], stored["reportingComponent"]) == (
        "v1",
        "it was poked",
        "example.com/robot",
    )
    assert stored["metadata"]["uid"] == made["metadata"]["uid"]
    assert [item["metadata"]["name"] for item in found["items"]] == ["a"]


async def test_event_of_the_older_group_is_read_in_the_newer_words(api: Api) -> None:
    old = {"metadata": {"name": "b"}, "involvedObject": {"kind": "Pod", "name": "db", "namespace": api.namespace}}
    await api.post(api.path("events"), {**old, "reason": "Broke", "count": 3, "source": {"component": "agent"}})

    shown = await api.get(newer(api, "b"))
    found = await api.get(newer(api), query={"fieldSelector": "regarding.name=db,reason=Broke"})
    rows = (await api.get(newer(api), headers={"Accept": TABLE}))["rows"]

    assert (shown["eventTime"], shown["deprecatedCount"]) == (None, 3)
    assert shown["deprecatedSource"] == {"component": "agent"}
    assert (found["kind"], [item["regarding"]["name"] for item in found["items"]]) == ("EventList", ["db"])
    assert rows[0]["cells"][2:4] == ["Broke", "pod/db"]


async def test_the_newer_group_has_stricter_rules(api: Api) -> None:
    refusal = await api.refusal("POST", newer(api), reported(api, "c", type="Odd", deprecatedCount=1))
    await api.post(newer(api), reported(api, "d"))
    change = [{"op": "replace", "path": "/note", "value": "else"}]
    patch = {"content_type": "application/json-patch+json"}
    kept = await api.refusal("PATCH", newer(api, "d"), change, **patch)
    loose = await api.send("PATCH", api.path("events", "d"), [{**change[0], "path": "/message"}], **patch)

    assert [cause.field for cause in refusal.causes] == ["type", "count"]
    assert [cause.message for cause in kept.causes] == ['Invalid value: "else": field is immutable']
    assert (loose.code, (await api.get(newer(api, "d")))["note"]) == (200, "else")


async def test_a_series_is_counted_through_the_newer_group(api: Api) -> None:
    await api.post(newer(api), reported(api, "e"))
    series = {"series": {"count": 4, "lastObservedTime": TIME}}

    await api.send("PATCH", newer(api, "e"), series, content_type="application/merge-patch+json")

    assert (await api.get(api.path("events", "e")))["series"]["count"] == 4


async def test_deletion_through_one_group_is_seen_in_the_other(api: Api) -> None:
    await api.post(newer(api), reported(api, "f"))

    await api.send("DELETE", newer(api, "f"))

    assert (await api.refusal("GET", api.path("events", "f"))).code == 404


async def test_moments_in_microseconds_keep_their_six_digits(api: Api) -> None:
    """Clients in Go refuse a ``MicroTime`` without them."""
    leases = f"/apis/coordination.k8s.io/v1/namespaces/{api.namespace}/leases"
    await api.post(newer(api), reported(api, "g"))
    await api.post(leases, {"metadata": {"name": "l"}, "spec": {"renewTime": TIME, "acquireTime": TIME}})

    event, lease = await api.get(newer(api, "g")), await api.get(f"{leases}/l")

    assert (event["eventTime"], (await api.get(api.path("events", "g")))["eventTime"]) == (TIME, TIME)
    assert (lease["spec"]["renewTime"], lease["spec"]["acquireTime"]) == (TIME, TIME)
