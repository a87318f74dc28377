"""The two pluggy markers; light, so that a plugin module costs nothing to import."""

from __future__ import annotations

import pluggy

PROJECT = "review"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
