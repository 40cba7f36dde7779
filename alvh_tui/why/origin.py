"""Why the numbers of the spot–vol link and the ages of the sources are what they are."""

from alvh_tui.figures import age, number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.toml.text import printable
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import LINK_ORIGINS, from_rules
from alvh_tui.why.known import Known
from alvh_tui.why.making import made, not_known
from alvh_tui.why.names import LINK


def link_value(figure: Figure, known: Known) -> float | None:
    value: float = getattr(known.assessment.valuation.link, figure.name)
    return value


def derive_link(figure: Figure, known: Known) -> Derivation:
    link, name = known.assessment.valuation.link, figure.name
    value, origin = link_value(figure, known), link.origins[name]
    said = LINK_ORIGINS[origin]
    if origin == "history":
        names = ("sessions", "least_moves", "lowest", "highest")
        inputs = [from_rules(f"link.estimate.{key}", known) for key in names]
        inputs.insert(0, Input("sessions used", str(link.sessions), "daily closes", *known.of_closes))
        side = "falls" if name == "beta_down" else "rises"
        solved = (f"the line through the origin that lies closest to all {side} of SPX and VIX's answers",)
        return made(figure, known, value, (said,), inputs, solved=solved)
    where = f"rules {printable(known.assessment.rules.name)}, link.{name}"
    given = Input(LINK[name], number(value, 2), where)
    if origin == "default":
        given = from_rules(f"link.default.{name}", known)
    return made(figure, known, value, (said,), (given,))


def source_value(figure: Figure, known: Known) -> float | None:
    source, at = known.sources.get(figure.about), known.assessment.at
    if source is None or figure.name == "state":
        return None
    moment = source.fetch_time if figure.name == "fetch_age" else source.quote_time
    return None if moment is None or moment > at else (at - moment).total_seconds()


def derive_source(figure: Figure, known: Known) -> Derivation | None:
    source = known.sources.get(figure.about)
    if source is None:
        return None
    at = known.assessment.at
    inputs = [
        Input(name, f"{moment.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}", "the source")
        for name, moment in (("newest quote", source.quote_time), ("last answer", source.fetch_time))
        if moment is not None
    ]
    inputs.append(Input("now", f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}", "New York time"))
    said = [printable(source.error)] if source.error else []
    if source.since is not None:
        said.append(f"failing since {source.since.astimezone(NEW_YORK):%Y-%m-%d %H:%M}")
    if source.next_try is not None:
        said.append(f"asked again at {source.next_try.astimezone(NEW_YORK):%H:%M}")
    if figure.name == "state":
        return made(figure, known, source.state.value, said or ["judged by the age of its quotes"], inputs)
    seconds = source_value(figure, known)
    if seconds is None:
        return not_known(figure, known, source.error or "it does not say when", inputs)
    return made(figure, known, age(seconds), (*said, "now less that moment"), inputs)
