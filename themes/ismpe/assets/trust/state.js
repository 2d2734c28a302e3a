// The state of a certificate on a day: the same rules as Certificate.state of ismpe_site/model/certificates.py, and a test
// compares them. These files are no modules, for a browser loads none of those from a folder on disk; what they share is
// in `ismpe`. Days are text, year-month-day.
"use strict";

{
  /** The change a certificate stands in on `day`; undefined where it is as it was issued, or is so again. */
  function standing({ changes = [] }, day) {
    const last = changes.filter(([, on]) => on <= day).at(-1);
    return last?.[0] === "reinstated" ? undefined : last;
  }

  /** How it stands on `day`: a change that is entered prevails over the dates. It begins on
   *  no day before its issue. */
  function state(certificate, day) {
    const change = standing(certificate, day);
    if (change) return change[0];
    if (day < begins(certificate)) return "not yet valid";
    return day <= certificate.until ? "active" : "expired";
  }

  /** The first day on which it can be valid: not before it was issued. */
  function begins({ awarded, issued }) {
    return awarded < issued ? issued : awarded;
  }

  /** The day it is where the reader is. */
  function today(now = new Date()) {
    const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
    return `${String(now.getFullYear()).padStart(4, "0")}-${month}-${day}`;
  }

  globalThis.ismpe = { ...globalThis.ismpe, standing, state, begins, today };
}
