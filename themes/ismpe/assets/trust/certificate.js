// A certificate's page: what its states are today. The page prints what does not depend on the day it is read; here a
// state takes the place of each date that is marked so.
"use strict";

{
  const today = ismpe.today();
  for (const place of document.querySelectorAll("[data-certificate]")) {
    const certificate = JSON.parse(place.dataset.certificate);
    const state = ismpe.state(certificate, today).replaceAll(" ", "-");
    const template = document.getElementById(`${place.dataset.as}-${state}`);
    if (!template) continue;
    const { locale } = place.dataset;
    place.replaceChildren(ismpe.filled(template.content.cloneNode(true), { today: ismpe.day(today, locale) }));
  }
}
