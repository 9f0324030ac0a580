"""Several answers as one, on the careful side; pure."""

from collections.abc import Mapping

from controller.model.outcomes import Done, Outcome, Refused, Unknown


def combine(outcomes: Mapping[str, Outcome]) -> Outcome:
    """Return `Done` if all are; otherwise the worst: unknown before refused.

    One part refused while another is done is `Unknown`: the whole is not
    certainly absent.
    """
    done = {n: o for n, o in outcomes.items() if isinstance(o, Done)}
    if len(done) == len(outcomes):
        return Done(_merge(done))
    reasons = "; ".join(
        f"{name}: {o.reason}"
        for name, o in outcomes.items()
        if isinstance(o, Refused | Unknown)
    )
    unknown = any(isinstance(o, Unknown) for o in outcomes.values())
    return Unknown(reasons) if unknown or done else Refused(reasons)


def at_least_one(outcomes: Mapping[str, Outcome]) -> Outcome:
    """Return `Done` if any is, the others reported as evidence `unreached`."""
    done = {n: o for n, o in outcomes.items() if isinstance(o, Done)}
    if not done:
        return combine(outcomes)
    missing = {
        name: o.reason
        for name, o in outcomes.items()
        if isinstance(o, Refused | Unknown)
    }
    evidence = _merge(done)
    if missing:
        told = "; ".join(f"{name}: {reason}" for name, reason in missing.items())
        evidence = {**evidence, "unreached": told}
    return Done(evidence)


def _merge(done: Mapping[str, Done]) -> Mapping[str, str]:
    return {
        f"{name}.{key}": value
        for name, outcome in done.items()
        for key, value in outcome.evidence.items()
    }
