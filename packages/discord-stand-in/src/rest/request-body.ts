import { apiError, formError } from '../api-errors.js';
import type { Upload } from '../messages/cdn.js';

/** A request's JSON, with its uploaded files by number. */
export interface ReceivedBody {
  readonly payload: unknown;
  readonly files: ReadonlyMap<string, Upload>;
}

/**
 * Reads JSON, or multipart with `payload_json` and `files[n]`. Discord docs: Reference, "Uploading Files".
 * Throws ApiError 50109 for broken JSON, 40005 past `limit` bytes a file.
 */
export async function readBody(request: Request, limit: number): Promise<ReceivedBody> {
  const type = request.headers.get('content-type') ?? '';
  if (Number(request.headers.get('content-length') ?? 0) > limit * 10 + 1_048_576) throw apiError('tooLarge');
  if (type.startsWith('multipart/form-data')) return readForm(await request.formData(), limit);
  const text = await request.text();
  if (text === '') return { payload: {}, files: new Map() };
  if (!type.startsWith('application/json'))
    throw formError([
      {
        path: ['_content_type'],
        code: 'CONTENT_TYPE_INVALID',
        message: 'Expected "Content-Type" header to be one of {application/json, multipart/form-data}.',
      },
    ]);
  return { payload: parse(text), files: new Map() };
}

async function readForm(form: FormData, limit: number): Promise<ReceivedBody> {
  const files = new Map<string, Upload>();
  let payload: unknown = {};
  for (const [key, value] of form.entries()) {
    const number = /^files\[(\d+)\]$/.exec(key)?.[1];
    if (key === 'payload_json') payload = parse(typeof value === 'string' ? value : await value.text());
    else if (number !== undefined && typeof value !== 'string') {
      if (value.size > limit) throw apiError('tooLarge');
      const bytes = new Uint8Array(await value.arrayBuffer());
      files.set(number, { filename: value.name, bytes, contentType: value.type || undefined });
    } else
      throw formError([
        { path: [key], code: 'FORM_FIELD_UNKNOWN', message: 'Expected payload_json and files[n]' },
      ]);
  }
  if (files.size > 10)
    throw formError([
      { path: ['files'], code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 10 or fewer in length.' },
    ]);
  return { payload, files };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw apiError('invalidJson');
  }
}
