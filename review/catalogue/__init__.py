"""The English text of every code of the core, by area; plain data.

`{name}` stands for a parameter. Add a code to its area, its Chinese text to
`locale/zh_Hans/LC_MESSAGES/messages.po`, and use it through `Message`.
"""

from __future__ import annotations

from review.catalogue.agreement import AGREEMENT
from review.catalogue.comparing import COMPARING
from review.catalogue.core import EXPLANATIONS, REASONS, WRITING
from review.catalogue.live import LIVE
from review.catalogue.pairwise import PAIRWISE
from review.catalogue.problems import PROBLEMS
from review.catalogue.stability import STABILITY
from review.catalogue.unusual import UNUSUAL
from review.text import N_

#: Names of attributes and tie-breaks as the files have them; those with a colon go on with a name.
NAMES = {
    # of proposals and judges
    "amount": N_("amount"),
    "category": N_("category"),
    "community": N_("community"),
    "organisation": N_("organisation"),
    "team": N_("team"),
    "track": N_("track"),
    # of the chain that breaks ties
    "criterion:": N_("criterion “{name}”"),
    "decision": N_("a decision"),
    "fact:": N_("fact “{name}”"),
    "head_to_head": N_("direct comparison"),
    "lot": N_("lot"),
    "median": N_("the median"),
    "score:": N_("the score in “{name}”"),
    "subtotal": N_("the subtotal"),
    "top_marks": N_("the number of top marks"),
}

CATALOGUE: dict[str, str] = {
    **REASONS,
    **EXPLANATIONS,
    **WRITING,
    **PROBLEMS,
    **LIVE,
    **AGREEMENT,
    **STABILITY,
    **COMPARING,
    **PAIRWISE,
    **UNUSUAL,
}
