import { apiError, type FormIssue, formError } from '../api-errors.js';
import { CommandBody, CommandPatch } from '../body-schemas.js';
import { commandIssues, duplicateIssues } from '../interactions/command-rules.js';
import { type CommandRecord, commandJson } from '../interactions/commands.js';
import { readBody } from './request-body.js';
import { type Api, answer, type Call, judged, noContent, param, type RestContext } from './rest-context.js';

/** The application's commands, global and of guilds. Discord docs: Application Commands. */
export function commandRoutes(api: Api, context: RestContext): void {
  const { commands, applicationId } = context;
  for (const base of ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands']) {
    api.get(base, (call) => {
      const translations = call.req.query('with_localizations') === 'true';
      const records = commands.list(guildOf(call, context));
      return answer(records.map((record) => commandJson(record, applicationId, translations)));
    });
    api.put(base, (call) => replaceAll(call, context));
    api.post(base, (call) => createOne(call, context));
    api.get(`${base}/:command`, (call) =>
      answer(show(commands.get(param(call, 'command'), guildOf(call, context)), context)),
    );
    api.patch(`${base}/:command`, (call) => changeOne(call, context));
    api.delete(`${base}/:command`, (call) => {
      commands.remove(param(call, 'command'), guildOf(call, context));
      return noContent();
    });
  }
}

/** The guild of the path, if it names one; it must have the application. */
function guildOf(call: Call, { applicationId, world }: RestContext): string | undefined {
  if (param(call, 'app') !== applicationId) throw apiError('unknownApplication');
  const id = call.req.param('guild');
  if (id !== undefined && !world.findGuild(id)?.installed) throw apiError('missingAccess');
  return id;
}

function show(record: CommandRecord, { applicationId }: RestContext): unknown {
  return commandJson(record, applicationId, true);
}

async function replaceAll(call: Call, context: RestContext) {
  const guild = guildOf(call, context);
  const { payload } = await readBody(call.req.raw, 0);
  call.set('payload', payload);
  if (!Array.isArray(payload))
    throw formError([
      { path: [], code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' },
    ]);
  const bodies = valid(payload, context);
  return answer(context.commands.replace(bodies, guild).map((record) => show(record, context)));
}

/** Lists found valid, by their JSON: judging one takes 50 ms, and a bot sends the same list at every start. */
const judgedLists = new Map<string, readonly CommandBody[]>();

/** @throws ApiError 50035 with all that Discord would find wrong in a list of commands */
function valid(payload: readonly unknown[], context: RestContext): readonly CommandBody[] {
  const json = JSON.stringify(payload);
  const known = judgedLists.get(json);
  if (known) return known;
  refuse(
    payload.flatMap((body, index) =>
      context.judge('updateCommand', body).map((issue) => ({ ...issue, path: [index, ...issue.path] })),
    ),
  );
  const bodies = payload.map((body) => CommandBody.parse(body));
  refuse([...bodies.flatMap((body, index) => commandIssues(body, [index])), ...duplicateIssues(bodies)]);
  if (judgedLists.size >= 4) judgedLists.clear();
  judgedLists.set(json, bodies);
  return bodies;
}

async function createOne(call: Call, context: RestContext) {
  const guild = guildOf(call, context);
  const { payload } = await judged(call, context, 'createCommand', 0);
  const body = CommandBody.parse(payload);
  refuse(commandIssues(body));
  const { record, created } = context.commands.put(body, guild);
  return answer(show(record, context), created ? 201 : 200);
}

async function changeOne(call: Call, context: RestContext) {
  const { commands } = context;
  const guild = guildOf(call, context);
  const before = commands.get(param(call, 'command'), guild);
  const { payload } = await judged(call, context, 'patchCommand', 0);
  const body = CommandBody.parse({
    ...before.body,
    ...CommandPatch.parse(payload),
    type: before.body.type,
  });
  refuse(commandIssues(body));
  return answer(show(commands.change(before.id, body, guild), context));
}

function refuse(issues: readonly FormIssue[]): void {
  if (issues.length > 0) throw formError(issues);
}
