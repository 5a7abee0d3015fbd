"""The three patches that clients send: JSON Patch, merge patch and strategic merge patch.

Each takes a plain document and a plain patch, changes neither, and returns a new document, which may share parts with
both. A patch that is no patch is a 400, one that does not fit the document a 422.
"""

from kubernel.objects.patches.json_patch import apply_json_patch
from kubernel.objects.patches.merge_patch import apply_merge_patch
from kubernel.objects.patches.strategic import apply_strategic_patch

__all__ = ["apply_json_patch", "apply_merge_patch", "apply_strategic_patch"]
