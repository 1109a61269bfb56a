"""The pack in a real browser (Debian's Chromium), with axe-core and html-validate from npm.

Without Chromium or `npm ci --prefix tests/browser` these tests are skipped, except where CI is set, which fails them.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.frameworks import shipped_frameworks
from pipeline.records import Nomination
from pipeline.report import write_pack
from tests.conftest import ROOT

HERE = Path(__file__).parent
TOOLS = HERE / "node_modules"
AXE = TOOLS / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = [name for name, there in (("Chromium", CHROMIUM), ("axe-core", AXE.is_file())) if not there]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING) and not os.environ.get("CI"), reason=f"not installed: {', '.join(MISSING)}"),
]

HOSTILE = (
    '<script>document.title="taken"</script> "><img src=x onerror=alert(2)> She rang the GP every day. '
    '\u202egnol saw eh\u202c and zero\u200bwidth, \u0007 a bell, 👩🏽\u200d⚕️ a nurse. =HYPERLINK("http://x")'
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory, tagger):
    from pipeline.nominations import read_nominations
    from pipeline.read import Mapping, ingest_files

    folder = tmp_path_factory.mktemp("browser")
    samples = ROOT / "data" / "samples"
    ingest_files([str(samples / "awards-2026.xlsx"), str(samples / "letters")], Mapping(), folder / "n.jsonl")
    rows = list(tagger.all(read_nominations(folder / "n.jsonl")))
    rows.append(tagger.evidence(Nomination(id="<b>1</b>", text=HOSTILE, nominee="<i>\u202eX</i>", category="<u>")))
    long = "She rang the GP every day until the review was booked. " * 4_500
    rows.append(tagger.evidence(Nomination(id="long", text=long, nominee="Very Long")))
    write_pack(rows, shipped_frameworks(), folder / "pack")
    return folder / "pack"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser):
    """Opens a page of the pack; at the end nothing was said on the console and nothing but the pages was asked for."""
    contexts, said, asked = [], [], []

    def open_page(path, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not re.match(r"file:.*\.html(#.*)?$|data:", url)] == []


def nomination(pack, name):
    index = (pack / "index.html").read_text(encoding="utf-8")
    return pack / re.search(rf'href="(nominations/[^"]+)"><bdi>{re.escape(name)}<', index)[1]


def test_the_index_filters_and_searches(pack, opened):
    page = opened(pack / "index.html")
    total = page.locator(".entries > li").count()
    assert total == 37
    assert page.locator("#count").inner_text() == "All 37 on this page"
    page.get_by_label("Leadership qualities, shown").select_option(label="Working with others")
    fewer = page.locator(".entries > li:visible").count()
    assert 0 < fewer < total
    assert page.locator("#count").inner_text() == f"{fewer} of 37"
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Search names").fill("solanki")
    assert page.locator(".entries > li:visible").all_inner_texts()[0].startswith("Kanubhai Solanki")
    page.get_by_label("Search names").fill("nobody of this name")
    assert page.locator(".nothing").is_visible()


def test_a_quote_leads_into_the_text_and_a_tag_to_its_definition(pack, opened):
    page = opened(nomination(pack, "Kanubhai Solanki"))
    link = page.locator("figcaption a").first
    link.click()
    anchor = page.url.partition("#")[2]
    assert page.locator(f"#{anchor}").evaluate("e => e.matches(':target')")
    page.locator("button.tag").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".definition:popover-open").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".definition:popover-open").count() == 0


def test_tags_of_a_framework_are_switched_off_in_the_story(pack, opened):
    page = opened(nomination(pack, "Kanubhai Solanki"))
    before = page.locator(".margin button.tag:visible").count()
    assert before > 0
    for box in page.locator(".toggles input").all():
        box.uncheck()
    assert page.locator(".margin button.tag:visible").count() == 0
    assert page.locator(".tagged:not(.off)").count() == 0
    page.locator(".toggles input").first.check()
    assert 0 < page.locator(".margin button.tag:visible").count() <= before


def test_two_pages_are_printed_and_the_text_on_request(pack, opened):
    for path in sorted((pack / "nominations").glob("*.html")):
        if '<body class="nomination continued">' in path.read_text(encoding="utf-8"):
            continue
        page = opened(path)
        assert pages(page.pdf(prefer_css_page_size=True)) <= 2, path.name
        page.context.close()
    page = opened(nomination(pack, "Kanubhai Solanki"))
    page.emulate_media(media="print")
    assert not page.locator("#story").is_visible()
    page.emulate_media(media="screen")
    page.get_by_label("with the full text").check()
    page.emulate_media(media="print")
    assert page.locator("#story").is_visible()
    assert re.search(r"\[[A-Z]\d", page.locator(".code").first.inner_text())


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(pack, opened, colours):
    source = AXE.read_text(encoding="utf-8")
    paths = [*pack.glob("*.html"), *sorted((pack / "nominations").glob("*.html"))]
    found = []
    for path in paths:
        if path.stat().st_size > 300_000:  # the very long text: minutes for the same markup a thousand times over
            continue
        page = opened(path, color_scheme=colours)
        page.evaluate(source)
        states = [lambda shown: shown.bring_to_front()]
        if path.parent.name == "nominations" and page.locator("button.tag").count():
            states.append(lambda shown: shown.locator("button.tag").first.click())
            states.append(lambda shown: shown.locator("details").evaluate_all("all => all.forEach(e => e.open = true)"))
        for state in states:
            state(page)
            options = {"runOnly": RULES, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
            result = page.evaluate("options => axe.run(document, options)", options)
            found += [f"{path.name}: {v['id']}: {v['nodes'][0]['html'][:150]}" for v in result["violations"]]
            page.keyboard.press("Escape")
        page.context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_off_the_side(pack, opened, width):
    for path in (
        pack / "index.html",
        pack / "about.html",
        pack / "coverage.html",
        nomination(pack, "Kanubhai Solanki"),
    ):
        page = opened(path, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_html_validate_finds_nothing(pack):
    command = [TOOLS / ".bin" / "html-validate", "--config", HERE / ".htmlvalidate.json", "-f", "json"]
    done = subprocess.run(
        [*command, *pack.glob("*.html"), *(pack / "nominations").glob("*.html")], capture_output=True, text=True
    )
    faults = [(m["ruleId"], m["message"]) for file in json.loads(done.stdout) for m in file["messages"]]
    assert faults == []


def test_hostile_text_does_nothing_and_is_seen(pack, opened):
    page = opened(nomination(pack, "&lt;i&gt;\u202eX&lt;/i&gt;"))
    assert "taken" not in page.title()
    text = page.locator(".story").inner_text()
    for words in ("<script>document.title", "onerror=alert(2)>", "=HYPERLINK(", "\u2407 a bell"):
        assert words in text


def test_a_very_long_text_is_split_and_no_page_is_over_a_megabyte(pack, opened):
    assert all(path.stat().st_size < 1_000_000 for path in pack.rglob("*.html"))
    page = opened(nomination(pack, "Very Long"))
    page.get_by_role("link", name="The text goes on in part 2").click()
    assert page.locator("h2").first.inner_text().startswith("Full text, part 2")
    assert page.locator(".s").count() > 100
