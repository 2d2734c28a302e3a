"""An organisation → the little of it that pages about all organisations show; and back, from many, to a Scheme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from ismpe_site.model import Ledger
from ismpe_site.publications.issued import ledger_views
from ismpe_site.publications.views import (
    PublicAward,
    PublicCertificate,
    PublicOrganisation,
    PublicProgramme,
    PublicRatings,
    Scheme,
    alphabetical,
    newest_first,
)


@dataclass(frozen=True, slots=True)
class Outline:
    """An organisation without its texts, its awards, the ratings that statistics count, and its certificates."""

    organisation: PublicOrganisation
    awards: tuple[PublicAward, ...]
    ratings: tuple[PublicRatings, ...] = ()
    certificates: tuple[PublicCertificate, ...] = ()

    def as_json(self) -> object:
        """As plain data that JSON can hold."""
        return _ADAPTER.dump_python(self, mode="json")

    @classmethod
    def from_json(cls, data: object) -> Outline:
        """The outline that ``as_json`` gave; its awards share one organisation."""
        outline = _ADAPTER.validate_python(data)
        programmes = {programme.id: programme for programme in outline.organisation.programmes}
        awards = (
            replace(award, organisation=outline.organisation, programme=programmes[award.programme.id])
            for award in outline.awards
        )
        return cls(outline.organisation, tuple(awards), outline.ratings, outline.certificates)


_ADAPTER = TypeAdapter(Outline)
_NOTHING = Ledger()


def outlines_of(scheme: Scheme) -> Iterator[Outline]:
    """The outline of each organisation of ``scheme``."""
    for organisation in scheme.organisations:
        plain = replace(organisation, about=None, programmes=tuple(_plain(p) for p in organisation.programmes))
        awards = (award for award in scheme.awards if award.organisation.id == organisation.id)
        yield Outline(
            plain,
            tuple(replace(award, organisation=plain, programme=_plain(award.programme)) for award in awards),
            tuple(ratings for ratings in scheme.ratings if ratings.programme.startswith(f"{organisation.id}/")),
            tuple(one for one in scheme.certificates if one.organisation_id == organisation.id),
        )


def _plain(programme: PublicProgramme) -> PublicProgramme:
    return replace(programme, about=None, documents=())


def scheme_of_all(
    commons: Scheme,
    outlines: Iterable[Outline],
    records: tuple[tuple[str, bytes], ...] = (),
    ledger: Ledger = _NOTHING,
) -> Scheme:
    """``commons`` with every organisation and every award, in the orders of ``scheme_of``.

    ``records``: (address, bytes) of the files about all that is issued; ``ledger``: all that is issued.
    """
    organisations: list[PublicOrganisation] = []
    awards: list[PublicAward] = []
    ratings: list[PublicRatings] = []
    certificates: list[PublicCertificate] = []
    for outline in outlines:
        organisations.append(outline.organisation)
        awards += outline.awards
        ratings += outline.ratings
        certificates += outline.certificates
    return replace(
        commons,
        organisations=tuple(sorted(organisations, key=lambda organisation: alphabetical(organisation.name))),
        awards=tuple(sorted(sorted(awards, key=lambda award: award.key), key=lambda a: a.awarded, reverse=True)),
        ratings=tuple(ratings),
        certificates=newest_first(certificates),
        records=records,
        ledger=ledger_views(ledger, commons.editions, {one.id: one.language for one in organisations}),
    )


def award_changes(before: Iterable[Outline], after: Iterable[Outline]) -> Iterator[str]:
    """What became of awards, in words: one that is new, one that is gone, another level, another state."""
    old, new = ({award.key: award for outline in outlines for award in outline.awards} for outlines in (before, after))
    for key in sorted(old.keys() | new.keys()):
        was, becomes = (_in_words(awards.get(key)) for awards in (old, new))
        if was != becomes:
            yield f"{key}: {was} → {becomes}"


def _in_words(award: PublicAward | None) -> str:
    return f"{award.level}, {award.state}" if award else "no award"
