"""Documents that use what ours do not: CSS of all kinds, for comparing two ways of printing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from ismpe_site.artefact import PrintDocument
from ismpe_site.theme import Theme

WORDS = "Internationalisation of organisational responsibilities needs well-understood procedures. "
HAN = "水是生命之源国際標準第一部分適用範囲"

# One style sheet for most samples, so that they share whatever is remembered.
STYLE = """
@font-face { font-family: Serif; src: url(fonts/SourceSerif4_400Regular.ttf) }
@font-face { font-family: Serif; src: url(fonts/SourceSerif4_400Regular_Italic.ttf); font-style: italic }
@font-face { font-family: Serif; src: url(fonts/SourceSerif4_700Bold.ttf); font-weight: 700 }
@font-face { font-family: Sans; src: url(fonts/SourceSans3_400Regular.ttf) }
@font-face { font-family: Arabic; src: url(fonts/IBMPlexSansArabic_400Regular.ttf) }
@font-face { font-family: Han; src: url(fonts/han.ttf) }
@font-face { font-family: Coarse; src: url(fonts/coarse.ttf) }
@page { size: 120mm 150mm; margin: 12mm; @bottom-right { content: counter(page) "/" counter(pages) } }
@page wide { size: 150mm 120mm; @top-left { content: string(chapter); font-style: italic } }
@page :first { @bottom-left { content: "First" } }
html { font: 10pt/1.4 Serif, Arabic, Han; color: #222; --accent: #0b4f8a }
h1 { string-set: chapter content(); font-size: 1.6em; break-after: avoid }
.justified { text-align: justify }
.hyphenated { hyphens: auto; text-align: justify }
.soft { hyphens: manual; width: 24mm }
.narrow { width: 31mm }
.narrower { width: 30mm }
.anywhere { width: 12mm; overflow-wrap: anywhere }
.all { width: 15mm; word-break: break-all }
.spaced { letter-spacing: 1.5px; word-spacing: 4px }
.wider { letter-spacing: 2.5px; word-spacing: 4px }
.lines { white-space: pre-line }
.kept { white-space: pre; tab-size: 4; font-family: Sans }
.left { float: left; width: 30mm; margin: 1mm 3mm 1mm 0; border: 1px dotted red; border-radius: 3mm }
.right { float: right; width: 25mm; background: #eef }
.clear { clear: both }
.columns { columns: 2; column-rule: 1px solid green; column-gap: 5mm }
.flex { display: flex; gap: 3mm; justify-content: space-between }
.flex > * { flex: 1 1 auto; border: 0.3mm solid; box-sizing: border-box; padding: 2mm; float: left }
.grid { display: grid; grid-template-columns: 1fr 2fr; gap: 2mm }
.grid > * { background: #efe; padding: 1mm }
.fancy::first-letter { font-size: 2.2em; color: red }
.fancy::first-line { font-variant-caps: small-caps; color: blue }
.cut { width: 30mm; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.few { max-lines: 2; block-ellipsis: auto; continue: discard }
.turned { transform: rotate(3deg) translate(2mm, 1mm); opacity: 0.5 }
.note { float: footnote; font-size: 8pt }
.note::footnote-call { font-size: 60% }
.frame { position: relative; height: 30mm; border: 1mm double #999 }
.absolute { position: absolute; right: 3mm; bottom: 2mm; padding: 1mm; background: yellow; border-radius: 1mm }
.fixed { position: fixed; top: 0; right: 0; font-size: 7pt }
.shifted { position: relative; left: 3mm; top: 1mm }
.fluid { width: 40vw; margin-left: 5vw; border-left: 0.5vmin solid }
.hidden { overflow: hidden; height: 8mm }
.scroll { overflow: auto; height: 8mm; border: 1px solid }
.small { font-variant-caps: small-caps }
.figures { font-variant-numeric: oldstyle-nums tabular-nums; font-feature-settings: "ss01" }
.underlined { text-decoration: underline dotted red; text-underline-offset: 2px }
.waved { text-decoration: line-through wavy; text-decoration-thickness: 1px }
.list { list-style: lower-roman inside }
.list li::marker { color: var(--accent) }
.counted { counter-reset: item }
.counted p { counter-increment: item }
.counted p::before { content: counter(item, upper-alpha) ". " attr(data-word) " "; font-weight: 700 }
.contents a::after { content: leader(dotted) target-counter(attr(href), page) }
.dashed { border: 0.6mm dashed; outline: 1px solid blue; outline-offset: 2px }
.sided { border-bottom: 0.5mm dotted; border-left: 3px ridge #888 }
.shade { box-shadow: 1mm 1mm 2mm #888; background: linear-gradient(red, blue); color: white }
.drawn { background: url(mark.svg) repeat-x; height: 12mm; background-size: 10mm }
.bigger { background-size: 11mm }
.inline { display: inline-block; width: 20mm; vertical-align: middle; border: 1px solid }
.calculated { width: calc(50% - 4mm); padding: calc(1mm + 2px); min-height: 10%; max-width: 60mm }
.boxed { box-sizing: border-box; width: 40mm; max-width: 50mm; padding: 3mm; border: 1mm solid; height: 30mm }
.share { width: 47%; margin-left: 3%; padding: 1%; box-sizing: padding-box }
table { border-spacing: 1mm; width: 100% }
.collapsed { border-collapse: collapse }
.collapsed td, .collapsed th { border: 0.2mm solid #333; padding: 1mm }
.collapsed .thick { border-bottom: 0.8mm solid #c00 }
.collapsed .dark { border-bottom: 0.8mm solid #333 }
.collapsed .red { border-bottom: 0.2mm solid #c00 }
.glow { box-shadow: 1mm 1mm 0 #888 }
.empty td { empty-cells: hide; border: 1px inset #999 }
.next { break-before: page }
.wide { page: wide }
.indented { text-indent: 5mm; line-height: 2; orphans: 4 }
.invisible { visibility: hidden }
.transparent { color: rgb(0 0 0 / 40%) }
.coarse { font-family: Coarse }
.upper { text-transform: uppercase }
sup { font-size: 60%; vertical-align: super }
@layer base { .layered { color: green } }
.layered { color: purple }
@media print { .printed { font-style: italic } }
@media screen { .printed { display: none } }
"""

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 20 20" width="20mm" height="20mm"><title>'
    "Drawn</title>"
    '<g stroke="#0a0" stroke-width="0.5"><path d="M1 1L19 19A5 5 0 0 1 2 9Z" fill="none"/></g>'
    '<circle cx="10" cy="10" r="4" fill="#c00"/></svg>'
)

DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 2 2" width="3mm" height="3mm"><title>Dot</title>'
    '<rect width="2" height="2" fill="#c00"/></svg>'
)

BODIES = {
    "arabic": '<p dir="rtl" lang="ar">تُطبَّق المعايير الدولية على برامج الإرشاد 12 في abc العمل</p><p>Then '
    "شكرا again.</p>",
    "han": f'<p lang="zh">{HAN * 6}</p><p lang="ja" class="narrow">{HAN * 3} latin {HAN}</p>',
    "justified": f'<p class="justified">{WORDS * 5}</p><p class="justified narrow">{WORDS * 2}</p>',
    "hyphenated": f'<p class="hyphenated narrow" lang="en">{WORDS * 4}</p><p class="hyphenated narrower" lang="de">'
    "Verantwortlichkeiten der Donaudampfschifffahrtsgesellschaft und ihrer Mitarbeiterinnen</p>",
    "soft hyphens": '<p class="soft">Extra\u00adordinarily re\u00adspon\u00adsi\u00adbili\u00adties '
    "un\u00adder\u00adstood</p>",
    "widths": f'<p class="narrow">{WORDS}</p><p class="narrower">{WORDS}</p><p>{WORDS}</p>',
    "breaking": '<p class="anywhere">Donaudampfschifffahrt</p><p class="all">Incomprehensibilities</p>',
    "spacing": f'<p class="spaced">{WORDS}</p><p class="wider">{WORDS}</p><p>{WORDS}</p><p class="spaced '
    f'justified">{WORDS}</p>',
    "lines": '<p class="lines">one\ntwo   three\n four</p><pre class="kept">a\tb\n\tc  d</pre><p>a<br/>b</p>',
    "floats": f'<p class="left">side <a href="#x">x</a></p><p class="right">other</p><p>{WORDS * 4}</p>'
    f'<p class="clear" id="x">{WORDS}</p><div class="right">{WORDS}</div><table><tr><td>a</td></tr></table><p>'
    f"{WORDS * 2}</p>",
    "columns": f'<div class="columns">{"<p>lorem ipsum dolor sit amet consectetur</p>" * 9}</div>',
    "flex": f'<div class="flex"><p>one two <u>three</u></p><p class="justified">{WORDS}</p><span>text</span>'
    '<p class="absolute" style="float: none">in flex</p></div>',
    "grid": f'<div class="grid"><p>one</p><p>{WORDS}</p><p style="grid-column: span 2">{WORDS}</p>'
    '<p class="absolute">in grid</p></div>',
    "set in corners": f'<div class="frame"><p>{WORDS}</p><div class="absolute"><h1>Chapter in a corner</h1></div></div>'
    f'<div class="wide"><p>{WORDS}</p><div class="absolute"><h1>Another</h1><p>One</p></div></div><p '
    f'class="next">x</p>',
    "columns in pages": f'<div class="columns"><p class="absolute">a</p>{"<p>lorem ipsum dolor sit</p>" * 70}</div>',
    "right to left": f'<div dir="rtl"><p class="left">a</p><p>{WORDS}</p><table class="boxed"><tr><td>b</td>'
    f"</tr></table>"
    f'<p class="list">{WORDS}</p><ul><li>c</li></ul></div>',
    "first letter": f'<p class="fancy">{WORDS * 3}</p><p class="fancy">“{WORDS}</p>',
    "ellipsis": f'<p class="cut">{WORDS}</p><div class="few"><p>{WORDS * 4}</p></div>',
    "transforms": f'<div class="turned"><p>{WORDS}</p></div><p>{WORDS}</p>',
    "footnotes": f'<p>One<span class="note">First {WORDS}</span> two<span class="note">Second.</span></p><p>'
    f"{WORDS}</p>",
    "positions": f'<div class="frame"><p>{WORDS}</p><div class="absolute">Corner <b>bold</b></div></div>'
    f'<p class="fixed">Fixed</p><p class="shifted">{WORDS}</p><p style="position: absolute">Nowhere</p>',
    "svg text": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" width="60mm" height="20mm">'
    "<title>Text</title>"
    '<text x="2" y="9" font-size="6" font-family="Sans">Drawn text</text><text x="2" y="17" font-size="4" '
    'font-family="Serif" font-weight="bold" text-anchor="start">and more</text></svg><p>Drawn text</p>',
    "svg": f'<p>{SVG}</p><p style="color: red">Red {SVG.replace("20mm", "15mm")}</p>{SVG}',
    "viewport": f'<div class="fluid">{WORDS}</div><p>{WORDS}</p>',
    "overflow": f'<div class="hidden">{WORDS * 3}</div><div class="scroll">{WORDS * 3}</div>',
    "small capitals": '<p class="small">Small Capitals of <b>Bold</b></p><p>SMALL capitals OF the <b>bold</b></p>',
    "features": '<p class="figures">0123456789 fi ffl</p><p>0123456789 fi ffl</p><p style="font-kerning: '
    'none">AVAVA To</p>',
    "decoration": f'<p class="underlined">{WORDS}</p><p><span class="waved">Struck</span> <ins>out</ins> {WORDS}</p>',
    "lists": '<ol class="list"><li>a</li><li>b<ul><li>c</li></ul></li></ol><ol start="3"><li>d</li></ol><dl>'
    "<dt>t</dt><dd>u</dd></dl>",
    "counters": '<div class="counted"><p data-word="eins">One</p><p data-word="zwei">Two</p></div>',
    "leaders": f'<p class="contents"><a href="#far">Far</a></p><p class="contents"><a href="#near">Near</a></p>'
    f'<h2 id="near">Near</h2><p>{WORDS}</p><h2 class="next" id="far">Far</h2>',
    "borders": f'<p class="dashed">{WORDS}</p><p class="sided">{WORDS}</p><p class="left">round</p>',
    "shades": f'<p class="shade">{WORDS}</p><div class="drawn"></div><div class="drawn bigger"></div>',
    "inline blocks": f'<p>before <span class="inline">{WORDS}</span> after <span class="inline">x</span></p>',
    "formulas": f'<div class="calculated">{WORDS}</div><div class="share">{WORDS}</div><div class="boxed">x</div>',
    "tables": '<table><caption>Words</caption><thead><tr><th scope="col">a</th><th scope="col">b</th></tr>'
    "</thead><tbody><tr>"
    '<td rowspan="2">c</td><td>d</td></tr><tr><td>e</td></tr></tbody></table><table class="empty"><tr><td>'
    "</td><td>f</td></tr></table>",
    "collapsed": '<table class="collapsed"><tbody><tr><th scope="row">a</th><td class="thick">b</td></tr><tr>'
    '<th scope="row">c</th>'
    "<td>d</td></tr><tr><td colspan='2'>e</td></tr></tbody></table>",
    "long table": '<table class="collapsed"><thead><tr><th scope="col">head</th></tr></thead><tbody>'
    + "".join(f"<tr><td>row {n}</td></tr>" for n in range(60))
    + "</tbody></table>",
    "kinds of lines": '<table class="collapsed"><tbody><tr><td class="thick">a</td></tr><tr><td class="dark">'
    "b</td></tr>"
    '<tr><td class="red">c</td></tr><tr><td>d</td></tr></tbody></table><p class="glow">e</p>',
    "spaced figures": f'<p class="figures spaced">0123 {WORDS * 2}</p><p class="figures justified">{WORDS * 3}</p>'
    f'<p class="figures">456 {WORDS}</p><p class="figures spaced justified">{WORDS * 3}</p>',
    "accents": "<p>x\u0302\u0301 q\u0303 a\u0301\u0323 m\u0304</p><p>x q a m</p>",
    "viewport of a wide page": f'<p class="wide">x</p><div class="fluid">{WORDS}</div>',
    "same colour": f'<p style="color: #c00">Red {DOT}</p><p style="color: #00c">Blue {DOT}</p>{DOT}',
    "pages": f'<p>{WORDS}</p><div class="wide"><h1>Chapter</h1><p class="indented">{WORDS * 12}</p></div><p '
    f'class="next">{WORDS}</p>',
    "visibility": '<p class="invisible">Not seen <b>at all</b></p><p class="transparent">Half</p><p '
    'class="upper">straße</p>',
    "rules": '<p class="layered">Layer</p><p class="printed">Print</p><p>H<sub>2</sub>O x<sup>2</sup></p>',
    "inline styles": f'<p style="font-size: 14pt">{WORDS}</p><p style="font-size: 14.5pt">{WORDS}</p><p '
    f'style="color: #800">{WORDS}</p>',
    "languages": '<p lang="fr">« Déjà vu »</p><p lang="tr" class="upper">istanbul</p><p lang="en">“Quoted”</p>'
    '<p><q lang="de">Zitat</q></p>',
    "anchors": '<p id="one"><a href="#two">to two</a></p><p id="two"><a href="#one">to one</a></p><p>neither</p>',
    "sizes": "".join(f'<p style="font-size: {size}pt">Sizes of type 123</p>' for size in (7, 9.5, 12, 13.3, 21)),
    # The first size of a font decides the widths of its glyphs in a document; here the rounding differs by size.
    "small first": "".join(f'<p class="coarse" style="font-size: {size}pt">{WORDS}</p>' for size in (7, 9.5, 13.3, 21)),
    "large first": "".join(f'<p class="coarse" style="font-size: {size}pt">{WORDS}</p>' for size in (21, 13.3, 9.5, 7)),
    "coarse capitals": f'<p class="coarse small">{WORDS.title()} {WORDS.upper()}</p>',
}

# What the sheets themselves do.
SHEETS = {
    "overflow on html": "html { overflow: hidden }",
    "overflow on body": "body { overflow: hidden; height: 40mm }",
    "page relative": ".relative { font-size: 4vh; padding: 2vmax; width: 50pvw }",
    "other page": "@page { size: 90mm 100mm } .fluid { height: 12vh }",
    "notes": "aside { position: note(note) }",
    "bleed": "@page { bleed: 3mm; marks: crop cross }",
    "root sizes": "html { font-size: 7mm } p { font-size: 0.6rem; margin: 1ex; width: 20ch; line-height: 1.2rlh }",
}


def foreign_theme(theme: Theme) -> Theme:
    """The fonts of a theme under foreign style sheets, with a font for a few Han characters."""
    files = {name: data for name, data in theme.print_files.items() if name.startswith("fonts/")}
    files["fonts/han.ttf"] = _han(files["fonts/SourceSans3_400Regular.ttf"])
    files["fonts/coarse.ttf"] = _coarse(files["fonts/SourceSans3_400Regular.ttf"])
    files["mark.svg"] = SVG.encode()
    files["foreign.css"] = STYLE.encode()
    files["linked.css"] = b"p { color: #048 } @page { margin: 15mm }"
    files["layers.css"] = b"@layer one { p { color: #048 } }"
    files["stars.css"] = b"@counter-style stars { system: cyclic; symbols: '*' } ol { list-style: stars }"
    files |= {f"{name}.css".replace(" ", "-"): (STYLE + css).encode() for name, css in SHEETS.items()}
    return replace(theme, name="foreign", print_files=files, digest="foreign")


def samples() -> dict[str, PrintDocument]:
    """Name → document, for the press with the foreign theme."""
    found = {name: _document(body) for name, body in BODIES.items()}
    found["linked sheet"] = _document(BODIES["justified"], head='<link rel="stylesheet" href="linked.css">')
    found["linked layers"] = _document(BODIES["widths"], head='<link rel="stylesheet" href="layers.css">')
    found["linked counters"] = _document(BODIES["lists"], head='<link rel="stylesheet" href="stars.css">')
    found["linked layers and more"] = _document(
        BODIES["rules"], head='<link rel="stylesheet" href="layers.css"><link rel="stylesheet" href="linked.css">'
    )
    found["sheet inside"] = _document(BODIES["justified"], head="<style>p { color: #408 }</style>")
    for name in SHEETS:
        body = f"<p>{WORDS * 6}</p><p>See<aside>Beside</aside> and<aside>Once more</aside></p>"
        if "page" in name:
            body += f'<div class="fluid">{WORDS}</div><p class="relative">{WORDS * 3}</p>'
        found[name] = _document(body, style=f"{name}.css".replace(" ", "-"))
    return found


def _document(body: str, head: str = "", style: str = "foreign.css") -> PrintDocument:
    html = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><title>Foreign</title>{head}</head>\n<body>{body}</body>\n</html>\n'
    )
    return PrintDocument(html, style, date(2025, 4, 2))


def _coarse(latin: bytes) -> bytes:
    """A font drawn on a grid of 400: half of its widths end in a half of what a PDF measures in.

    It has no small capitals of its own: they are capitals in another size.
    """
    font = TTFont(io.BytesIO(latin), recalcTimestamp=False)
    del font["GSUB"]
    scale_upem(font, 400)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _han(latin: bytes) -> bytes:
    """A font that shows Han characters as letters: enough to break and shape lines of them."""
    font = TTFont(io.BytesIO(latin), recalcTimestamp=False)
    names = font.getGlyphOrder()
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {ord(character): names[20 + n] for n, character in enumerate(dict.fromkeys(HAN))}
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
