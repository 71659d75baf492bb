import { ask } from '../api.js';
import { useClient } from '../client-context.js';
import { useBehindWords } from './backstage-texts.js';
import { Card } from './card.js';
import { Switch } from './switch.js';
import { usePolled } from './use-polling.js';

/** The answer of the Discord stand-in at `/_control/portal`. */
interface Portal {
  readonly messageContent: boolean;
}

/** Switches of the application in the Developer Portal. A bot reads them at its start, so it is restarted. */
export function PortalCard() {
  const client = useClient();
  const words = useBehindWords();
  const portal = usePolled<Portal>('/_control/portal', 2_000);
  const isOn = portal?.messageContent ?? true;

  async function turn(messageContent: boolean): Promise<void> {
    await ask('/_control/portal', 'PUT', { messageContent });
    for (const each of ['kill', 'start']) await ask(`/_page/bot/${each}`, 'POST');
  }

  return (
    <Card title={words.portal}>
      <Switch label={words.contentIntent} isOn={isOn} onSwitch={(on) => void client.attempt(turn(on))} />
      <p class="card-empty">{isOn ? words.contentOn : words.contentOff}</p>
    </Card>
  );
}
