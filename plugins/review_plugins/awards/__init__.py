"""Awards: one module each, at most fifteen statements."""

from __future__ import annotations

from review_plugins.awards.brand_innovation import BrandInnovation
from review_plugins.awards.category_best import CategoryBest
from review_plugins.awards.cohesion import Cohesion
from review_plugins.awards.peoples_choice import PeoplesChoice
from review_plugins.awards.shining_star import ShiningStar
from review_plugins.awards.top_score import TopScore

AWARDS = [BrandInnovation, CategoryBest, Cohesion, PeoplesChoice, ShiningStar, TopScore]
