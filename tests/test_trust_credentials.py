"""Credentials, badges, status lists and signed lists, judged by programs of others and by our own."""

import copy
import json
import random
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3 import multikey_from_pem

from ismpe_site.publications import addresses
from ismpe_site.trust import minisign, places
from ismpe_site.trust.bake import bake_png, bake_svg, baked
from ismpe_site.trust.credential import award_credential, judge_credential, read, serialise, sign
from ismpe_site.trust.did import did_document, did_of, did_path
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import make_keys, open_keys
from ismpe_site.trust.status_list import BITS, status_list
from tests import second_signer
from tests.issued_sample import BASE, CREDENTIAL_KEY, DID, FACTS, ISSUED, Sample, issue, keys_for_tests
from tests.quality import verifiers
from tests.quality.verifiers import Case
from tests.status_bits import revoked_in

Change = Callable[[dict[str, Any]], None]
METHOD = f"{DID}#key-2020"
CREATED = "2026-01-01T12:00:00Z"
PUBLIC = {METHOD: CREDENTIAL_KEY.read_bytes()}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>x</title></svg>'


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return issue(tmp_path_factory.mktemp("issued"))


# -- the ways of changing a credential, and what Digital Bazaar's verifier says ------------------------


def higher_score(document: dict[str, Any]) -> None:
    document["credentialSubject"]["result"][0]["value"] = "99.9"


def another_name(document: dict[str, Any]) -> None:
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"


def longer_validity(document: dict[str, Any]) -> None:
    document["validUntil"] = "2099-01-01T00:00:00Z"


def no_status(document: dict[str, Any]) -> None:
    del document["credentialStatus"]


def unsigned_term(document: dict[str, Any]) -> None:
    document["credentialSubject"]["assessor"] = "not a term of the contexts"


def no_proof_value(document: dict[str, Any]) -> None:
    del document["proof"]["proofValue"]


CHANGES: dict[Change, str] = {
    higher_score: "INVALID Invalid signature.",
    another_name: "INVALID Invalid signature.",
    longer_validity: "INVALID Invalid signature.",
    no_status: "INVALID Invalid signature.",
    unsigned_term: "INVALID Safe mode validation error.",
    no_proof_value: "INVALID",
}


def changed(document: dict[str, object], change: Change) -> dict[str, object]:
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def test_a_verifier_of_others_tells_valid_withdrawn_expired_and_changed_apart(sample: Sample) -> None:
    def case(credential: dict[str, object], status: dict[str, object], now: str = "2026-06-01") -> Case:
        return Case(credential, sample.did, status, now)

    alone = replace(FACTS, website=None, overall=None, core_standards=(), assessed=())
    private = sign(award_credential(alone, BASE), sample.keys, DID, ISSUED)
    whole = [
        case(sample.credential, sample.nothing_withdrawn),
        case(sample.credential, sample.withdrawn),
        case(sample.credential, sample.nothing_withdrawn, "2028-12-31T23:59:59Z"),
        case(sample.credential, sample.nothing_withdrawn, "2029-01-02T00:00:00Z"),
        case(sample.credential, sample.nothing_withdrawn, "2025-12-30T00:00:00Z"),
        case(private, sample.nothing_withdrawn),
    ]
    tampered = [case(changed(sample.credential, change), sample.nothing_withdrawn) for change in CHANGES]
    said = verifiers.digital_bazaar([*whole, *tampered])
    assert said[:3] == ["VALID", "REVOKED", "VALID"]
    assert 'is after "validUntil"' in said[3]
    assert 'is before "validFrom"' in said[4]
    assert said[5] == "VALID"
    for change, words in zip(CHANGES, said[6:], strict=True):
        assert words.startswith(CHANGES[change]), change.__name__


def test_a_key_that_speaks_no_more_makes_its_credentials_fail(sample: Sample) -> None:
    public = sample.keys.credential_public
    silenced = did_document(DID, {"key-2020": public}, frozenset({"key-2020"}))
    said = verifiers.digital_bazaar([Case(sample.credential, silenced, sample.nothing_withdrawn, "2026-06-01")])
    assert said[0].startswith("INVALID")


def test_a_second_verifier_and_the_official_schema_accept_it(sample: Sample) -> None:
    altered = changed(sample.credential, higher_score)
    for status, bit in ((sample.nothing_withdrawn, "true"), (sample.withdrawn, "false")):
        fetched = {f"{BASE}.well-known/did.json": sample.did, f"{BASE}status/revocation.json": status}
        whole, broken = verifiers.dcc([sample.credential, altered], fetched)
        assert whole == f"valid_signature=true revocation_status={bit} expiration=true schema=true"
        assert broken == "INVALID invalid_signature"


def test_the_official_schema_finds_no_fault_whatever_is_left_out(sample: Sample) -> None:
    bare = replace(FACTS, website=None, overall=None, core_standards=(), assessed=(), specimen=False)
    for facts in (FACTS, bare):
        assert verifiers.schema_faults(sign(award_credential(facts, BASE), sample.keys, DID, ISSUED)) == []
    assert verifiers.schema_faults(changed(sample.credential, lambda d: d.pop("validFrom")))


def test_a_second_signer_writes_the_same_proof(sample: Sample) -> None:
    plain = {name: value for name, value in sample.credential.items() if name != "proof"}
    assert second_signer.sign(plain, sample.keys, METHOD, CREATED) == sample.credential


@pytest.mark.parametrize("name", ["badge.svg", "badge.png"])
def test_a_badge_carries_the_credential(sample: Sample, tmp_path: Path, name: str) -> None:
    badge = sample.file(name)
    assert baked(badge.read_bytes()) == sample.file("credential.json").read_bytes()
    assert FACTS.website
    said = verifiers.openbadges_verifier(badge, FACTS.website, CREDENTIAL_KEY)
    assert said.accepted, said.words
    other = tmp_path / name
    other.write_bytes(badge.read_bytes().replace(b'"value": "95.8"', b'"value": "99.8"', 1))
    assert not verifiers.openbadges_verifier(other, FACTS.website, CREDENTIAL_KEY).accepted


# -- what we say ourselves ------------------------------------------------------------------------------


def test_what_is_signed_is_told_from_what_is_broken_and_from_strangers(sample: Sample) -> None:
    for document in (sample.credential, sample.nothing_withdrawn, sample.withdrawn):
        assert judge_credential(document, PUBLIC) == "signed"
        assert judge_credential(document, {f"{DID}#key-2029": PUBLIC[METHOD]}) == "stranger"
        assert judge_credential(document, {}) == "stranger"
    for change in CHANGES:
        assert judge_credential(changed(sample.credential, change), PUBLIC) == "broken", change.__name__


def test_a_credential_in_our_name_by_another_key_is_not_ours(sample: Sample) -> None:
    made = make_keys("ISMPE", 2026, b"x", test=True)
    for fragment, judgement in (("key-2020", "broken"), ("key-2027", "stranger")):
        theirs = open_keys(made.private["seal-2026.p12"], made.private["credential-2026.pem"], b"x", fragment)
        forged = sign(award_credential(FACTS, BASE), theirs, DID, ISSUED)
        assert judge_credential(forged, PUBLIC) == judgement
    elsewhere = sign(award_credential(FACTS, "https://other.example/"), sample.keys, "did:web:other.example", ISSUED)
    assert judge_credential(elsewhere, PUBLIC) == "stranger"
    del elsewhere["proof"]
    assert judge_credential(second_signer.sign(elsewhere, sample.keys, METHOD, CREATED), PUBLIC) == "broken"
    unsigned = award_credential(FACTS, BASE)
    assert judge_credential(unsigned, PUBLIC) == "broken"


def test_a_proof_that_a_clock_would_have_to_judge_is_not_ours(sample: Sample) -> None:
    plain = award_credential(FACTS, BASE)
    assert judge_credential(second_signer.sign(plain, sample.keys, METHOD, CREATED), PUBLIC) == "signed"
    ends = second_signer.sign(plain, sample.keys, METHOD, CREATED, expires="2099-01-01T00:00:00Z")
    assert judge_credential(ends, PUBLIC) == "broken"


def hostile(credential: dict[str, Any]) -> dict[str, object]:
    """Documents made to end in an error, or to say in JSON what the proof does not cover."""
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    ring = {f"_:{n}": {"id": f"_:{n}", "evidence": [{"id": f"_:{m}"} for m in range(9)]} for n in range(9)}
    return {
        "nothing": None,
        "a number": 7,
        "a list": [credential],
        "text": json.dumps(credential),
        "proofs in a list": {**credential, "proof": [credential["proof"]]},
        "proof that ends": {**credential, "proof": {**credential["proof"], "expires": "2020-01-01T00:00:00Z"}},
        "unknown suite": {**credential, "proof": {**credential["proof"], "cryptosuite": "none"}},
        "context of its own": {**credential, "@context": [*credential["@context"], {"validUntil": "urn:x"}]},
        "context elsewhere": {**credential, "@context": ["https://elsewhere.example/context.json"]},
        "spelled by its address": {
            **{name: value for name, value in credential.items() if name != "validUntil"},
            "https://www.w3.org/2018/credentials#validUntil": credential["validUntil"],
        },
        "nested without end": {**credential, "name": deep},
        "a ring of nodes": {**credential, "evidence": list(ring.values())},
        "no text": {**credential, "name": "\ud800"},
        "no number": {**credential, "name": float("nan")},
        "a set": {**credential, "name": {1, 2}},
    }


@pytest.mark.parametrize("kind", hostile({"proof": {}, "@context": [], "validUntil": ""}))
def test_a_hostile_credential_is_judged_without_an_error(sample: Sample, kind: str) -> None:
    assert judge_credential(hostile(sample.credential)[kind], PUBLIC) in ("broken", "stranger")


def test_what_the_contexts_leave_unsigned_is_not_signed() -> None:
    document = award_credential(FACTS, BASE)
    with pytest.raises(TrustError, match="cannot be signed whole"):
        sign(changed(document, unsigned_term), keys_for_tests(), DID, ISSUED)
    with pytest.raises(TrustError, match=r"names the issuer did:web:ismpe\.example"):
        sign(document, keys_for_tests(), "did:web:other.example", ISSUED)
    signed = sign(document, keys_for_tests(), DID, ISSUED)
    with pytest.raises(TrustError, match="already carries a proof"):
        sign(signed, keys_for_tests(), DID, ISSUED)


def test_the_dates_of_a_credential_begin_and_end_with_whole_days(sample: Sample) -> None:
    document = sample.credential
    assert document["validFrom"] == document["awardedDate"] == "2026-01-01T00:00:00Z"
    assert document["validUntil"] == "2029-01-01T00:00:00Z"
    assert document["proof"]["created"] == "2026-01-01T12:00:00Z"  # type: ignore[index]


def test_a_credential_says_the_thresholds_of_its_edition_and_each_figure_rounded_down() -> None:
    document: dict[str, Any] = award_credential(FACTS, BASE)
    achievement = document["credentialSubject"]["achievement"]
    assert achievement["criteria"]["narrative"] == "At least 95% overall and 60% in each core standard."
    described = {one["id"].rpartition("#")[2]: one.get("requiredValue") for one in achievement["resultDescription"]}
    assert described == {
        "award-gold-overall": "95",
        "award-gold-core-1": "60",
        "award-gold-core-2": "60",
        "award-gold-core-3": "60",
        "award-gold-level": None,
    }
    assert [one.get("value") for one in document["credentialSubject"]["result"]] == [
        "95.8",
        "91.1",
        "92.2",
        "93.3",
        None,
    ]
    ids = [one["id"] for one in achievement["resultDescription"]]
    assert [one["resultDescription"] for one in document["credentialSubject"]["result"]] == ids


def test_a_specimen_says_so_and_what_is_private_is_nowhere() -> None:
    text = json.dumps(award_credential(FACTS, BASE))
    assert '"name": "SPECIMEN: ISMPE Gold Award"' in text
    assert "the organisation is invented" in text
    hidden = replace(FACTS, specimen=False, overall=None, core_standards=(), assessed=(), report_sri=None)
    text = json.dumps(award_credential(hidden, BASE))
    for word in ("95.8", "91.1", "2025-11", "report", "evidence", "relatedResource", "SPECIMEN", "invented"):
        assert word not in text, word


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"level": "platinum"}, "no level platinum"),
        ({"valid_until": date(2025, 12, 31)}, "ends before it begins"),
        ({"status_index": BITS}, "outside the status list"),
        ({"status_index": -1}, "outside the status list"),
    ],
)
def test_facts_that_cannot_be_are_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(TrustError, match=words):
        award_credential(replace(FACTS, **wrong), BASE)


def test_the_addresses_that_are_signed_are_those_of_the_site() -> None:
    number = FACTS.number
    assert places.certificate(BASE, number) == BASE + addresses.certificate(number)
    for name in ("report.pdf", "credential.json", "badge-light.svg"):
        assert places.certificate(BASE, number, name) == BASE + addresses.certificate_file(number, name)
    assert places.status_list(BASE) == BASE + addresses.STATUS_LIST
    assert places.edition(BASE, "2003") == BASE + addresses.edition("2003")


def test_json_that_two_readers_would_understand_differently_is_not_read(sample: Sample) -> None:
    assert read(serialise(sample.credential)) == sample.credential
    for text in (
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b"[1]",
        b"{",
        b"\xff",
        b"[" * 10_000,
    ):
        with pytest.raises(TrustError, match="the credential"):
            read(text)
    with pytest.raises(TrustError, match="larger than 256 KB"):
        read(b" " * 300_000)


# -- baking -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["]]>", "a ]]]> b", "<x/>&amp;", "\ufffe\uffff", "😀 ü", "\\u005d]>", '"quoted"'])
def test_any_json_can_be_baked_into_an_svg(text: str) -> None:
    credential = serialise({"name": text})
    found = baked(bake_svg(SVG, credential))
    assert found is not None
    assert json.loads(found) == {"name": text}


def test_a_baked_svg_holds_the_credential_first_and_is_drawn_as_before(sample: Sample) -> None:
    assert re.match(rb"<svg [^>]*><openbadges:credential><!\[CDATA\[\{", bake_svg(SVG, b'{"a": 1}'))
    with pytest.raises(TrustError, match="already"):
        bake_svg(sample.file("badge.svg").read_bytes(), b"{}")
    with pytest.raises(TrustError, match="already"):
        bake_png(sample.file("badge.png").read_bytes(), b"{}")
    for wrong in (b"", b"<html></html>", b"<svg/>"):
        with pytest.raises(TrustError, match="svg"):
            bake_svg(wrong, b"{}")
    with pytest.raises(TrustError, match="PNG"):
        bake_png(b"\x89PNG\r\n\x1a\n", b"{}")
    with pytest.raises(TrustError, match="JSON"):
        bake_svg(SVG, b"no")


ENTITIES = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OPEN = b'xmlns:o="https://purl.imsglobal.org/ob/v3p0"'


@pytest.mark.parametrize(
    "badge",
    [
        b"",
        SVG,
        ENTITIES + b'<svg xmlns="http://www.w3.org/2000/svg" ' + OPEN + b"><o:credential>&b;</o:credential></svg>",
        b"<svg " + OPEN + b"><o:credential>{}</o:credential></svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg" ' + OPEN + b">" + b"<o:credential>{}</o:credential>" * 2 + b"</svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg" ' + OPEN + b"><g><o:credential>{}</o:credential></g></svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 200_000,
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 50,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0abcd\0\0\0\0" * 20_000,
        b"x" * 6_000_000,
    ],
    ids=["nothing", "none", "entities", "no SVG", "two", "deeper", "nested", "cut PNG", "many chunks", "large"],
)
def test_what_holds_no_credential_or_means_harm_gives_none(badge: bytes) -> None:
    assert baked(badge) is None


def test_changed_badges_are_read_without_an_error(sample: Sample) -> None:
    chosen = random.Random(8)
    for name in ("badge.svg", "badge.png"):
        data = sample.file(name).read_bytes()
        for _ in range(300):
            copied = bytearray(data)
            for _ in range(chosen.randrange(1, 20)):
                copied[chosen.randrange(len(copied))] = chosen.randrange(256)
            found = baked(bytes(copied[: chosen.randrange(len(copied)) if chosen.random() < 0.3 else None]))
            assert found is None or isinstance(found, bytes)


# -- status list, DID, minisign -----------------------------------------------------------------------------


def test_the_status_list_says_what_was_put_into_it() -> None:
    indices = {0, 7, 8, FACTS.status_index, BITS - 1}
    document = status_list(BASE, indices, ISSUED)
    for index in (*indices, 1, 6, 9, FACTS.status_index + 1, BITS - 2):
        assert revoked_in(document, index) == (index in indices)
    assert status_list(BASE, sorted(indices, reverse=True), ISSUED) == document
    with pytest.raises(TrustError, match="outside the status list"):
        status_list(BASE, [BITS], ISSUED)


@pytest.mark.parametrize(
    ("base_url", "did", "path"),
    [
        ("https://ismpe.example/", "did:web:ismpe.example", ".well-known/did.json"),
        ("https://Example.org/standards/ismpe/", "did:web:example.org:standards:ismpe", "did.json"),
        ("http://localhost:8000/", "did:web:localhost%3A8000", ".well-known/did.json"),
    ],
)
def test_the_issuer_is_named_after_the_address_of_the_site(base_url: str, did: str, path: str) -> None:
    assert did_of(base_url) == did
    assert did_path(base_url) == path


def test_the_did_document_names_all_keys_and_lets_compromised_ones_speak_no_more() -> None:
    public = CREDENTIAL_KEY.read_bytes()
    document: dict[str, Any] = did_document(DID, {"key-2020": public, "key-2029": public}, frozenset({"key-2020"}))
    assert [one["id"] for one in document["verificationMethod"]] == [f"{DID}#key-2020", f"{DID}#key-2029"]
    assert document["assertionMethod"] == [f"{DID}#key-2029"]
    assert document["verificationMethod"][0]["publicKeyMultibase"] == multikey_from_pem(public)
    with pytest.raises(TrustError, match="public key"):
        did_document(DID, {"key-2026": b"nonsense"})
    with pytest.raises(TrustError, match="no host"):
        did_of("ismpe")


def test_minisign_accepts_the_list_of_digests_and_so_do_we(sample: Sample, tmp_path: Path) -> None:
    sums, signature, key = (sample.file(name) for name in ("SHA256SUMS", "SHA256SUMS.minisig", "minisign.pub"))
    said = verifiers.minisign(sums, signature, key)
    assert said.accepted, said.words
    assert "Trusted comment: register serial 1, 2026-01-01" in said.words
    assert verifiers.sha256sum(sums).accepted
    public, text = CREDENTIAL_KEY.read_bytes(), signature.read_text()
    assert minisign.genuine(sums.read_bytes(), text, public)
    assert minisign.trusted_comment(text) == "register serial 1, 2026-01-01"
    edited, comment = tmp_path / "SHA256SUMS", tmp_path / "x.minisig"
    edited.write_bytes(sums.read_bytes().replace(b"a", b"b", 1))
    comment.write_text(text.replace("serial 1", "serial 2"))
    assert not verifiers.minisign(edited, signature, key).accepted
    assert not verifiers.minisign(sums, comment, key).accepted
    assert not minisign.genuine(edited.read_bytes(), text, public)
    assert not minisign.genuine(sums.read_bytes(), comment.read_text(), public)


def test_what_minisign_itself_signs_in_another_way_is_not_taken_for_ours(tmp_path: Path) -> None:
    data, secret, public = tmp_path / "data", tmp_path / "key", tmp_path / "pub"
    data.write_bytes(b"abc")
    for command in (
        ["-G", "-W", "-f", "-s", str(secret), "-p", str(public)],
        ["-S", "-s", str(secret), "-m", str(data)],
    ):
        subprocess.run(["minisign", *command], check=True, capture_output=True, timeout=60)
    theirs = Path(f"{data}.minisig").read_text()
    assert not minisign.genuine(b"abc", theirs, CREDENTIAL_KEY.read_bytes())


def test_no_flipped_character_of_a_signature_goes_unseen_or_ends_in_an_error() -> None:
    keys, public = keys_for_tests(), CREDENTIAL_KEY.read_bytes()
    text = minisign.sign(b"abc", keys, "serial 1")
    begin = text.index("\n") + 1
    for place in range(begin, len(text) - 1):
        other = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        assert not minisign.genuine(b"abc", other, public), place
    for wrong in ("", "\n" * 4, text[:-40], text + text, "x" * 10_000, text.replace("\n", "\r\n")):
        assert not minisign.genuine(b"abc", wrong, public)
    assert not minisign.genuine(b"abc", text, b"nonsense")
    for comment in ("two\nlines", "x" * 2000):
        with pytest.raises(TrustError, match="one line"):
            minisign.sign(b"abc", keys, comment)
