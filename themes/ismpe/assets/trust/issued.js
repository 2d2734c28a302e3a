// The list of every certificate: loaded whole when it is first needed, so that nobody learns which one was asked for.
"use strict";

{
  const FORM = 1;
  let loading;

  /** The list from `address`, with its ways in: by number, by a file's digest, by what a credential says. */
  function issuedList(address) {
    loading ??= loaded(address).then(indexed).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  /** By a script, for from a folder on disk a browser fetches nothing else. */
  function loaded(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(globalThis.ismpeIssued);
      script.onerror = () => reject(new Error(`${address} could not be loaded`));
      document.head.append(script);
    });
  }

  function indexed(list) {
    if (list?.form !== FORM) throw new Error("the list of certificates is in another form than this page reads");
    const files = list.certificates.flatMap((certificate) =>
      Object.entries(certificate.files).map(([name, digest]) => [digest, { certificate, name }]),
    );
    return {
      ...list,
      byNumber: new Map(list.certificates.map((certificate) => [certificate.number, certificate])),
      byDigest: new Map(files),
      byCredential: new Map(list.certificates.map((certificate) => [certificate.credential, certificate])),
    };
  }

  globalThis.ismpe = { ...globalThis.ismpe, issuedList };
}
