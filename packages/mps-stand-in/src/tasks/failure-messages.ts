/** Kinds of a FAIL's Message that were seen: English, free text, from the model behind MPS. */
export const failureReasons = ['moderation', 'shape', 'source', 'passing', 'unknown'] as const;

export type FailureReason = (typeof failureReasons)[number];

const messages: Readonly<Record<FailureReason, string>> = {
  moderation: 'The generated content failed moderation: it may violate the content policy.',
  shape: 'invalid param: this model only supports reference generation',
  source: 'download image failed: get image timeout',
  passing: 'ret:-2 task process fail, please retry',
  unknown: 'fail',
};

/** The Message of a task that was made to fail: the given one, or that of a reason. */
export function failureOf(fault: {
  message?: string | undefined;
  reason?: FailureReason | undefined;
}): string {
  return fault.message ?? (fault.reason ? messages[fault.reason] : 'model error');
}
