import { useState } from 'preact/hooks';
import { ask } from '../api.js';
import { useClient } from '../client-context.js';
import { fill } from '../texts.js';
import { useBehindWords } from './backstage-texts.js';
import {
  discordFaults,
  type FaultSwitch,
  faultsAt,
  isOn,
  type Listed,
  mpsFaults,
  switchFaults,
} from './fault-switches.js';
import { Switch } from './switch.js';
import { usePolled } from './use-polling.js';

const speeds = [1, 10, 40, 400] as const;

/** MPS's speed, and the faults of the two stand-ins. */
export function FaultsCard() {
  const client = useClient();
  const words = useBehindWords();
  const [turn, setTurn] = useState(0);
  const now = (path: string): string => `${path}?turn=${turn}`;
  const mps = usePolled<readonly Listed[]>(now(faultsAt.mps), 2_000) ?? [];
  const discord = usePolled<readonly Listed[]>(now(faultsAt.discord), 2_000) ?? [];
  const speed = usePolled<{ readonly speed: number }>(now('/_page/mps/speed'), 2_000)?.speed;

  /** Does it, and looks at once. */
  const act = async (work: Promise<unknown>): Promise<void> => {
    await client.attempt(work);
    setTurn((count) => count + 1);
  };
  const count =
    mpsFaults.filter((each) => isOn(each, mps)).length +
    discordFaults.filter((each) => isOn(each, discord)).length;
  return (
    <details class="card faults">
      <summary class="card-title">
        {words.faults}
        <span class="card-aside">
          {speed === undefined ? '' : `${speed}× · `}
          {count === 0 ? words.allOff : fill(words.switchedOn, count)}
        </span>
      </summary>
      <fieldset class="speeds">
        <legend>{words.speed}</legend>
        {speeds.map((each) => (
          <label key={each} class={speed === each ? 'speed speed-on' : 'speed'}>
            <input
              type="radio"
              name="speed"
              class="unseen"
              checked={speed === each}
              onChange={() => void act(ask('/_page/mps/speed', 'POST', { speed: each }))}
            />
            {each}×
          </label>
        ))}
      </fieldset>
      <Switches
        title={words.mps}
        all={mpsFaults}
        listed={mps}
        onSwitch={(fault, on) => void act(switchFaults(faultsAt.mps, fault, on, mps))}
      />
      <Switches
        title={words.discord}
        all={discordFaults}
        listed={discord}
        onSwitch={(fault, on) => void act(switchFaults(faultsAt.discord, fault, on, discord))}
      />
      <button
        type="button"
        class="button button-secondary"
        onClick={() => void act(ask('/_control/gateway/drop', 'POST', {}))}
      >
        {words.drop}
      </button>
    </details>
  );
}

interface SwitchesProps {
  readonly title: string;
  readonly all: readonly FaultSwitch[];
  readonly listed: readonly Listed[];
  readonly onSwitch: (fault: FaultSwitch, on: boolean) => void;
}

function Switches({ title, all, listed, onSwitch }: SwitchesProps) {
  const words = useBehindWords();
  return (
    <fieldset class="switches">
      <legend>{title}</legend>
      {all.map((fault) => (
        <Switch
          key={fault.name}
          label={words[fault.name]}
          isOn={isOn(fault, listed)}
          onSwitch={(on) => onSwitch(fault, on)}
        />
      ))}
    </fieldset>
  );
}
