import { useEffect, useState } from 'preact/hooks';

/** The time, refreshed every so many ms. */
export function useNow(everyMs: number): number {
  const [now, tell] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => tell(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
