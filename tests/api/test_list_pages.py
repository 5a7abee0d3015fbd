"""Lists in pages, and lists at a revision: what is shown, and what is refused."""

import base64
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kubernel.store import open_log, sqlite_url
from kubernel.testing import ApiServer

from tests.api.calls import Api, Plain, config_map

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"


async def _fill(api: Api, count: int) -> list[str]:
    """Make config maps and return the revision after each."""
    made = [await api.post(api.path("configmaps"), config_map(f"c{i}", old="yes")) for i in range(count)]
    return [one["metadata"]["resourceVersion"] for one in made]


def _names(page: Plain) -> list[str]:
    return [item["metadata"]["name"] for item in page["items"]]


async def _page(api: Api, **query: Any) -> Plain:
    return await api.get(api.path("configmaps"), query={key: str(value) for key, value in query.items()})


async def test_page_of_any_state_goes_on_at_its_own(api: Api) -> None:
    await _fill(api, 3)

    first = await _page(api, resourceVersion="0", limit=2)
    await api.post(api.path("configmaps"), config_map("c3"))
    rest = await _page(api, **{"continue": first["metadata"]["continue"]})

    assert (_names(first), _names(rest)) == (["c0", "c1"], ["c2"])
    assert rest["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


@pytest.mark.parametrize("accept", ["application/json", TABLE, PARTIAL_LIST])
async def test_list_goes_on_where_it_stopped(api: Api, accept: str) -> None:
    await _fill(api, 7)

    pages, rests, token = [], [], ""
    while True:
        query = {"limit": "3", "continue": token}
        page = await api.get(api.path("configmaps"), query=query, accept=accept)
        items = page["items"] if "items" in page else [row["object"] for row in page["rows"]]
        pages.append([item["metadata"]["name"] for item in items])
        rests.append(page["metadata"].get("remainingItemCount"))
        token = page["metadata"].get("continue", "")
        if not token:
            break

    assert pages == [["c0", "c1", "c2"], ["c3", "c4", "c5"], ["c6"]]
    assert rests == [4, 1, None]


async def test_pages_show_the_state_of_the_first_one(api: Api) -> None:
    await _fill(api, 5)
    first = await _page(api, limit=2)

    await api.send("DELETE", api.path("configmaps", "c3"))
    await api.send("PUT", api.path("configmaps", "c4"), config_map("c4", new="yes"))
    await api.post(api.path("configmaps"), config_map("c2a"))
    await api.send("DELETE", api.path("configmaps", "c2"))
    await api.post(api.path("configmaps"), config_map("c2"))
    second = await _page(api, limit=2, **{"continue": first["metadata"]["continue"]})
    third = await _page(api, **{"continue": second["metadata"]["continue"]})

    assert [_names(page) for page in (first, second, third)] == [["c0", "c1"], ["c2", "c3"], ["c4"]]
    assert [page["metadata"].get("remainingItemCount") for page in (first, second, third)] == [3, 1, None]
    assert {page["metadata"]["resourceVersion"] for page in (first, second, third)} == {
        first["metadata"]["resourceVersion"]
    }
    assert [item["data"] for item in second["items"] + third["items"]] == [{"old": "yes"}] * 3


async def test_pages_of_a_selection_do_not_count_the_rest(api: Api) -> None:
    await _fill(api, 3)

    page = await _page(api, limit=1, fieldSelector="metadata.name!=c0")
    last = await _page(api, limit=1, fieldSelector="metadata.name!=c0", **{"continue": page["metadata"]["continue"]})

    assert (_names(page), _names(last)) == (["c1"], ["c2"])
    assert "remainingItemCount" not in page["metadata"]
    assert "continue" not in last["metadata"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["c0", "c1", "c2"]),
        ({"resourceVersion": "0"}, ["c0", "c1", "c2"]),
        ({"resourceVersion": "0", "limit": 2}, ["c0", "c1"]),
        ({"resourceVersion": "0", "resourceVersionMatch": "NotOlderThan"}, ["c0", "c1", "c2"]),
        ({"resourceVersion": "second"}, ["c0", "c1", "c2"]),
        ({"resourceVersion": "second", "resourceVersionMatch": "NotOlderThan"}, ["c0", "c1", "c2"]),
        ({"resourceVersion": "second", "resourceVersionMatch": "NotOlderThan", "limit": 3}, ["c0", "c1", "c2"]),
        ({"resourceVersion": "second", "limit": 3}, ["c0", "c1"]),
        ({"resourceVersion": "second", "resourceVersionMatch": "Exact"}, ["c0", "c1"]),
        ({"resourceVersion": "second", "resourceVersionMatch": "Exact", "limit": 1}, ["c0"]),
        ({"resourceVersion": "last", "resourceVersionMatch": "Exact"}, ["c0", "c1", "c2"]),
    ],
)
async def test_list_is_as_old_as_it_is_asked_to_be(api: Api, query: dict[str, Any], names: list[str]) -> None:
    revisions = await _fill(api, 3)
    known = {"second": revisions[1], "last": revisions[2]}
    query = {key: known.get(value, value) for key, value in query.items()}

    page = await _page(api, **query)

    is_exact = query.get("resourceVersionMatch") == "Exact" or ("limit" in query and names == ["c0", "c1"])
    wanted = query.get("resourceVersion", "0")
    assert _names(page) == names
    assert not (is_exact and wanted != "0") or page["metadata"]["resourceVersion"] == wanted


_MATCH = "resourceVersionMatch: Forbidden: resourceVersionMatch"


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ({"resourceVersionMatch": "Exact"}, [f"{_MATCH} is forbidden unless resourceVersion is provided"]),
        ({"resourceVersionMatch": "NotOlderThan"}, [f"{_MATCH} is forbidden unless resourceVersion is provided"]),
        (
            {"resourceVersionMatch": "Exact", "resourceVersion": "0"},
            [f'{_MATCH} "exact" is forbidden for resourceVersion "0"'],
        ),
        (
            {"resourceVersionMatch": "Exact", "resourceVersion": "5", "continue": "x"},
            [f"{_MATCH} is forbidden when continue is provided"],
        ),
        (
            {"resourceVersionMatch": "Nearly", "resourceVersion": "5"},
            ['resourceVersionMatch: Unsupported value: "Nearly": supported values: "Exact", "NotOlderThan", ""'],
        ),
        ({"sendInitialEvents": "true"}, ["sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list"]),
        (
            {"resourceVersionMatch": "Nearly", "continue": "x", "sendInitialEvents": "false"},
            [
                f"{_MATCH} is forbidden unless resourceVersion is provided",
                f"{_MATCH} is forbidden when continue is provided",
                'resourceVersionMatch: Unsupported value: "Nearly": supported values: "Exact", "NotOlderThan", ""',
                "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list",
            ],
        ),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_list_refuses_options_that_do_not_go_together(
    api: Api, method: str, query: dict[str, str], problems: list[str]
) -> None:
    error = await api.refusal(method, api.path("configmaps"), query=query)

    words = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    assert (error.code, error.message) == (422, f'ListOptions.meta.k8s.io "" is invalid: {words}')
    assert len(error.causes) == len(problems)


def _token(plain: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"continue": "n o"}, "invalid continue token: continue key is not valid"),
        ({"continue": _token([1, "a", "b"])}, "invalid continue token: continue key is not valid"),
        (
            {"continue": _token({"v": "v9", "rv": 1, "start": "a\0"})},
            "invalid continue token: continue key is not valid: server does not recognize this encoded version v9",
        ),
        (
            {"continue": _token({"v": "meta.k8s.io/v1", "start": "a\0"})},
            (
                "invalid continue token: continue key is not valid: "
                "incorrect encoded start resourceVersion (version meta.k8s.io/v1)"
            ),
        ),
        (
            {"continue": _token({"v": "meta.k8s.io/v1", "rv": 1})},
            "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)",
        ),
        (
            {"continue": _token({"v": "meta.k8s.io/v1", "rv": 1, "start": "../../a\0"})},
            "invalid continue token: continue key is not valid: ../../a\0",
        ),
        ({"continue": "x", "resourceVersion": "7"}, "specifying resource version is not allowed when using continue"),
        (
            {"resourceVersion": "new"},
            (
                'invalid resource version: resourceVersion: Invalid value: "new": '
                'strconv.ParseUint: parsing "new": invalid syntax'
            ),
        ),
        (
            {"resourceVersion": "99999999999999999999"},
            (
                'invalid resource version: resourceVersion: Invalid value: "99999999999999999999": '
                'strconv.ParseUint: parsing "99999999999999999999": value out of range'
            ),
        ),
    ],
)
async def test_list_refuses_what_is_no_token_and_no_revision(api: Api, query: dict[str, str], message: str) -> None:
    error = await api.refusal("GET", api.path("configmaps"), query=query)

    assert (error.code, error.reason) == (400, "BadRequest")
    assert error.message.startswith(message)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("configmaps", {}),
        ("configmaps", {"limit": "5"}),
        ("configmaps", {"resourceVersionMatch": "Exact"}),
        ("configmaps", {"resourceVersionMatch": "NotOlderThan"}),
        ("configmaps/c0", {}),
    ],
)
async def test_read_from_the_future_is_told_to_come_back(api: Api, path: str, query: dict[str, str]) -> None:
    await _fill(api, 1)

    error = await api.refusal("GET", api.path(path), query={"resourceVersion": "99999999", **query})

    assert (error.code, error.reason, error.retry_after_s) == (504, "Timeout", 1)
    assert error.message.startswith("Timeout: Too large resource version: 99999999, current: ")
    assert [cause.reason for cause in error.causes] == ["ResourceVersionTooLarge"]


async def test_compacted_revisions_are_gone(tmp_path: Path) -> None:
    with ApiServer(tmp_path) as server:
        async with server.client() as client:
            api = Api(client, "default")
            revisions = await _fill(api, 4)
            token = (await _page(api, limit=2))["metadata"]["continue"]
            await api.send("DELETE", api.path("configmaps", "c2"))
            newest = (await api.post(api.path("configmaps"), config_map("c9")))["metadata"]["resourceVersion"]
        server.stop()
        log = open_log(sqlite_url(tmp_path / "kubernel.db"))
        log.compact(int(newest))
        log.close()
        server.start()
        async with server.client() as client:
            api = Api(client, "default")
            exact = {"resourceVersion": revisions[1], "resourceVersionMatch": "Exact"}
            gone = await api.refusal("GET", api.path("configmaps"), query=exact)
            stale = await api.refusal("GET", api.path("configmaps"), query={"continue": token})
            rest = await _page(api, **{"continue": stale.continue_token})

    assert (gone.code, gone.reason) == (410, "Expired")
    assert gone.message == "The resourceVersion for the provided list is too old."
    assert (stale.code, stale.reason) == (410, "Expired")
    assert stale.message.endswith("may show up in the list.")
    assert _names(rest) == ["c3", "c9"]
    assert int(rest["metadata"]["resourceVersion"]) >= int(newest)
