import { apiError, type FormIssue, formError } from '../api-errors.js';
import { CommandBody, CommandPatch } from '../body-schemas.js';
import { commandIssues, duplicateIssues } from '../interactions/command-rules.js';
import { type CommandRecord, commandJson } from '../interactions/commands.js';
import { readBody } from './request-body.js';
import { type Api, answer, type Call, judged, noContent, param, type RestContext } from './rest-context.js';

/** The application's commands, global and of guilds. Discord docs: Application Commands. */
export function commandRoutes(api: Api, context: RestContext): void {
  const { commands, applicationId, judge, world } = context;

  function guildOf(call: Call): string | undefined {
    if (param(call, 'app') !== applicationId) throw apiError('unknownApplication');
    const id = call.req.param('guild');
    if (id !== undefined && !world.findGuild(id)?.installed) throw apiError('missingAccess');
    return id;
  }

  const show = (record: CommandRecord, translations = true): unknown =>
    commandJson(record, applicationId, translations);

  for (const base of ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands']) {
    api.get(base, (call) => {
      const translations = call.req.query('with_localizations') === 'true';
      return answer(commands.list(guildOf(call)).map((record) => show(record, translations)));
    });
    api.put(base, async (call) => {
      const guild = guildOf(call);
      const { payload } = await readBody(call.req.raw, 0);
      call.set('payload', payload);
      if (!Array.isArray(payload))
        throw formError([
          { path: [], code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' },
        ]);
      refuse(
        payload.flatMap((body: unknown, index) =>
          judge('updateCommand', body).map((issue) => ({ ...issue, path: [index, ...issue.path] })),
        ),
      );
      const bodies = payload.map((body: unknown) => CommandBody.parse(body));
      refuse([...bodies.flatMap((body, index) => commandIssues(body, [index])), ...duplicateIssues(bodies)]);
      return answer(commands.replace(bodies, guild).map((record) => show(record)));
    });
    api.post(base, async (call) => {
      const guild = guildOf(call);
      const { payload } = await judged(call, context, 'createCommand', 0);
      const body = CommandBody.parse(payload);
      refuse(commandIssues(body));
      const { record, created } = commands.put(body, guild);
      return answer(show(record), created ? 201 : 200);
    });
    api.get(`${base}/:command`, (call) => answer(show(commands.get(param(call, 'command'), guildOf(call)))));
    api.patch(`${base}/:command`, async (call) => {
      const guild = guildOf(call);
      const before = commands.get(param(call, 'command'), guild);
      const { payload } = await judged(call, context, 'patchCommand', 0);
      const body = CommandBody.parse({
        ...before.body,
        ...CommandPatch.parse(payload),
        type: before.body.type,
      });
      refuse(commandIssues(body));
      return answer(show(commands.change(before.id, body, guild)));
    });
    api.delete(`${base}/:command`, (call) => {
      commands.remove(param(call, 'command'), guildOf(call));
      return noContent();
    });
  }
}

function refuse(issues: readonly FormIssue[]): void {
  if (issues.length > 0) throw formError(issues);
}
