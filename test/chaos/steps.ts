/** Writes of the ledger, named by the record's new state. */
const written = [
  'received',
  'acknowledged',
  'held',
  'queued',
  'submitting',
  'searching',
  'refused',
  'running',
  'fetching',
  'awaitingReview',
  'asking',
  'asked',
  'delivering',
  'handing answer',
  'handing channel',
  'handing direct',
  'kept',
  'delivered',
  'failed',
  'telling answer',
  'telling channel',
  'telling direct',
  'told',
] as const;
export type Written = (typeof written)[number];

/** Requests by purpose. `edit` and `message` carry text, `upload` and `file` a file as well. */
const requests = [
  'defer',
  'edit',
  'upload',
  'look',
  'open',
  'message',
  'file',
  'search',
  'Create',
  'Describe',
  'download',
  'list',
  'source',
] as const;
export type Request = (typeof requests)[number];

/**
 * An instant at which a process can die: around a write of the ledger; before the first byte of a request, when its
 * last byte is out but no answer is in, when the answer begins, when all of it has been read.
 */
export type Step =
  | `${'before' | 'after'} ${Written}`
  | `${'unsent' | 'sent' | 'answered' | 'read'} ${Request}`;

/** After the answer to a Create was lost, with results in a bucket: no other life reaches these steps. */
export function isOfBucket(step: Step): boolean {
  return /searching|list/.test(step);
}

/** Where moderators decide: no other life reaches these steps. */
export function isOfReview(step: Step): boolean {
  return /awaitingReview|asking|asked/.test(step);
}

export const steps: readonly Step[] = [
  ...written.flatMap((name): Step[] => [`before ${name}`, `after ${name}`]),
  ...requests.flatMap((name): Step[] => [`unsent ${name}`, `sent ${name}`, `answered ${name}`]),
  'read download',
];

export function isStep(text: string): text is Step {
  return steps.some((step) => step === text);
}
