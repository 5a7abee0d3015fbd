import pytest
from kubernel.objects.rules.labels import is_label_key, is_label_value, label_key_errors, label_value_errors
from kubernel.objects.rules.names import (
    NameRule,
    config_key_errors,
    dns_label_errors,
    dns_service_label_errors,
    dns_subdomain_errors,
    env_name_errors,
    generated_name_errors,
    http_header_errors,
    path_segment_errors,
    port_name_errors,
    port_number_errors,
)

RULES: list[tuple[NameRule, list[str], list[str]]] = [
    (dns_label_errors, ["a", "a-1", "9", "x" * 63], ["", "A", "-a", "a-", "a.b", "a_b", "x" * 64, "a\n"]),
    (dns_service_label_errors, ["a", "a-1"], ["", "1a", "a.b", "A"]),
    (dns_subdomain_errors, ["a", "a.b-c.1", ".".join(["x" * 60] * 4)], ["", ".a", "a..b", "a_b", "x" * 254]),
    (config_key_errors, ["a", "A_b-c.d", ".hidden"], ["", "a b", ".", "..", "..a", "x" * 254]),
    (env_name_errors, ["A", "a-b.c", "1st", "with space"], ["", "A=B", "ü", "a\tb"]),
    (http_header_errors, ["X-Header"], ["", "X Header", "X:Y"]),
    (port_name_errors, ["http", "a-1"], ["", "HTTP", "80", "a--b", "-a", "a-", "x" * 16]),
    (path_segment_errors, ["Any:Name", ""], [".", "..", "a/b", "a%b"]),
    (label_key_errors, ["a", "A_b.c-d", "example.com/a"], ["", "a/", "/a", "a/b/c", "Example.com/a", "x" * 64, "-a"]),
    (label_value_errors, ["", "a", "A_b.c-d"], ["-a", "a-", "a b", "x" * 64, "ü"]),
]


@pytest.mark.parametrize(
    ("rule", "name"), [(rule, name) for rule, right, _ in RULES for name in right], ids=lambda value: str(value)[:30]
)
def test_right_name_has_no_errors(rule: NameRule, name: str) -> None:
    assert rule(name) == []


@pytest.mark.parametrize(
    ("rule", "name"), [(rule, name) for rule, _, wrong in RULES for name in wrong], ids=lambda value: str(value)[:30]
)
def test_wrong_name_has_a_sentence(rule: NameRule, name: str) -> None:
    errors = rule(name)

    assert errors
    assert all(errors)


def test_generated_name_may_end_in_a_hyphen() -> None:
    assert generated_name_errors(dns_label_errors, "web-") == []
    assert generated_name_errors(dns_label_errors, "-")
    assert generated_name_errors(dns_label_errors, "web_")


@pytest.mark.parametrize(("port", "is_right"), [(0, False), (1, True), (65535, True), (65536, False), (-1, False)])
def test_port_numbers(port: int, is_right: bool) -> None:
    assert (not port_number_errors(port)) is is_right


def test_cached_checks_agree_with_the_rules() -> None:
    for _, right, wrong in RULES[-2:]:
        for text in (*right, *wrong):
            assert is_label_key(text) is not bool(label_key_errors(text))
            assert is_label_value(text) is not bool(label_value_errors(text))
