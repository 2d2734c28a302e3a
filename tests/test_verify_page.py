"""/verify/ in Chromium: real bytes of every kind, whole and changed; every answer; nothing leaves the browser."""

import base64
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Request, Route, expect

from ismpe_site.model.certificates import AwardIssued, Certificate, StateChanged, check_character, is_number
from ismpe_site.publications.verify_page import issued_script
from tests.quality.browser import Watch, axe_violations, overflow, serve, watch
from tests.specimen_certificates import (
    ACTIVE,
    EXPIRED,
    NOT_YET,
    NUMBERS,
    STATES,
    SUPERSEDED,
    SUSPENDED,
    TODAY,
    WITHDRAWN,
    canonical,
    credential,
    issued,
    scheme,
)
from tests.test_quality import VIEWS

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
FILES = {one.view.number: one.files for one in issued()}
NAMES = {one.view.number: one.view.organisation for one in issued()}
NOON = f"{TODAY}T12:00:00Z"
KIND = "parts => parts.map(part => part.dataset.kind)"


@pytest.fixture(scope="module")
def folder(made_up_certificates: Path) -> Path:
    return made_up_certificates


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve(folder) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page on the day of the specimens; in the end no page may have complained or asked elsewhere."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def at(path: str = "verify/", **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        page = context.new_page()
        contexts.append((context, watch(page, address)))
        page.clock.set_fixed_time(NOON)
        page.goto(address + path)
        return page

    yield at
    for context, seen in contexts:
        context.close()
        assert seen.console_errors == []
        assert seen.foreign_requests == []


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def choose(page: Page, *files: FilePayload | Path) -> None:
    """Choose files, and wait for as many answers."""
    page.evaluate("document.querySelector('.answers-list').replaceChildren()")
    page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]
    expect(page.locator(".verdict")).to_have_count(len(files))


def kinds(page: Page) -> list[str]:
    found: list[str] = page.locator(".verdict").evaluate_all(KIND)
    return found


def type_number(page: Page, number: str) -> None:
    page.evaluate("document.querySelector('.answers-list').replaceChildren()")
    page.get_by_label("A number", exact=True).fill(number)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdict")).to_have_count(1)


# -- genuine files ----------------------------------------------------------------------------------------------------


def test_every_file_that_was_issued_is_genuine_and_stands_as_its_certificate_does(opened: Open) -> None:
    page = opened()
    files = [(number, name, data) for number in NUMBERS for name, data in FILES[number].items()]
    choose(page, *(file(f"{number} {name}", data) for number, name, data in files))
    assert kinds(page) == [STATES[number] for number, _, _ in files]
    facts = page.locator(".verdict .facts").all_inner_texts()
    for (number, _, _), said in zip(files, facts, strict=True):
        assert number in said
        assert NAMES[number] in said


HEADLINES = {
    ACTIVE: ("Genuine, and active today", "valid to 11 January 2029"),
    SUPERSEDED: ("Genuine, but superseded", f"on 3 November 2026 another certificate took its place. {ACTIVE}"),
    SUSPENDED: ("Genuine, but suspended", "since 1 October 2026"),
    WITHDRAWN: ("Genuine, but withdrawn", "on 1 September 2026"),
    EXPIRED: ("Genuine, but expired", "valid to 1 May 2026"),
    NOT_YET: ("Genuine, but not yet valid", "valid from 1 January 2027"),
}


def test_the_answer_says_it_in_words_and_leads_to_the_certificate(opened: Open) -> None:
    page = opened()
    choose(page, *(file("copy.pdf", FILES[number]["certificate.pdf"]) for number in HEADLINES))
    reasons = {one.view.number: [change[2] for change in one.view.changes] for one in issued()}
    for (number, (headline, sentence)), verdict in zip(HEADLINES.items(), page.locator(".verdict").all(), strict=True):
        expect(verdict.get_by_role("heading")).to_have_text(re.compile(rf"^\s*{headline}\s*$"))
        said = re.sub(r"\s+", " ", verdict.inner_text())
        assert sentence in said
        assert "byte for byte" in said
        assert "test keys" in said
        assert "{" not in said
        assert ("specimen" in said.lower()) == (number != ACTIVE)
        assert all(reason in said for reason in reasons[number])
        link = verdict.locator(".facts").get_by_role("link", name=number)
        assert link.get_attribute("href") == f"../certificates/{number}/index.html"
    page.locator(".facts a").last.click()
    assert page.url.endswith(f"/certificates/{NOT_YET}/index.html")
    assert page.locator(f"h1:has-text('{NAMES[NOT_YET]}')").count() == 1


def test_a_credential_that_says_the_same_is_genuine_however_it_is_written(opened: Open) -> None:
    number = WITHDRAWN
    said = credential(number, NAMES[number])
    shuffled = dict(reversed(said.items()))
    page = opened()
    choose(
        page,
        file("minified.json", canonical(said).encode()),
        file("ascii.json", json.dumps(shuffled, indent=4).encode()),
        file("spaced.json", b"\r\n\t " + json.dumps(shuffled, ensure_ascii=False).encode() + b"\n\n"),
    )
    assert kinds(page) == [STATES[number]] * 3
    for words in page.locator(".verdict").all_inner_texts():
        assert "written otherwise" in words
        assert "byte for byte" not in words


# -- what was changed -------------------------------------------------------------------------------------------------

JUDGE = """async ([original, changes, day, address]) => {
  const bytes = Uint8Array.from(atob(original), letter => letter.charCodeAt(0));
  const kinds = [];
  for (const [at, bits] of changes) {
    const copy = bytes.slice();
    copy[at] ^= bits;
    const list = () => ismpe.issuedList(address);
    kinds.push((await ismpe.judgeFile(new File([copy], 'copy'), 5e7, list, day)).kind);
  }
  return kinds;
}"""


def structural(data: bytes) -> list[int]:
    """The ends, and the beginnings of the parts that carry the structure of each kind of file."""
    marks = b"%PDF <x:xmpmeta ISMPE- stream %%EOF <svg <![CDATA[ ]]> </openbadges viewBox PNG IHDR iTXt IDAT IEND { }"
    return sorted({0, len(data) - 1, *(data.find(mark) for mark in marks.split() if mark in data)})


def says_the_same(data: bytes, original: bytes) -> bool:
    """Whether a changed file is still the credential, as a reader of JSON understands it."""
    try:
        return canonical(json.loads(data)) == canonical(json.loads(original))
    except ValueError:
        return False


def test_one_changed_byte_is_never_active(opened: Open) -> None:
    page = opened()
    for name, data in FILES[ACTIVE].items():
        given = random.Random(name)
        changes = [(given.randrange(len(data)), given.randrange(1, 256)) for _ in range(200)]
        changes += [(at, 1) for at in structural(data)]
        asked = [base64.b64encode(data).decode(), [*changes, (0, 0)], str(TODAY), "issued.js"]
        *answers, unchanged = page.evaluate(JUDGE, asked)
        assert unchanged == "active"
        for (at, bits), answer in zip(changes, answers, strict=True):
            changed = bytearray(data)
            changed[at] ^= bits
            if name == "credential.json" and says_the_same(bytes(changed), data):
                assert answer == "active"
            else:
                assert answer in ("altered", "not ours"), (name, at, bits)
        # Most changes leave the number, so that the page can say whose file it was.
        assert answers.count("altered") > 0.8 * len(answers)


def changed_files(number: str = ACTIVE) -> dict[str, bytes]:
    files = FILES[number]
    said = credential(number, NAMES[number])
    higher = {**said, "name": "Platinum"}
    twice = '{"name":"Platinum",' + canonical(said)[1:]
    deep = canonical(said).replace('"is":[3,1]', '"is":[3,1],"is":[3,1]')
    return {
        "another name.json": json.dumps(higher).encode(),
        "a key twice.json": twice.encode(),
        "a key twice, deep.json": deep.encode(),
        "one number otherwise.json": canonical(said).replace("[3,1]", "[3,1.0]").encode(),
        "a mark before.json": b"\xef\xbb\xbf" + files["credential.json"],
        "in an array.json": b"[" + files["credential.json"] + b"]",
        "appended.pdf": files["certificate.pdf"] + b"\n",
        "cut.pdf": files["certificate.pdf"][:-8],
        "two in one.pdf": files["certificate.pdf"] + files["report.pdf"],
    }


def test_what_was_changed_on_purpose_is_altered_and_the_genuine_files_are_offered(opened: Open) -> None:
    page = opened()
    choose(page, *(file(name, data) for name, data in changed_files().items()))
    assert dict(zip(changed_files(), kinds(page), strict=True)) == dict.fromkeys(changed_files(), "altered")
    for said in page.locator(".verdict").all_inner_texts():
        assert f"It names certificate {ACTIVE}" in said
        assert "Quill" not in said
    page.get_by_role("link", name="The genuine files").first.click()
    assert page.url.endswith(f"/certificates/{ACTIVE}/index.html#files")
    assert page.get_by_role("link", name="certificate.pdf").is_visible()


def test_another_picture_around_a_genuine_credential_is_not_genuine(opened: Open) -> None:
    svg, png = FILES[ACTIVE]["badge-light.svg"], FILES[ACTIVE]["badge.png"]
    page = opened()
    choose(page, file("badge.svg", svg.replace(b"#888", b"#d4af37")), file("badge.png", png + b"\0"))
    assert kinds(page) == ["altered", "altered"]
    for said in page.locator(".verdict").all_inner_texts():
        assert "The credential in it is genuine" in said


def test_what_is_not_ours(opened: Open) -> None:
    page = opened()
    never = "ISMPE-2026-0999-" + check_character("ISMPE-2026-0999")
    hostile = "<img src=x onerror=alert(1)>.pdf"
    choose(
        page,
        file("holiday.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256))),
        file(hostile, b"%PDF-1.7 certificate of ISMPE"),
        file("invented.pdf", f"%PDF-1.7 {never}".encode()),
        file("mistyped.pdf", b"%PDF-1.7 ISMPE-2026-0001-8"),
        file("other.json", b'{"type": ["VerifiableCredential"]}'),
        file("deep.json", b"[" * 200_000 + b"]" * 200_000),
        file("list.json", b"[]"),
        file("text.json", b'"ISMPE"'),
        file("broken.png", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXt"),
        file("half.png", b"\x89PNG\r\n\x1a\n\0\0\0\x17iTXtopenbadgecredential\0\0\0xx"),
        file("open.svg", b"<svg><openbadges:credential" * 5000),
    )
    assert kinds(page) == ["not ours"] * 11
    said = page.locator(".verdict").all_inner_texts()
    assert hostile in said[1]
    assert [never in words for words in said] == [False, False, True, *[False] * 8]
    assert not any("genuine" in words.lower() for words in said)


# -- what cannot be told ----------------------------------------------------------------------------------------------


def test_an_empty_and_a_large_file_are_unknown(opened: Open, tmp_path: Path) -> None:
    empty, large = tmp_path / "empty.pdf", tmp_path / "large.pdf"
    empty.touch()
    with large.open("wb") as out:
        out.truncate(50_000_001)
    page = opened()
    choose(page, empty, large)
    assert kinds(page) == ["unknown", "unknown"]
    said = page.locator(".verdict").all_inner_texts()
    assert "empty" in said[0]
    assert "larger than 50 MB" in said[1]


def test_a_file_that_cannot_be_read_is_unknown(opened: Open, tmp_path: Path) -> None:
    page = opened()
    vanishing = tmp_path / "vanishing.pdf"
    vanishing.write_bytes(FILES[ACTIVE]["certificate.pdf"])
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'own'}))")
    page.locator("#own").set_input_files(vanishing)
    vanishing.unlink()
    drop = """() => {
      const carried = new DataTransfer();
      carried.items.add(document.getElementById('own').files[0]);
      document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop)
    expect(page.locator(".verdict")).to_contain_text("could not read it")
    assert kinds(page) == ["unknown"]


def test_without_the_list_nothing_is_said_and_the_next_try_may_succeed(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time(NOON)
    page.goto(address + "verify/")
    given = [None, "globalThis.ismpeIssued={form:2,certificates:[]};", "globalThis.ismpeIssued=undefined;"]
    answer: list[str | None] = []

    def other(route: Route) -> None:
        if answer[-1] is None:
            route.abort()
        else:
            route.fulfill(body=answer[-1], content_type="text/javascript")

    page.route("**/issued.js", other)
    genuine = file("certificate.pdf", FILES[ACTIVE]["certificate.pdf"])
    for body in given:
        answer.append(body)
        choose(page, genuine)
        assert kinds(page) == ["unknown"]
        assert "could not be loaded" in page.locator(".verdict").inner_text()
        type_number(page, ACTIVE)
        assert kinds(page) == ["unknown"]
    page.unroute("**/issued.js")
    choose(page, genuine)
    assert kinds(page) == ["active"]
    page.close()


def test_by_plain_http_no_file_is_judged_but_numbers_are(browser: Browser, folder: Path) -> None:
    """Elsewhere than on this machine a browser has no digests for a page that came by http."""
    page = browser.new_page()
    page.clock.set_fixed_time(NOON)

    def answered(route: Route) -> None:
        path = folder / route.request.url.removeprefix("http://ismpe.example/")
        route.fulfill(path=path / "index.html" if path.is_dir() else path)

    page.route("http://ismpe.example/**", answered)
    page.goto("http://ismpe.example/verify/")
    choose(page, file("certificate.pdf", FILES[ACTIVE]["certificate.pdf"]))
    assert kinds(page) == ["unknown"]
    assert "https" in page.locator(".verdict").inner_text()
    type_number(page, ACTIVE)
    assert kinds(page) == ["active"]
    page.close()


# -- numbers ----------------------------------------------------------------------------------------------------------


AS_TYPED = (
    ACTIVE,
    "ismpe-2026-0001-9",
    "  ISMPE 2026 0001 9 ",
    "ISMPE202600019",
    "2026-0001-9",
    "202600019",
    "ISMPE–2026–0001–9",
    "ＩＳＭＰＥ－２０２６－０００１－９",
    f"https://ismpe.example/certificates/{ACTIVE}/",
    f"No. {ACTIVE}.",
)


def test_a_number_is_understood_as_people_write_it(opened: Open) -> None:
    page = opened()
    for typed in AS_TYPED:
        type_number(page, typed)
        assert kinds(page) == ["active"], typed
        said = page.locator(".verdict").inner_text()
        assert "Active today" in said
        assert "A number alone proves nothing" in said
        assert "byte for byte" not in said


def test_a_typing_error_is_not_a_number_that_was_never_given(opened: Open) -> None:
    page = opened()
    type_number(page, "ISMPE-2026-0001-8")
    assert kinds(page) == ["unknown"]
    assert "A typing error" in page.locator(".verdict").inner_text()
    type_number(page, "ISMPE-2026-0999-" + check_character("ISMPE-2026-0999"))
    assert kinds(page) == ["not ours"]
    assert "There is no such certificate" in page.locator(".verdict").inner_text()
    type_number(page, "hello")
    assert kinds(page) == ["unknown"]
    assert "Not a certificate number" in page.locator(".verdict").inner_text()


def test_what_looks_alike_is_proposed(opened: Open) -> None:
    page = opened()
    for typed in ("ISMPE-2O26-OOO1-9", "1SMPE-2026-0001-9", "ISMPE-2026-000I-9", "ISMPE-2026-000l-9"):
        type_number(page, typed)
        assert kinds(page) == ["unknown"]
        page.get_by_role("button", name=ACTIVE).click()
        expect(page.locator(".verdict")).to_contain_text("Active today")
        assert page.get_by_label("A number", exact=True).input_value() == ACTIVE


def test_an_address_may_ask_for_a_number(opened: Open) -> None:
    page = opened(f"verify/?number={WITHDRAWN}")
    expect(page.locator(".verdict")).to_contain_text("Withdrawn")
    assert kinds(page) == ["withdrawn"]


def test_the_check_character_is_that_of_the_program(opened: Open) -> None:
    given = random.Random(7)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    stems = ["A12425GABC1234002", *("".join(given.choices(alphabet, k=given.randrange(1, 20))) for _ in range(500))]
    numbers = [f"ISMPE-{given.randrange(1000, 2999)}-{n:04d}-{given.choice(alphabet)}" for n in range(2000)]
    numbers += [*NUMBERS, f"{ACTIVE}\n", f" {ACTIVE}", f"{ACTIVE}0", "ISMPE-3026-0001-9", ""]
    page = opened()
    assert page.evaluate("stems => stems.map(ismpe.checkCharacter)", stems) == [check_character(s) for s in stems]
    found = page.evaluate("numbers => numbers.map(ismpe.isNumber)", numbers)
    assert found == [is_number(number) for number in numbers]
    assert 40 < sum(found) < 120


# -- the state of a certificate ---------------------------------------------------------------------------------------

AWARDED, UNTIL = date(2024, 2, 29), date(2027, 2, 28)
EVENTS = ("superseded", "suspended", "reinstated", "withdrawn")


def courses() -> Iterator[tuple[tuple[str, date], ...]]:
    """Courses of a certificate, possible or not: up to three changes, on days about the ends of its validity."""
    days = (AWARDED - timedelta(1), AWARDED, date(2025, 6, 1), UNTIL, UNTIL + timedelta(1))
    for count in range(4):
        for events in itertools.product(EVENTS, repeat=count):
            for on in itertools.combinations_with_replacement(days, count):
                yield tuple(zip(events, on, strict=True))


def test_the_state_is_that_of_the_program_on_every_day(opened: Open) -> None:
    days = [day + timedelta(more) for day in (AWARDED, date(2025, 6, 1), UNTIL) for more in (-2, -1, 0, 1, 2)]
    award = AwardIssued(
        sequence=1, on=AWARDED + timedelta(1), previous="0" * 64, event="issued", number=ACTIVE, replaces=None,
        assessment="a/b/2024-02", organisation="A", programme="B", specimen=True, edition="2003", level="gold",
        awarded=AWARDED, valid_until=UNTIL, status_index=0, files={}, credential="0" * 64,
    )  # fmt: skip
    expected: list[str] = []
    asked: list[dict[str, object]] = []
    for course in courses():
        changes = tuple(
            StateChanged.model_construct(event=event, on=on, number=ACTIVE, reason="So.", by=None)
            for event, on in course
        )
        certificate = Certificate.model_construct(issued=award, changes=changes)
        expected += [certificate.state(day) for day in days]
        said = {"issued": str(award.on), "awarded": str(AWARDED), "until": str(UNTIL)}
        asked.append({**said, "changes": [[event, str(on), "So.", ""] for event, on in course]})
    page = opened()
    script = "([asked, days]) => asked.flatMap(one => days.map(day => ismpe.state(one, day)))"
    assert page.evaluate(script, [asked, [str(day) for day in days]]) == expected
    assert set(expected) == {"active", "superseded", "suspended", "withdrawn", "expired", "not yet valid"}
    assert len(expected) > 30_000


MOMENTS = {
    # Awarded on the 12th, issued on the 20th.
    "Pacific/Kiritimati": {"2029-01-11T09:59:00Z": "active", "2029-01-11T10:01:00Z": "expired"},
    "America/Los_Angeles": {
        "2026-01-20T07:59:00Z": "not yet valid",
        "2026-01-20T08:01:00Z": "active",
        "2029-01-12T07:59:00Z": "active",
        "2029-01-12T08:01:00Z": "expired",
    },
}


@pytest.mark.parametrize("zone", MOMENTS)
def test_the_last_day_counts_and_ends_where_the_reader_is(browser: Browser, address: str, zone: str) -> None:
    context = browser.new_context(timezone_id=zone)
    page = context.new_page()
    page.goto(address + "verify/")
    for moment, kind in MOMENTS[zone].items():
        page.clock.set_fixed_time(moment)
        choose(page, file("certificate.pdf", FILES[ACTIVE]["certificate.pdf"]))
        assert kinds(page) == [kind], moment
    context.close()


# -- the page ---------------------------------------------------------------------------------------------------------


def test_nothing_leaves_the_browser(opened: Open, address: str) -> None:
    page = opened()
    page.wait_for_load_state("networkidle")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    choose(page, file("certificate.pdf", FILES[ACTIVE]["certificate.pdf"]))
    page.evaluate("Promise.allSettled([...document.fonts].map(face => face.status === 'loading' && face.loaded))")
    # All the fonts at once, whatever the names to show; the browser may ask for the icon of its tab at any time.
    assert [url for url in asked if "/assets/" not in url] == [f"{address}verify/issued.js"]
    asked.clear()
    choose(page, *(file(name, data) for name, data in changed_files().items()))
    choose(page, *(file(name, data) for name, data in FILES[WITHDRAWN].items()))
    type_number(page, ACTIVE)
    type_number(page, "ISMPE-2O26-OOO1-9")
    assert asked == []
    assert page.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0


def test_the_policy_lets_the_page_send_nothing(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "verify/")
    for send in ("fetch('issued.js')", "fetch('/', {method: 'POST', body: 'x'})"):
        assert page.evaluate(f"{send}.then(() => 'sent', () => 'refused')") == "refused"
    page.close()


def test_it_works_from_a_folder_on_disk(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time(NOON)
    page.goto((folder / "verify/index.html").as_uri())
    choose(page, *(file(name, data) for name, data in FILES[ACTIVE].items()))
    assert set(kinds(page)) == {"active"}
    page.locator(".facts a").first.click()
    assert page.url.endswith(f"/certificates/{ACTIVE}/index.html")
    expect(page.locator(".standing")).to_contain_text("Active today")
    page.close()


def test_the_keyboard_and_a_screen_reader_are_led_to_the_answer(opened: Open) -> None:
    page = opened()
    page.get_by_label("A number", exact=True).fill(ACTIVE)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_focused()
    assert page.get_by_role("article", name="Active today").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == ACTIVE
    choose(page, file("a", b"a"), file("b", b"b"))
    expect(page.locator(".answers")).to_be_focused()
    assert page.get_by_role("region", name="Answer", exact=True).count() == 1
    status = page.get_by_role("status")
    assert status.count() == 1
    assert status.text_content() == ""


def test_files_may_be_dropped_anywhere_and_the_page_stays(opened: Open) -> None:
    page = opened()
    data = base64.b64encode(FILES[ACTIVE]["badge.png"]).decode()
    drop = """([data, target]) => {
      const carried = new DataTransfer();
      const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
      carried.items.add(new File([bytes], 'badge.png'));
      const event = kind => new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true});
      const place = document.querySelector(target);
      const left = place.dispatchEvent(event('dragover'));
      const shown = document.querySelector('.drop').classList.contains('dragged');
      place.dispatchEvent(event('drop'));
      return [left, shown];
    }"""
    for target in (".drop", "footer"):
        page.evaluate("document.querySelector('.answers-list').replaceChildren()")
        assert page.evaluate(drop, [data, target]) == [False, True]
        expect(page.locator(".verdict")).to_have_count(1)
        assert kinds(page) == ["active"]
        assert page.locator(".dragged").count() == 0


def test_the_same_file_can_be_chosen_again(opened: Open) -> None:
    page = opened()
    for _ in range(2):
        choose(page, file("certificate.pdf", FILES[ACTIVE]["certificate.pdf"]))
        assert kinds(page) == ["active"]


def test_without_a_script_the_page_explains_itself(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert page.locator(".check").is_hidden()
    note = page.locator("noscript .note")
    assert "runs no scripts" in note.inner_text()
    assert page.get_by_text("sha256sum certificate.pdf").is_visible()
    note.get_by_role("link", name="check the file with tools of your own").click()
    assert page.url.endswith("#without")


def test_every_answer_is_accessible_in_every_view(opened: Open) -> None:
    of_states = [file(f"{number}.pdf", FILES[number]["certificate.pdf"]) for number in NUMBERS]
    others = [file("a" * 120 + ".pdf", changed_files()["cut.pdf"]), file("not ours", b"x"), file("unknown", b"")]
    for view, options in VIEWS.items():
        page = opened(**options)
        choose(page, *of_states, *others)
        assert len(set(kinds(page))) == 9
        assert axe_violations(page) == [], view
        assert not overflow(page), view
        shapes = page.locator(".verdict h3 svg").evaluate_all("all => all.map(one => one.innerHTML)")
        assert len(set(shapes)) == 5
        type_number(page, "ISMPE-2O26-OOO1-9")
        assert axe_violations(page) == [], view
        assert not overflow(page), view


def test_the_list_holds_what_the_answers_need_and_no_more() -> None:
    script = issued_script(scheme())
    assert script == issued_script(scheme())
    assert script.startswith(b"globalThis.ismpeIssued={")
    data = json.loads(script.removeprefix(b"globalThis.ismpeIssued=").removesuffix(b";\n"))
    assert [one["number"] for one in data["certificates"]] == list(NUMBERS)
    allowed = {
        "number", "organisation", "programme", "specimen", "edition", "level", "issued", "awarded", "until", "changes",
        "replaces", "files", "credential", "language",
    }  # fmt: skip
    for one in data["certificates"]:
        assert set(one) <= allowed
        assert len(one["files"]) == 7
