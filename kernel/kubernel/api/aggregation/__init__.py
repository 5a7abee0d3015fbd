"""Groups of the API that others serve: an APIService says which, and where.

`remotes` is the table of them, `availability` keeps their condition up to date, `passing` hands requests on, `listing`
shows them in discovery, `local` shows the groups that this server serves itself as APIServices too, and `Aggregation`
is all of it together.
"""

from kubernel.api.aggregation.aggregation import Aggregation

__all__ = ["Aggregation"]
