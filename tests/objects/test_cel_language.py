"""The language with Kubernetes' libraries: values as Kubernetes' documentation of each function shows them."""

import re
from typing import Any

import pytest
from kubernel.objects.cel import (
    AUTHORIZER,
    OPTIONAL,
    Asked,
    EvaluationFailed,
    ExpressionInvalid,
    compile_expression,
)

VARIABLES = {"self": "dyn", "count": "int", "authorizer": AUTHORIZER, "oldSelf": OPTIONAL}
SELF = {
    "replicas": 3,
    "ratio": 1.5,
    "name": "web-1",
    "nothing": None,
    "labels": {"app": "web", "tier": "front"},
    "ports": [80, 443, 8080],
    "memory": "1.5Gi",
    "containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:2"}],
}


def value_of(text: str, **data: Any) -> Any:
    return compile_expression(text, VARIABLES).evaluate({"self": SELF, "count": 2, "oldSelf": [], **data})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("self.replicas + 1 == 4", True),
        ("self.containers.all(c, c.image.contains(':'))", True),
        ("self.containers.exists_one(c, c.name == 'a')", True),
        ("self.ports.map(p, p > 100, p * 2)", [886, 16160]),
        ("self.ports.exists(i, p, i == 2 && p == 8080)", True),
        ("self.labels.transformMap(k, v, k + '=' + v)", {"app": "app=web", "tier": "tier=front"}),
        ("self.ports.transformList(i, p, i)", [0, 1, 2]),
        ("self.labels.transformMapEntry(k, v, {v: k})", {"web": "app", "front": "tier"}),
        ("has(self.missing) ? 1 : 2", 2),
        ("self.?missing.?deeper.orValue('none')", "none"),
        ("self.ratio > self.replicas", False),
        ("self.nothing == null", True),
        ("duration('90m') > duration('1h')", True),
        ("timestamp('2026-01-02T03:04:05Z').getFullYear()", 2026),
        ("'a,b'.split(',').join('-').upperAscii()", "A-B"),
        ("'%s has %d'.format([self.name, count])", "web-1 has 2"),
        ("sets.contains([1, 2, 3], [2])", True),
        ("self.name.matches('^web-[0-9]+$')", True),
    ],
)
def test_standard_expression_has_its_value(text: str, expected: object) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quantity(self.memory).isGreaterThan(quantity('1536M'))", True),
        ("quantity('200M').compareTo(quantity('0.2G'))", 0),
        ("quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')", True),
        ("quantity('50k').asInteger()", 50_000),
        ("quantity('500m').isInteger()", False),
        ("quantity('-1').sign()", -1),
        ("[isQuantity('1.3Gi'), isQuantity('1,3G'), isQuantity('200K')]", [True, False, False]),
        ("ip('::1').family() + ip('10.0.0.1').family()", 10),
        ("[isIP('127.0.0.256'), isIP('::ffff:1.2.3.4'), ip.isCanonical('2001:DB8::1')]", [False, False, False]),
        ("ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()", True),
        ("ip('ff02::1').isLinkLocalMulticast() && !ip('ff00::1').isGlobalUnicast()", True),
        ("cidr('192.168.0.0/24').containsIP('192.168.0.9')", True),
        ("cidr('192.168.0.0/16').containsCIDR(cidr('192.168.10.0/24'))", True),
        ("cidr('192.168.1.0/24').containsCIDR('192.168.2.0/24')", False),
        ("cidr('10.0.0.1/8').masked() == cidr('10.0.0.0/8')", True),
        ("cidr('::1/128').ip() == ip('::1') && cidr('::1/128').prefixLength() == 128", True),
        ("semver('1.0.0-alpha.2').isLessThan(semver('1.0.0-alpha.10'))", True),
        ("semver('v1.02', true).compareTo(semver('1.2.0'))", 0),
        ("[isSemver('v1.0'), isSemver('v1.0', true), isSemver('1.2.3+b')]", [False, True, True]),
        ("url('https://u:p@example.com:80/a?k=1&k=2').getQuery()['k']", ["1", "2"]),
        ("url('https://[::1]:80/x').getHost() + url('https://[::1]:80/').getHostname()", "[::1]:80::1"),
        ("url('https://e.com/path with spaces/').getEscapedPath()", "/path%20with%20spaces/"),
        ("[isURL('../relative'), isURL('/absolute'), isURL('https://a:b:c/')]", [False, True, False]),
        ("[3, 1, 2].isSorted() || ['a', 'b'].isSorted()", True),
        ("self.ports.sum() + self.ports.max() - self.ports.min()", 16_603),
        ("[1, 2, 2].indexOf(2) + [1, 2, 2].lastIndexOf(2)", 3),
        ("'abc 123'.find('[0-9]+')", "123"),
        ("'a1b22c'.findAll('([a-z])([0-9]+)')", ["a1", "b22"]),
        ("'123 abc 456'.findAll('[0-9]+', 1)", ["123"]),
        ("format.dns1123Label().validate('ok-1').hasValue()", False),
        ("format.uuid().validate('no').value()", ["does not match the UUID format"]),
        ("format.named('date').value().validate('2026-13-01').orValue([])", ["invalid date"]),
        ("format.named('unheard').hasValue()", False),
    ],
)
def test_kubernetes_function_has_its_value(text: str, expected: object) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("self.missing > 1", "no such key: missing"),
        ("self.ports[9] > 1", "index out of bounds: 9"),
        ("1 / (count - 2)", "division by zero"),
        ("self.ratio + 1", "no such overload"),
        ("quantity('three')", "quantities must match the regular expression"),
        ("ip('x').family()", 'IP Address "x" parse error during conversion from string'),
        ("[].max()", "max called on empty list"),
        ("'x'.find('(')", "invalid regular expression: missing )"),
        ("oldSelf.value()", "optional.none() dereference"),
    ],
)
def test_evaluation_fails_in_kubernetes_words_when_data_does_not_fit(text: str, words: str) -> None:
    with pytest.raises(EvaluationFailed, match="^" + re.escape(words)):
        value_of(text)


@pytest.mark.parametrize(
    ("text", "returns", "words"),
    [
        ("self.a +", "", r"compilation failed: ERROR: <input>:1:9: Syntax error"),
        ("unknown == 1", "", r"undeclared reference to 'unknown' \(in container ''\)\n \| unknown == 1\n \| \^"),
        ("count + 'a'", "", r"no matching overload for '_\+_' applied to '\(int, string\)'"),
        ("quantity('1') == '1'", "", r"applied to '\(kubernetes.Quantity, string\)'"),
        ("count", "bool", r"^must evaluate to bool$"),
        ("1" + " + 1" * 5_000, "", r"it may have at most 16384"),
    ],
)
def test_compilation_is_refused_in_kubernetes_words(text: str, returns: str, words: str) -> None:
    with pytest.raises(ExpressionInvalid, match=words):
        compile_expression(text, VARIABLES, returns)


def test_optional_variable_is_its_value_when_there_is_one() -> None:
    assert value_of("oldSelf.hasValue() ? oldSelf.value().replicas : 0", oldSelf=[{"replicas": 7}]) == 7
    assert value_of("oldSelf.optMap(old, old.replicas).orValue(1)", oldSelf=[]) == 1


def test_authorizer_is_asked_what_the_chain_says() -> None:
    asked: list[Asked] = []
    chain = "authorizer.group('apps').resource('deployments').subresource('scale').namespace('n').name('d')"
    expression = compile_expression(f"{chain}.check('update').allowed()", VARIABLES)

    def authorize(question: Asked) -> tuple[bool, str]:
        asked.append(question)
        return True, "because"

    assert expression.evaluate({}, authorize) is True
    assert asked == [Asked("update", "", "", "apps", "deployments", "scale", "n", "d")]


def test_names_are_the_variables_that_an_expression_uses() -> None:
    assert "oldSelf" in compile_expression("oldSelf.hasValue() && self.a", VARIABLES).names
    assert "oldSelf" not in compile_expression("self.oldSelf == 1", VARIABLES).names
