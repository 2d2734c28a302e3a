"""What the web host and the search engines need: 404, sitemap, robots, headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.site import data_file, web_page
from ismpe_site.publications.views import Scheme

# What pages may load besides style, pictures and fonts of the site itself, by the beginning of their address.
NEEDS = {
    addresses.REGISTER: ("script-src 'self'", "connect-src 'self'"),
    addresses.CERTIFICATES: ("script-src 'self'",),
    # What is checked stays with the reader: the page could send it nowhere.
    addresses.VERIFY: ("script-src 'self'", "connect-src 'none'"),
    # Pagefind's program is WebAssembly, which a browser counts among what is evaluated.
    addresses.SEARCH: ("script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'"),
}


def publish(scheme: Scheme) -> list[Artefact]:
    """``/404.html``, ``/robots.txt`` and the headers for the web host."""
    robots = f"User-agent: *\nAllow: /\nSitemap: {scheme.site.base_url}{addresses.SITEMAP}\n"
    return [
        web_page("not_found", addresses.NOT_FOUND, scheme.site),
        data_file(addresses.ROBOTS, robots.encode()),
        data_file("_headers", headers(urlsplit(scheme.site.base_url).path).encode()),
    ]


def content_security_policy(needs: Iterable[str] = ()) -> str:
    """What no page does a browser may as well forbid: another host, whatever is written into a page, a frame around it.

    ``needs``: the directives a page adds.
    """
    common = ("default-src 'none'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "manifest-src 'self'")
    return "; ".join((*common, *needs, "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"))


def headers(root: str = "/") -> str:
    """``_headers`` as Netlify and Cloudflare read it; ``root``: the path of the site on its host.

    Where two rules give one header, Cloudflare joins them, and of two policies the stricter part holds: so the line
    with ``!`` takes the first one away. Netlify passes over that line. A host that knows neither keeps the strict
    policy, under which a page is what it is without its script.
    """
    everywhere = (
        f"{root}*\n  Content-Security-Policy: {content_security_policy()}\n  X-Content-Type-Options: nosniff\n"
        "  Referrer-Policy: no-referrer\n  Cross-Origin-Opener-Policy: same-origin\n"
        f"{root}{addresses.REGISTER_ATOM}\n  Content-Type: application/atom+xml; charset=utf-8\n"
        # Always there, so that it tells nothing.
        f"{root}{addresses.UNLISTED}*\n  X-Robots-Tag: noindex\n"
    )
    instead = "  ! Content-Security-Policy\n  Content-Security-Policy:"
    return everywhere + "".join(
        f"{root}{address}*\n{instead} {content_security_policy(needs)}\n" for address, needs in NEEDS.items()
    )


# More pages than that no sitemap may name; a larger site has several, and one that names them.
SITEMAP_PAGES = 50_000


def sitemaps(scheme: Scheme, paths: Iterable[str]) -> Iterator[Artefact]:
    """``/sitemap.xml``: ``paths`` are those of every other file. Of a very large site it names ``/sitemap-<n>.xml``.

    It does not say when a page changed last: a page shows the words of many files, and no date among them is sure to
    be that day. A wrong one would keep search engines from looking. What is unlisted it does not name.
    """
    base = scheme.site.base_url
    named = (path for path in paths if path.endswith("index.html") and addresses.listed(path))
    pages = sorted(path.removesuffix("index.html") for path in named)
    listed = [base + page for page in pages if page != addresses.CURRENT_STANDARD]
    parts = [listed[at : at + SITEMAP_PAGES] for at in range(0, len(listed), SITEMAP_PAGES)]
    if len(parts) == 1:
        yield _sitemap(addresses.SITEMAP, "urlset", "url", parts[0])
        return
    names = [addresses.sitemap_part(number) for number in range(1, len(parts) + 1)]
    yield _sitemap(addresses.SITEMAP, "sitemapindex", "sitemap", [base + name for name in names])
    for name, part in zip(names, parts, strict=True):
        yield _sitemap(name, "urlset", "url", part)


def _sitemap(path: str, root: str, entry: str, locations: Iterable[str]) -> Artefact:
    entries = "".join(f"<{entry}><loc>{location}</loc></{entry}>\n" for location in locations)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return data_file(path, f"{head}\n{entries}</{root}>\n".encode())
