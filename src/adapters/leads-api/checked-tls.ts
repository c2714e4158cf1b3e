/** For every TLS connection to API, token endpoint and proxy: said in so many words, no setting of the process's can undo it. */
export const checkedTls = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** With the authorities to trust and our own certificate, PEM, where there are any. */
export type CheckedTls = typeof checkedTls & { readonly ca?: string; readonly cert?: string; readonly key?: string };
