"""How much of an assessment the public gets, and a catalogue without that of which it gets nothing."""

from __future__ import annotations

from datetime import date

from ismpe_site.model import Assessment, Catalogue, Organisation, Programme, Visibility


def visibility(assessment: Assessment, organisation: Organisation) -> Visibility:
    """The word that holds: the assessment's own, else the organisation's.

    Of what is not yet signed off nothing is published but on its own word, never because the organisation is open.
    """
    if assessment.visibility is not None or not assessment.signed_off:
        return assessment.visibility or "private"
    return organisation.visibility


def begun(assessment: Assessment, day: date) -> bool:
    """Whether there is anything to show on ``day``: the written report, or of what is in progress a first day."""
    if assessment.signed_off:
        return assessment.dates.reported is not None and assessment.dates.reported <= day
    return min(assessment.dates.assessed, default=day) <= day


def without_private(catalogue: Catalogue) -> Catalogue:
    """``catalogue`` as if its private assessments did not exist: nothing computed of the result can tell of them.

    A private organisation is left out with its programmes, unless an assessment says otherwise: then it is there with
    the programmes of such assessments.
    """
    organisations = (_public_part(organisation) for organisation in catalogue.organisations)
    shown = tuple(o for o in organisations if o.visibility != "private" or o.programmes)
    return catalogue.model_copy(update={"organisations": shown})


def _public_part(organisation: Organisation) -> Organisation:
    programmes = (_programme(programme, organisation) for programme in organisation.programmes)
    closed = organisation.visibility == "private"
    shown = tuple(programme for programme in programmes if programme.assessments or not closed)
    return organisation.model_copy(update={"programmes": shown})


def _programme(programme: Programme, organisation: Organisation) -> Programme:
    shown = tuple(a for a in programme.assessments if visibility(a, organisation) != "private")
    return programme.model_copy(update={"assessments": shown})
