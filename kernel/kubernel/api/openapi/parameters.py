"""The parameters of operations, as data: those of paths, of reads, of writes, and of connections into pods."""

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["DELETE", "FORCE", "LIST", "OF_SUBRESOURCE", "PATH_PARAMETERS", "PRETTY", "SELECTION", "WRITE", "Parameter"]


class Parameter(NamedTuple):
    """A query or path parameter: its name, its type in OpenAPI and what it is for."""

    name: str
    type: str
    text: str


PATH_PARAMETERS = {
    "name": "The name of the object.",
    "namespace": "The namespace of the object.",
    "path": "The path at the target, without its leading slash.",
}
_DRY_RUN = Parameter("dryRun", "string", "All: check the request, answer as if it were carried out, store nothing.")
PRETTY = Parameter("pretty", "string", "Whether the answer is indented for people: true or false.")
WRITE = (
    _DRY_RUN,
    Parameter("fieldManager", "string", "The name of the actor or program that makes the change, for managedFields."),
    Parameter(
        "fieldValidation",
        "string",
        "What happens to unknown and duplicate fields: Ignore drops them, Warn (the default) tells of them, Strict "
        "refuses the request.",
    ),
    PRETTY,
)
FORCE = Parameter("force", "boolean", "Only for an apply patch: take fields that others own.")
SELECTION = (
    Parameter("labelSelector", "string", "Restricts the objects by their labels."),
    Parameter("fieldSelector", "string", "Restricts the objects by their fields."),
    Parameter("limit", "integer", "The largest number of items in one answer."),
    Parameter("continue", "string", "Where an earlier, limited list stopped."),
    Parameter("resourceVersion", "string", "The revision that the answer is based on."),
    Parameter("resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."),
    Parameter("timeoutSeconds", "integer", "When a list gives up or a watch ends."),
    Parameter("sendInitialEvents", "boolean", "Begin a watch with everything that is there, ended by a bookmark."),
)
LIST = (
    *SELECTION,
    Parameter("watch", "boolean", "Stream the changes instead of listing."),
    Parameter("allowWatchBookmarks", "boolean", "Send bookmarks on a watch."),
    PRETTY,
)
DELETE = (
    _DRY_RUN,
    Parameter("gracePeriodSeconds", "integer", "Seconds until the object is deleted; 0 deletes at once."),
    Parameter("propagationPolicy", "string", "What becomes of the dependents: Orphan, Background or Foreground."),
    Parameter("orphanDependents", "boolean", "Deprecated: true is Orphan, false is Background."),
    Parameter(
        "ignoreStoreReadErrorWithClusterBreakingPotential",
        "boolean",
        "Deletes an object that cannot be read; no object of this server is unreadable, so it changes nothing.",
    ),
    PRETTY,
)
_CONTAINER = Parameter("container", "string", "The container; it may be left out when there is only one.")
_STREAMS = (
    _CONTAINER,
    Parameter("stderr", "boolean", "Send the standard error stream."),
    Parameter("stdin", "boolean", "Take a standard input stream."),
    Parameter("stdout", "boolean", "Send the standard output stream."),
    Parameter("tty", "boolean", "Give the program a terminal."),
)
OF_SUBRESOURCE: Mapping[str, tuple[Parameter, ...]] = {
    "attach": _STREAMS,
    "exec": (
        Parameter("command", "string", "The command to run, a word a parameter; no shell is in between."),
        *_STREAMS,
    ),
    "log": (
        _CONTAINER,
        Parameter("follow", "boolean", "Go on with what the container writes from now on."),
        Parameter(
            "insecureSkipTLSVerifyBackend",
            "boolean",
            "Do not check the certificate of the node's agent; it is reached without one, so it changes nothing.",
        ),
        Parameter("limitBytes", "integer", "End after so many bytes."),
        PRETTY,
        Parameter("previous", "boolean", "The log of the container's run before this one."),
        Parameter("sinceSeconds", "integer", "Only lines that are not older than this."),
        Parameter("sinceTime", "string", "Only lines since this moment, in RFC 3339."),
        Parameter("stream", "string", "Which of the container's streams: All, Stdout or Stderr."),
        Parameter("tailLines", "integer", "Only so many of the last lines."),
        Parameter("timestamps", "boolean", "Begin every line with the moment at which it was written."),
    ),
    "portforward": (Parameter("ports", "integer", "The ports of the pod, one a parameter."),),
}
"""By the name of the subresource; what is proxied has the parameters of whoever answers."""
