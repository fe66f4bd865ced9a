"""What the preview adds to a page: live reload, faults, the reader's place."""

from __future__ import annotations

from html import escape

_SCRIPT = """
<script nonce="{nonce}">
(() => {
  "use strict";
  const place = "preview:" + location.pathname;
  const kept = sessionStorage.getItem(place);
  if (kept) {
    const { anchor, offset } = JSON.parse(kept);
    const target = document.querySelectorAll("p, h2, h3, figure, table")[anchor];
    if (target) scrollTo(0, target.getBoundingClientRect().top + scrollY - offset);
  }
  addEventListener("pagehide", () => {
    const all = [...document.querySelectorAll("p, h2, h3, figure, table")];
    const anchor = all.findIndex((one) => one.getBoundingClientRect().bottom > 0);
    const offset = anchor < 0 ? 0 : all[anchor].getBoundingClientRect().top;
    sessionStorage.setItem(place, JSON.stringify({ anchor, offset }));
  });
  const bar = document.createElement("div");
  bar.setAttribute("role", "status");
  bar.style.cssText = "position:fixed;inset:auto 0 0 0;z-index:99;display:none;" +
    "max-height:50vh;overflow:auto;padding:.8em 1.2em;background:#7a1010;" +
    "color:#fff;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap";
  document.body.append(bar);
  const show = (text) => {
    bar.textContent = text;
    bar.style.display = text ? "block" : "none";
  };
  const events = new EventSource("events?seen={version}");
  events.addEventListener("page", () => location.reload());
  events.addEventListener("fault", (event) => show(JSON.parse(event.data)));
  events.addEventListener("working", () => show(""));
})();
</script>
"""

_WAITING = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>
<body><p>{text}</p></body></html>
"""


def with_reload(html: str, nonce: str, version: int) -> str:
    """Add the preview's script to the end of a rendered page.

    Parameters
    ----------
    html : str
    nonce : str
        The one that the page's content security policy names.
    version : int
        Number of the render that made the page; a later one reloads it.
    """
    script = _SCRIPT.replace("{nonce}", nonce).replace("{version}", str(version))
    head, closing, tail = html.rpartition("</body>")
    return head + script + closing + tail if closing else html + script


def waiting(text: str, nonce: str, version: int) -> str:
    """Make the page that stands in until there is one to show."""
    return with_reload(_WAITING.replace("{text}", escape(text)), nonce, version)
