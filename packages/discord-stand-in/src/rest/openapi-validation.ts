import { register } from 'node:module';
import { z } from 'zod';
import type { FormIssue } from '../api-errors.js';

/** Bodies that Discord's own OpenAPI description judges, each with the name of its schema there. */
const schemaNames = {
  createMessage: ['MessageCreateRequestSchema'],
  editMessage: ['MessageEditRequestPartialSchema'],
  executeWebhook: ['IncomingWebhookRequestPartialSchema'],
  editWebhookMessage: ['IncomingWebhookUpdateRequestPartialSchema'],
  callback: [
    'CreateMessageInteractionCallbackRequestSchema',
    'UpdateMessageInteractionCallbackRequestSchema',
    'ModalInteractionCallbackRequestSchema',
    'ApplicationCommandAutocompleteCallbackRequestSchema',
    'PongInteractionCallbackRequestSchema',
  ],
  createCommand: ['ApplicationCommandCreateRequestSchema'],
  updateCommand: ['ApplicationCommandUpdateRequestSchema'],
  patchCommand: ['ApplicationCommandPatchRequestPartialSchema'],
  createPost: ['CreateForumThreadRequestSchema'],
  createDm: ['CreatePrivateChannelRequestSchema'],
} as const satisfies Record<string, readonly string[]>;

export type BodyKind = keyof typeof schemaNames;

/** Validates a body against Discord's own description; returns an empty list if it is valid. */
export type Judge = (kind: BodyKind, body: unknown) => FormIssue[];

/** The part of a zod schema that is needed here: the generated file is JavaScript without types. */
interface Schema {
  safeParse(value: unknown): { success: boolean; error?: { issues: readonly unknown[] } };
}

/** Whether this Node loads a file with `import` in it as a module, though its package does not say so (since 20.19 and 22.7). */
function tellsModulesByTheirText(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 7) || (major === 20 && minor >= 19);
}

/** A loader hook of Node that says so instead of the package. */
const namingThePackage = `data:text/javascript,${encodeURIComponent(`
  export const load = (url, context, next) =>
    next(url, url.includes('/discord-api-spec/') ? { ...context, format: 'module' } : context);
`)}`;

let judge: Promise<Judge> | undefined;

/** Loads the generated schemas (large: some 100 ms), once for all stand-ins of a process. */
export function loadJudge(): Promise<Judge> {
  judge ??= readSchemas();
  return judge;
}

async function readSchemas(): Promise<Judge> {
  if (!tellsModulesByTheirText(process.versions.node)) register(namingThePackage);
  const specifier = 'discord-api-spec/zod';
  const spec: Record<string, unknown> = await import(specifier);
  const schemas = new Map<string, Schema>();
  for (const name of Object.values(schemaNames).flat()) {
    const schema = spec[name];
    if (!isSchema(schema)) throw new Error(`discord-api-spec/zod has no ${name}`);
    schemas.set(name, schema);
  }
  return (kind, body) => {
    const judged = asDiscordReads(body);
    const attempts = schemaNames[kind].map((name) => {
      const result = schemas.get(name)?.safeParse(judged);
      return result?.error?.issues.flatMap((issue) => formIssues(issue, [])) ?? [];
    });
    return closest(attempts);
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'safeParse' in value;
}

/**
 * The description is stricter than Discord in three documented points: ids can be numbers, permissions are a
 * string of digits, and an embed's timestamp may carry an offset.
 */
function asDiscordReads(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => asDiscordReads(entry));
  if (typeof value === 'object' && value !== null) {
    const component =
      'type' in value && 'id' in value && !('filename' in value) && typeof value.type === 'number';
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        name,
        component && name === 'id' ? entry : asDiscordReads(entry, name),
      ]),
    );
  }
  if (key === 'id' && typeof value === 'number') return String(value);
  if (key === 'default_member_permissions' && typeof value === 'string' && /^\d+$/.test(value))
    return Number(value);
  if (key === 'timestamp' && typeof value === 'string' && !Number.isNaN(Date.parse(value)))
    return new Date(value).toISOString();
  return value;
}

const Issue = z.looseObject({
  code: z.string(),
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string().default('Invalid'),
  maximum: z.union([z.number(), z.bigint()]).optional(),
  minimum: z.union([z.number(), z.bigint()]).optional(),
  origin: z.string().optional(),
  values: z.array(z.unknown()).optional(),
  errors: z.array(z.array(z.unknown())).optional(),
});

/** One zod issue in Discord's words; for a union, the branch that matched best. */
function formIssues(issue: unknown, above: readonly (string | number)[]): FormIssue[] {
  const { code, path, message, maximum, minimum, origin, values, errors } = Issue.parse(issue);
  const where = [...above, ...path];
  if (code === 'invalid_union' && errors && errors.length > 0)
    return closest(errors.map((branch) => branch.flatMap((each) => formIssues(each, where))));
  const sized = origin === 'string' || origin === 'array';
  if (code === 'too_big')
    return [
      {
        path: where,
        code: sized ? 'BASE_TYPE_BAD_LENGTH' : 'NUMBER_TYPE_MAX',
        message: `Must be ${maximum} or fewer${sized ? ' in length' : ''}.`,
      },
    ];
  if (code === 'too_small')
    return [
      {
        path: where,
        code: sized ? 'BASE_TYPE_BAD_LENGTH' : 'NUMBER_TYPE_MIN',
        message: `Must be ${minimum} or more${sized ? ' in length' : ''}.`,
      },
    ];
  if (code === 'invalid_value')
    return [
      {
        path: where,
        code: 'BASE_TYPE_CHOICES',
        message: `Value must be one of {${(values ?? []).join(', ')}}.`,
      },
    ];
  if (code === 'invalid_type')
    return [
      { path: where, code: 'BASE_TYPE_REQUIRED', message: 'This field is required, or is of a wrong type' },
    ];
  return [{ path: where, code: 'BASE_TYPE_INVALID', message }];
}

/** The reading of a union that objects least; one that got the `type` wrong was never meant. */
function closest(branches: readonly FormIssue[][]): FormIssue[] {
  const cost = (issues: readonly FormIssue[]): number =>
    issues.length +
    (issues.some(({ path, code }) => path.at(-1) === 'type' && code === 'BASE_TYPE_CHOICES') ? 1000 : 0);
  return branches.reduce((best, next) => (cost(next) < cost(best) ? next : best));
}
