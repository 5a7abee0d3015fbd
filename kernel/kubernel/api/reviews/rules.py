"""What may I do here? ``SelfSubjectRulesReview``: what the authorisers can list, put together."""

from lightkube.models import authorization_v1 as authorization

from kubernel.api.request.call import Answer, Call
from kubernel.api.reviews.reading import answered, read_review
from kubernel.objects.errors import bad_request
from kubernel.objects.kinds.authorization.self_subject_rules_review import SELF_SUBJECT_RULES_REVIEW

__all__ = ["review_own_rules"]


async def review_own_rules(call: Call) -> Answer:
    """Tell what the one who asks may do in a namespace."""
    review = read_review(call, SELF_SUBJECT_RULES_REVIEW)
    namespace = review.spec.namespace or ""
    if not namespace:
        raise bad_request("no namespace on request")
    found = call.state.hooks.rules(call.identity, namespace)
    review.status = authorization.SubjectRulesReviewStatus(
        incomplete=any(rules.is_incomplete for rules in found),
        resourceRules=[
            authorization.ResourceRule(
                verbs=list(rule.verbs),
                apiGroups=list(rule.groups),
                resources=list(rule.resources),
                resourceNames=list(rule.names) or None,
            )
            for rules in found
            for rule in rules.resources
        ],
        nonResourceRules=[
            authorization.NonResourceRule(verbs=list(rule.verbs), nonResourceURLs=list(rule.paths))
            for rules in found
            for rule in rules.paths
        ],
    )
    return answered(call, review)
