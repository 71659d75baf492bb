import { useEffect, useState } from 'preact/hooks';
import type { CommandOption } from '../../src/page/wire.js';
import { api, type OptionValue } from '../api.js';
import { useClient, useSeen } from '../client-context.js';
import { choiceRows, type Filled, type Row } from './option-validation.js';

/** ms without a key before the bot is asked. */
const pauseMs = 150;

interface Question {
  readonly option: CommandOption;
  readonly command: string;
  readonly filled: Filled;
  readonly context: () => Readonly<Record<string, OptionValue>>;
  readonly isActive: boolean;
}

interface Answer {
  readonly rows: readonly Row[] | undefined;
  readonly isLoading: boolean;
}

/** The bot's choices for an option while it is typed; the last answer stays until the next one arrives. */
export function useChoices({ option, command, filled, context, isActive }: Question): Answer {
  const client = useClient();
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  const [answer, setAnswer] = useState<Answer>({ rows: undefined, isLoading: false });
  const isAsked = isActive && (option.autocomplete ?? false);
  const typed = filled.value === undefined ? filled.text : String(filled.value);

  useEffect(() => {
    if (!isAsked) return;
    let isOver = false;
    setAnswer((before) => ({ ...before, isLoading: true }));
    const timer = setTimeout(async () => {
      const options = { ...context(), [option.name]: typed };
      const reply = await api
        .choices(client.userContext(), command, options, option.name)
        .catch(() => undefined);
      if (!isOver) setAnswer({ rows: choiceRows(reply?.choices ?? [], locale), isLoading: false });
    }, pauseMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isAsked, typed, command, option.name]);
  return answer;
}
