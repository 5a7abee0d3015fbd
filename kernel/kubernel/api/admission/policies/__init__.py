"""ValidatingAdmissionPolicies: rules over writes that the server itself evaluates, put in force by bindings.

`compiled` is what the objects mean, `parameters` finds what a binding refers to, `deciding` evaluates one policy on one
write, `judging` asks all of them.
"""
