import type { CommandBody } from '@easel/discord-stand-in';

/** Buttons that show or end something, by their labels or custom ids. */
const tellsOnly =
  /details|why|delete|dismiss|discard|cancel|release|stop waiting|quiet|page|详情|詳情|詳細|detalles|détails|dettagli|세부 정보|szczegóły|detalhes|подробности|ayrıntılar|chi tiết|原因|删除|取消|放弃|不再等待/i;

/** Messages to the bot that don't describe a picture. */
const smallTalk = /^\W*(help|hello|hi|hey|thanks?|thank you|帮助|你好|谢谢)\W*$/iu;

/**
 * Whether a line asks for a file, so that words alone are a refusal: a command with a prompt, a button or menu entry that
 * orders, a reply, a mention that describes something. Any other line is answered by words.
 */
export function asksForFile(line: string, commands: readonly CommandBody[]): boolean {
  const [, verb, rest = ''] = /^(press|apps|reply):\s*(.*)$/s.exec(line) ?? [];
  if (verb === 'press') return !tellsOnly.test(rest);
  if (verb !== undefined) return true;
  const [, name] = /^\/(\S+)/.exec(line) ?? [];
  if (name === undefined) return !smallTalk.test(line.replace(/@\S+/, ''));
  const command = commands.find((each) => each.name === name);
  return command?.options?.some((option) => option.name === 'prompt') ?? false;
}
