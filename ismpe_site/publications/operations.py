"""What the web host and the search engines need: 404, sitemap, robots, headers."""

from __future__ import annotations

from collections.abc import Iterable

from ismpe_site.artefact import Artefact
from ismpe_site.publications import addresses
from ismpe_site.publications.site import data_file, web_page
from ismpe_site.publications.views import Scheme

# Scripts are files of the site and ask nobody but the site; a browser may as well enforce it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def publish(scheme: Scheme) -> list[Artefact]:
    """``/404.html``, ``/robots.txt`` and the headers for the web host."""
    headers = (
        f"/*\n  Content-Security-Policy: {CONTENT_SECURITY_POLICY}\n  X-Content-Type-Options: nosniff\n"
        "  Referrer-Policy: no-referrer\n  Cross-Origin-Opener-Policy: same-origin\n"
        f"/{addresses.REGISTER_ATOM}\n  Content-Type: application/atom+xml; charset=utf-8\n"
    )
    robots = f"User-agent: *\nAllow: /\nSitemap: {scheme.site.base_url}{addresses.SITEMAP}\n"
    return [
        web_page("not_found", addresses.NOT_FOUND, scheme.site),
        data_file(addresses.ROBOTS, robots.encode()),
        data_file("_headers", headers.encode()),
    ]


def sitemap(scheme: Scheme, paths: Iterable[str]) -> Artefact:
    """``/sitemap.xml``: ``paths`` are those of every other file."""
    pages = sorted(path.removesuffix("index.html") for path in paths if path.endswith("index.html"))
    listed = (page for page in pages if page != addresses.CURRENT_STANDARD)
    locations = "".join(f"<url><loc>{scheme.site.base_url}{page}</loc></url>\n" for page in listed)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{locations}</urlset>\n'
    return data_file(addresses.SITEMAP, text.encode())
