"""Keep what was learnt of each outlet beside the captures, so that every later build reads by the same templates."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from crawler.outlet import Outlet
from crawler.storage import take_place
from crawler.template import Template

FOLDER = "learnt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What is known of one outlet: its templates, the newest first.

    `taken` is when the newest page was fetched (UTC) that was known when lessons were taken last, `times` how often
    they led nowhere since they led to a template.
    """

    templates: tuple[Template, ...] = ()
    taken: datetime | None = None
    times: int = 0

    def retired(self, template: str, until: datetime) -> "Learnt":
        """Return the same with one template out of use from a moment (UTC) on."""
        return replace(
            self,
            templates=tuple(
                replace(one, until=until) if one.id == template and one.until is None else one for one in self.templates
            ),
        )


LEARNT = TypeAdapter(Learnt)


def read_learnt(captures: Path) -> dict[str, Learnt]:
    """Return what was learnt of each outlet, by slug. Raises ValueError for a file that is damaged."""
    found = {}
    for path in sorted((captures / FOLDER).glob("*.json")):
        try:
            found[path.stem] = LEARNT.validate_json(path.read_bytes())
        except ValidationError as error:
            raise ValueError(
                f"{path}: not what was learnt of an outlet ({error.error_count()} errors): delete it, and its pages "
                "are read whole until they have been learnt again"
            ) from None
    return found


def write_learnt(captures: Path, slug: str, learnt: Learnt) -> None:
    """Keep what was learnt of an outlet in place of what was known before."""
    path = captures / FOLDER / f"{slug}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(asdict(learnt), ensure_ascii=False, indent=1, default=datetime.isoformat), "utf-8")
    take_place(part, path)


def taught(outlets: Mapping[str, Outlet], learnt: Mapping[str, Learnt]) -> dict[str, Outlet]:
    """Return the outlets with what was learnt of them."""
    return {slug: one.taught(learnt[slug].templates) if slug in learnt else one for slug, one in outlets.items()}
