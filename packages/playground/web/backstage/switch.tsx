import { useEffect, useState } from 'preact/hooks';

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onSwitch: (on: boolean) => void;
}

/** ms that a switch keeps its set position, whatever is read meanwhile. */
const settlingMs = 2_500;

/** A switch that keeps its set position until the state has followed. */
export function Switch({ label, isOn: isSet, onSwitch }: SwitchProps) {
  const [wanted, setWanted] = useState<boolean>();
  useEffect(() => {
    if (wanted === undefined) return;
    const timer = setTimeout(() => setWanted(undefined), wanted === isSet ? 0 : settlingMs);
    return () => clearTimeout(timer);
  }, [wanted, isSet]);
  const shown = wanted ?? isSet;
  return (
    <label class="switch">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        checked={shown}
        aria-checked={shown}
        onChange={(event) => {
          setWanted(event.currentTarget.checked);
          onSwitch(event.currentTarget.checked);
        }}
      />
    </label>
  );
}
