"""Requests that somebody else answers: a node's agent, a program in a pod.

They are authorised here like any other and then passed on: as HTTP (`plain`), or, when the client wants the
connection to become something else, as bytes (`upgrade`); `passing` chooses. `backends` knows who answers.
"""
