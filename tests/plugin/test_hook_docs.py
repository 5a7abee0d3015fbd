import inspect

import pytest
from kubernel.plugin.hooks import HookSpecs

HOOKS = [
    function for name, function in inspect.getmembers(HookSpecs, inspect.isfunction) if name.startswith("kubernel_")
]
PARTS = ("Called:", "Args:", "Returns:", "If a plugin raises:", "Since:")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_each_hook_says_everything_in_the_same_order(hook: object) -> None:
    text = inspect.getdoc(hook) or ""

    places = [text.find(part) for part in PARTS]

    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_each_argument_is_explained(hook: object) -> None:
    assert callable(hook)
    names = [name for name in inspect.signature(hook).parameters if name != "self"]

    assert all(f"    {name}: " in (inspect.getdoc(hook) or "") for name in names)
