"""Reading a body carefully: what the C decoders do not say, in the words of Go's decoder.

Almost every body is right, and `strict` says so in one C pass. One that is not comes here: `tree` decodes it without
losing keys that stand twice, `shapes` walks it along its type as Go would, `findings` collects what is found there.
"""

from kubernel.objects.reading.findings import Findings
from kubernel.objects.reading.places import Mismatch
from kubernel.objects.reading.shapes import read_carefully
from kubernel.objects.reading.tree import has_duplicates, plain_of, tree_of

__all__ = ["Findings", "Mismatch", "has_duplicates", "plain_of", "read_carefully", "tree_of"]
